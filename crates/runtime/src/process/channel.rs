//! The two pipes of a tool's process, as a channel of the protocol.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::task::{Context, Poll};

use voidstate_session::{Channel, Fault, Labelled as _, Leaving};

use super::line::Message;
use super::link::length_of;
use super::wire::{FRAME, FRAME_BYTES_MAX, ToEngine, ToTool};
use crate::error::{Error, Result};

/// The link as a channel of the protocol: every call blocks. It has no word for leaving but its end.
#[derive(Debug)]
pub(super) struct Frames {
    /// None after a fault, and once it was left.
    ends: Option<Ends>,
}

impl Frames {
    pub(super) fn new(from: File, to: File) -> Self {
        Self {
            ends: Some(Ends { from, to }),
        }
    }

    /// Errors travel whole within those of the session, from which [`step`](super::line::step) takes them out.
    fn attempt<T>(
        &mut self,
        call: impl FnOnce(&mut Ends) -> Result<T>,
    ) -> Poll<std::result::Result<T, Fault>> {
        let Some(ends) = &mut self.ends else {
            return Poll::Ready(Err(Fault::Closed));
        };
        let done = call(ends);
        if done.is_err() {
            self.ends = None;
        }
        Poll::Ready(done.map_err(|error| Fault::Io(io::Error::other(error))))
    }
}

impl Channel<Message> for Frames {
    fn poll_send(
        &mut self,
        message: &mut Option<Message>,
        _: &mut Context<'_>,
    ) -> Poll<std::result::Result<(), Fault>> {
        match message.take() {
            Some(message) => self.attempt(|ends| ends.send(&outgoing(message)?)),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_receive(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<Message, Fault>> {
        self.attempt(|ends| Ok(incoming(ends.receive()?)))
    }

    fn close(&mut self, _: Leaving) {
        self.ends = None;
    }
}

fn outgoing(message: Message) -> Result<ToEngine> {
    match message {
        Message::Ready(response) => Ok(ToEngine::Ready(response)),
        Message::Refused(why) => Ok(ToEngine::Refused(why)),
        Message::Ask(question) => Ok(ToEngine::Ask(question)),
        Message::Complete(complete) => Ok(ToEngine::Complete(complete)),
        other @ (Message::Init(_) | Message::Start(_) | Message::Answer(_) | Message::Cancel) => {
            let what = format!("`{}` is not sent by `tool`", other.label());
            Err(Error::HostProtocol { what })
        }
    }
}

fn incoming(message: ToTool) -> Message {
    match message {
        ToTool::Init(request) => Message::Init(request),
        ToTool::Start(work) => Message::Start(work),
        ToTool::Answer(answer) => Message::Answer(answer),
        ToTool::Cancel => Message::Cancel,
    }
}

/// Two pipes with frames on them.
#[derive(Debug)]
struct Ends {
    from: File,
    to: File,
}

impl Ends {
    fn receive(&mut self) -> Result<ToTool> {
        let mut frame = Vec::new();
        let length = loop {
            if let Some(length) = length_of(&frame).map_err(|what| Error::HostFrame { what })? {
                break length;
            }
            let filled = self.fill(&mut frame, voidstate_codec::HEADER_BYTES);
            // What is no frame is told rather than that it is short.
            length_of(&frame).map_err(|what| Error::HostFrame { what })?;
            filled?;
        };
        self.fill(&mut frame, length)?;
        let record = FRAME.open(&frame);
        (record.and_then(|record| record.decode())).map_err(|error| {
            let what = error.to_string();
            Error::HostFrame { what }
        })
    }

    fn fill(&mut self, frame: &mut Vec<u8>, up_to: usize) -> Result<()> {
        let left = up_to.saturating_sub(frame.len()) as u64;
        let read = (&mut self.from).take(left).read_to_end(frame);
        let read = read.map_err(|cause| Error::HostPipe {
            doing: "read",
            cause,
        })?;
        if (read as u64) < left {
            return Err(Error::HostPipe {
                doing: "read",
                cause: io::ErrorKind::UnexpectedEof.into(),
            });
        }
        Ok(())
    }

    fn send(&mut self, message: &ToEngine) -> Result<()> {
        let frame = FRAME.encode(message).map_err(|error| Error::HostFrame {
            what: error.to_string(),
        })?;
        if frame.len() > FRAME_BYTES_MAX {
            return Err(Error::HostFrame {
                what: format!(
                    "it has {} bytes, at most {FRAME_BYTES_MAX} are sent",
                    frame.len()
                ),
            });
        }
        self.to.write_all(&frame).map_err(|cause| Error::HostPipe {
            doing: "written",
            cause,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::pipe;

    use voidstate_core::Attributes;
    use voidstate_session::blocking::block_on;

    use super::*;
    use crate::process::wire::{Answer, InitRequest, StartWork};

    #[test]
    fn a_frame_that_is_too_long_is_not_sent() {
        let (from, _to_host) = pipe().unwrap();
        let (mut from_host, to) = pipe().unwrap();
        let [from, to] = [from.into(), to.into()].map(|end: std::os::fd::OwnedFd| File::from(end));
        let mut frames = Frames::new(from, to);
        let refused = Message::Refused("x".repeat(FRAME_BYTES_MAX));
        let told = block_on(frames.send(refused)).unwrap_err().to_string();
        assert!(told.contains("at most 16777216 are sent"), "{told}");
        let after = block_on(frames.send(Message::Refused(String::new())));
        assert!(matches!(after, Err(Fault::Closed)), "{after:?}");
        let after = block_on(frames.receive());
        assert!(matches!(after, Err(Fault::Closed)), "{after:?}");
        let mut sent = Vec::new();
        from_host.read_to_end(&mut sent).unwrap();
        assert!(sent.is_empty());
    }

    #[test]
    fn what_an_engine_says_is_not_sent_by_a_host() {
        let init = InitRequest {
            tool: "tool".parse().unwrap(),
            config: Attributes::default(),
            shard: 0,
            shards: 1,
        };
        for message in [
            ToTool::Init(Box::new(init)),
            ToTool::Start(Box::new(StartWork::Save)),
            ToTool::Answer(Box::new(Ok(Answer::Nothing))),
            ToTool::Cancel,
        ] {
            let label = message.label();
            let told = outgoing(incoming(message)).unwrap_err().to_string();
            assert!(
                told.contains(&format!("`{label}` is not sent by `tool`")),
                "{told}"
            );
        }
    }
}
