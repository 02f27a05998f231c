//! The watcher's end: a source that attaches to a program.

use std::io::{ErrorKind, Read};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use voidstate_core::{Emitter, Next, Overflow, Source, SourceInfo, Timestamp};

use crate::intake::Intake;
use crate::wire::{Cutter, FRAME, Frame, HELLO, Hello};
use crate::{Error, socket};

/// How long one poll works at most.
const BUDGET: Duration = Duration::from_millis(30);
/// When to look again after everything was read.
const PAUSE: Duration = Duration::from_millis(20);
/// Back-off between attempts to connect again: doubled from the first to the last.
const BACKOFF_FIRST: Duration = Duration::from_millis(250);
const BACKOFF_LAST: Duration = Duration::from_secs(10);

/// Brings the signals of one watched program.
///
/// A poll never waits for the program. When the program goes away, that is said once
/// ([`Emitter::degraded`], "program exited"), and the source connects again with a back-off of 250 ms to 10 s until a
/// program listens there again. Every series and signal bears the label or attribute `program`, unless the program set
/// it itself.
///
/// Memory is bounded whatever the peer sends: one unfinished record (256 KiB) and the two tables (4096 series over all
/// connections, 8192 texts, 4 MiB together per connection).
#[derive(Debug)]
pub struct AttachSource {
    path: PathBuf,
    link: Link,
    intake: Intake,
    backoff: Duration,
}

#[derive(Debug)]
enum Link {
    Open(Box<Connection>),
    Waiting { since: Option<Timestamp> },
}

#[derive(Debug)]
struct Connection {
    stream: UnixStream,
    cutter: Cutter,
    greeted: Option<Hello>,
}

impl AttachSource {
    /// Attaches to the program that listens at `path`, without waiting for its greeting.
    ///
    /// # Errors
    /// [`Error::Connect`] when nobody listens there or it may not be reached.
    pub fn connect(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let stream = socket::connect(&path).map_err(|cause| Error::Connect {
            path: path.clone(),
            cause,
        })?;
        let link = Link::Open(Box::new(Connection::new(stream)));
        Ok(Self {
            path,
            link,
            intake: Intake::default(),
            backoff: BACKOFF_FIRST,
        })
    }

    /// The socket.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Name and process id of the program, once it has greeted.
    #[must_use]
    pub fn program(&self) -> Option<(&str, u32)> {
        match &self.link {
            Link::Open(connection) => connection
                .greeted
                .as_ref()
                .map(|hello| (hello.program.as_str(), hello.pid)),
            Link::Waiting { .. } => None,
        }
    }

    fn part(&self) -> String {
        match self.program() {
            Some((name, _)) => format!("program {name:?} at {}", self.path.display()),
            None => format!("program at {}", self.path.display()),
        }
    }

    fn lose(&mut self, reason: &str, now: Timestamp, out: &mut dyn Emitter) -> Next {
        out.degraded(&self.part(), reason);
        self.link = Link::Waiting { since: Some(now) };
        self.intake.forget_tables();
        Next::At(now.saturating_add(self.backoff))
    }

    fn try_again(&mut self, since: Option<Timestamp>, now: Timestamp) -> Next {
        let due = since.map_or(now, |since| since.saturating_add(self.backoff));
        // A clock that was set back must not make the wait longer than one back-off.
        let due = due.min(now.saturating_add(self.backoff));
        if now < due {
            return Next::At(due);
        }
        match socket::connect(&self.path) {
            Ok(stream) => {
                self.link = Link::Open(Box::new(Connection::new(stream)));
                Next::Now
            }
            Err(_) => {
                self.backoff = (self.backoff * 2).min(BACKOFF_LAST);
                self.link = Link::Waiting { since: Some(now) };
                Next::At(now.saturating_add(self.backoff))
            }
        }
    }
}

impl Connection {
    fn new(stream: UnixStream) -> Self {
        Self {
            stream,
            cutter: Cutter::default(),
            greeted: None,
        }
    }
}

/// What one look at a connection brought.
enum Look {
    More,
    Idle,
    Gone(String),
}

impl Connection {
    /// Reads once and takes every whole record.
    fn look(&mut self, intake: &mut Intake, out: &mut dyn Emitter) -> Look {
        let mut bytes = [0; 16 << 10];
        let read = match self.stream.read(&mut bytes) {
            Ok(0) => return Look::Gone("program exited".to_owned()),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Look::More,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Look::Idle,
            Err(error) => return Look::Gone(format!("program exited: {error}")),
        };
        self.cutter.feed(bytes.get(..read).unwrap_or_default());
        match self.take(intake, out) {
            Ok(()) => Look::More,
            Err(error) => Look::Gone(with_causes(&error)),
        }
    }

    fn take(&mut self, intake: &mut Intake, out: &mut dyn Emitter) -> Result<(), Error> {
        if self.greeted.is_none() {
            let Some(hello) = self.cutter.next::<Hello>(HELLO)? else {
                return Ok(());
            };
            if hello.program.len() > 128 {
                let found = hello.program.len() as u64;
                return Err(Error::Protocol {
                    rule: "bytes of a program's name",
                    limit: 128,
                    found,
                });
            }
            intake.set_program(&hello.program);
            self.greeted = Some(hello);
        }
        while let Some(frame) = self.cutter.next::<Frame>(FRAME)? {
            intake.take(frame, out)?;
        }
        Ok(())
    }
}

fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

impl Source for AttachSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: "embed".to_owned(),
            description: format!("a program watched from inside, at {}", self.path.display()),
            overflow: Overflow::Drop,
        }
    }

    fn poll(&mut self, now: Timestamp, out: &mut dyn Emitter) -> voidstate_core::Result<Next> {
        let connection = match &mut self.link {
            Link::Open(connection) => connection,
            Link::Waiting { since } => {
                let since = *since;
                return Ok(self.try_again(since, now));
            }
        };
        let start = Instant::now();
        while start.elapsed() < BUDGET && !out.is_cancelled() {
            match connection.look(&mut self.intake, out) {
                Look::More => {
                    if connection.greeted.is_some() {
                        self.backoff = BACKOFF_FIRST;
                    }
                }
                Look::Idle => return Ok(Next::At(now.saturating_add(PAUSE))),
                Look::Gone(reason) => return Ok(self.lose(&reason, now, out)),
            }
        }
        Ok(Next::Now)
    }
}
