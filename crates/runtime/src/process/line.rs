//! The typed end of a link that a tool's process holds: no step out of turn compiles.

use std::fs::File;

use voidstate_session::blocking::block_on;

use super::channel::Frames;
use super::wire;
use crate::engine::Fault;
use crate::error::{Error, Result};

// What the labels of the protocol carry, as frames have it.
type InitRequest = Box<wire::InitRequest>;
type InitResponse = Box<wire::InitResponse>;
type StartWork = Box<wire::StartWork>;
type Question = Box<wire::Question>;
type Answer = Box<std::result::Result<wire::Answer, Fault>>;
type WorkComplete = Box<wire::WorkComplete>;
type Refusal = String;

voidstate_session::protocol_file!(pub(super) "src/process/tool-coordination.vsp");

pub(super) use tool_coordination::Message;
use tool_coordination::tool;

/// Nothing was said yet.
pub(super) type Initial = tool::Initial<Frames>;
/// Work may be started.
pub(super) type Serving = tool::OfferCancelOrStart<Frames>;
/// Work is being done: the tool asks or completes.
pub(super) type Working = tool::ChooseAskOrComplete<Frames>;
/// The protocol is over.
pub(super) type End = tool::End<Frames>;
/// What the engine wants of a tool that serves.
pub(super) use tool::CancelOrStart as Next;

/// Begins the protocol over two pipes.
pub(super) fn start(from: File, to: File) -> Initial {
    let engine = Frames::new(from, to);
    tool::start(tool::Peers { engine })
}

/// Takes a step of the protocol, which blocks: a tool's process has nothing else to do.
pub(super) fn step<T>(
    step: impl Future<Output = std::result::Result<T, voidstate_session::Error>>,
) -> Result<T> {
    block_on(step).map_err(|error| {
        let what = match error {
            voidstate_session::Error::Channel {
                fault: voidstate_session::Fault::Io(cause),
                ..
            } => match cause.downcast::<Error>() {
                Ok(error) => return error,
                Err(cause) => cause.to_string(),
            },
            voidstate_session::Error::Unexpected {
                found, expected, ..
            } => format!("`{found}` came to `tool` where {expected} was expected"),
            other => other.to_string(),
        };
        Error::HostProtocol { what }
    })
}

/// The link while the tool works: what its context asks with.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// None between works, while an answer is waited for, and once the link broke.
    working: Option<Working>,
    /// Why nothing can be asked any more.
    broken: Option<Error>,
}

impl Line {
    /// The tool works from now on.
    pub(super) fn begin(&mut self, working: Working) {
        self.working = Some(working);
    }

    /// Asks the engine on the tool's behalf.
    pub(super) fn ask(&mut self, question: wire::Question) -> voidstate_core::Result<wire::Answer> {
        let asked = self.take().and_then(|working| {
            step(async {
                let asked = working.send_ask(Box::new(question)).await?;
                asked.receive().await
            })
        });
        match asked {
            Ok((answer, working)) => {
                self.working = Some(working);
                answer.map_err(Into::into)
            }
            Err(error) => {
                self.broken = Some(error);
                Err(voidstate_core::Error::Unavailable {
                    what: "the engine",
                    reason: "the link with it is broken",
                })
            }
        }
    }

    /// What the work goes on from: to ask, or to complete.
    ///
    /// # Errors
    /// Why the link broke; [`Error::HostProtocol`] when no work is being done, or its state was lost on the way.
    pub(super) fn take(&mut self) -> Result<Working> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        self.working.take().ok_or_else(|| Error::HostProtocol {
            what: "there is no work to ask for or to complete".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read as _, Write as _, pipe};
    use std::sync::{Arc, Mutex};

    use voidstate_core::{Attributes, Config, Ctx, Firing, Placement, Tool, ToolFactory, ToolMeta};

    use super::*;
    use crate::engine::lock;
    use crate::process::host;
    use crate::process::link::length_of;
    use crate::process::wire::{FRAME, ToEngine, ToTool};

    /// What a tool was told when it asked in vain.
    type Lost = Arc<Mutex<Vec<String>>>;

    /// Asks for the time twice at every tick, whatever came of the first.
    struct Asks(ToolMeta, Lost);

    struct Asking(Lost);

    impl Tool for Asking {
        fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> voidstate_core::Result<()> {
            Ok(())
        }

        fn tick(&mut self, ctx: &mut dyn Ctx) -> voidstate_core::Result<()> {
            for _ in 0..2 {
                if let Err(error) = ctx.now() {
                    lock(&self.0).push(error.to_string());
                }
            }
            Ok(())
        }
    }

    impl ToolFactory for Asks {
        fn meta(&self) -> &ToolMeta {
            &self.0
        }

        fn create(&self, _: &Config, _: Placement) -> voidstate_core::Result<Box<dyn Tool>> {
            Ok(Box::new(Asking(Arc::clone(&self.1))))
        }
    }

    /// What becomes of a host to which an engine says all this and no more, the labels of what it says itself, and how often
    /// its tool asked in vain.
    fn hosted(said: &[ToTool]) -> (Result<()>, Vec<&'static str>, usize) {
        let lost = Lost::default();
        let meta = ToolMeta::new("asks", "host.**", "made for a test").unwrap();
        let tools: [Arc<dyn ToolFactory>; 1] = [Arc::new(Asks(meta, Arc::clone(&lost)))];
        let (input, mut to_host) = pipe().unwrap();
        let (mut from_host, output) = pipe().unwrap();
        for message in said {
            to_host.write_all(&FRAME.encode(message).unwrap()).unwrap();
        }
        drop(to_host);
        let ended = host(&tools, &input, &output);
        drop(output);
        let mut bytes = Vec::new();
        from_host.read_to_end(&mut bytes).unwrap();
        let mut labels = Vec::new();
        let mut rest = bytes.as_slice();
        while let Some(length) = length_of(rest).unwrap() {
            let (frame, behind) = rest.split_at(length);
            labels.push(FRAME.decode::<ToEngine>(frame).unwrap().label());
            rest = behind;
        }
        let lost = lock(&lost);
        for told in &*lost {
            assert!(told.contains("the link with it is broken"), "{told}");
        }
        (ended, labels, lost.len())
    }

    fn init(tool: &str) -> ToTool {
        ToTool::Init(Box::new(wire::InitRequest {
            tool: tool.parse().unwrap(),
            config: Attributes::default(),
            shard: 0,
            shards: 1,
        }))
    }

    fn start(work: wire::StartWork) -> ToTool {
        ToTool::Start(Box::new(work))
    }

    fn answer() -> ToTool {
        ToTool::Answer(Box::new(Ok(wire::Answer::Bits(1))))
    }

    #[test]
    fn whatever_comes_out_of_turn_to_a_host_is_told() {
        let tick = || start(wire::StartWork::Tick(Vec::new()));
        let finish = || start(wire::StartWork::Finish(Vec::new()));
        for (said, came, expected, says) in [
            (vec![tick()], "Start", "`Init`", vec![]),
            (
                vec![init("asks"), answer()],
                "Answer",
                "`Cancel` or `Start`",
                vec!["Ready"],
            ),
            (
                vec![init("asks"), finish(), init("asks")],
                "Init",
                "`Cancel` or `Start`",
                vec!["Ready", "Complete"],
            ),
            (
                vec![init("asks"), tick(), ToTool::Cancel],
                "Cancel",
                "`Answer`",
                vec!["Ready", "Ask"],
            ),
        ] {
            let (ended, labels, lost) = hosted(&said);
            let told = ended.unwrap_err().to_string();
            let expected = format!("`{came}` came to `tool` where {expected} was expected");
            assert!(told.contains(&expected), "{told}");
            assert_eq!(labels, says);
            assert_eq!(lost, if says.contains(&"Ask") { 2 } else { 0 });
        }
    }

    #[test]
    fn an_engine_that_is_gone_ends_a_host_and_breaks_off_its_work() {
        let (ended, labels, lost) = hosted(&[init("asks")]);
        ended.unwrap();
        assert_eq!((labels.as_slice(), lost), (["Ready"].as_slice(), 0));
        let (ended, labels, lost) = hosted(&[init("asks"), ToTool::Cancel]);
        ended.unwrap();
        assert_eq!((labels.as_slice(), lost), (["Ready"].as_slice(), 0));
        let (ended, labels, lost) = hosted(&[init("other")]);
        ended.unwrap();
        assert_eq!((labels.as_slice(), lost), (["Refused"].as_slice(), 0));
        let (ended, labels, lost) =
            hosted(&[init("asks"), start(wire::StartWork::Tick(Vec::new()))]);
        let Err(Error::HostPipe { doing, cause }) = ended else {
            panic!("it is no end of a pipe: {ended:?}");
        };
        assert_eq!(
            (doing, cause.kind()),
            ("read", io::ErrorKind::UnexpectedEof)
        );
        assert_eq!((labels.as_slice(), lost), (["Ready", "Ask"].as_slice(), 2));
    }

    #[test]
    fn a_state_that_was_lost_is_told() {
        let mut line = Line::default();
        let lost = line.ask(wire::Question::Now).unwrap_err().to_string();
        assert!(lost.contains("the link with it is broken"), "{lost}");
        let told = line.take().unwrap_err().to_string();
        assert!(told.contains("no work to ask for or to complete"), "{told}");
        assert!(matches!(line.take(), Err(Error::HostProtocol { .. })));
    }
}
