//! The engine's end of a link with a tool's process: frames with a limit, a deadline and a monitor.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, write};
use voidstate_codec::HEADER_BYTES;
use voidstate_protocol::{Direction, Machine, Monitor, Role, Violation, parse};

use super::TOOL_COORDINATION;
use super::child::{Pipes, Process, told};
use super::wire::{FRAME, FRAME_BYTES_MAX, ToEngine, ToTool};
use crate::engine::Rationed;

/// How much of a child's standard error is kept.
const ERRORS_BYTES_MAX: usize = 512;
/// How long a child whose pipes are closed may take to be gone.
const GONE_WITHIN: Duration = Duration::from_millis(200);
/// How long a child may take to end when it is told to.
const ENDS_WITHIN: Duration = Duration::from_millis(250);

/// The engine's machine; none only if the text of the protocol were wrong, which a test rules out.
static ENGINE: LazyLock<Option<Arc<Machine>>> = LazyLock::new(|| machine("engine"));

/// The machine of a role of the protocol.
pub(super) fn machine(role: &str) -> Option<Arc<Machine>> {
    let protocols = parse(TOOL_COORDINATION).ok()?;
    let local = protocols.first()?.project(&Role::new(role)).ok()?;
    Some(Arc::new(local.machine()))
}

/// Why a link is over.
#[derive(Debug)]
pub(super) enum Lost {
    /// The other end closed.
    Ended,
    /// It did not answer in time.
    Late,
    /// It did what it may not, as told.
    Broke(String),
    /// The system refused.
    System(io::Error),
}

/// The engine's end of a link.
#[derive(Debug)]
pub(super) struct Link {
    to: OwnedFd,
    from: OwnedFd,
    errors: Option<OwnedFd>,
    process: Option<Process>,
    monitor: Option<Monitor>,
    inbox: Vec<u8>,
    /// The end of what it wrote to its standard error.
    wrote: Vec<u8>,
    limit: Duration,
    is_over: bool,
}

impl Link {
    pub(super) fn new(pipes: Pipes, process: Option<Process>, limit: Duration) -> Self {
        Self {
            to: pipes.to,
            from: pipes.from,
            errors: pipes.errors,
            process,
            monitor: ENGINE
                .as_ref()
                .map(|machine| Monitor::new(Arc::clone(machine))),
            inbox: Vec::new(),
            wrote: Vec::new(),
            limit,
            is_over: false,
        }
    }

    /// By when a call that begins now must be over.
    pub(super) fn until(&self) -> Instant {
        Instant::now() + self.limit
    }

    fn step(&mut self, direction: Direction, label: &str) -> Result<(), Lost> {
        let Some(monitor) = &mut self.monitor else {
            return Err(Lost::Broke("there is no protocol to hold it to".to_owned()));
        };
        monitor
            .step(direction, "tool", label, None)
            .map_err(|violation| {
                let expected = match violation {
                    Violation::Unexpected { .. } => awaited(monitor),
                    other => other.to_string(),
                };
                Lost::Broke(format!("it sent {label} where {expected} was expected"))
            })
    }

    pub(super) fn send(&mut self, message: &ToTool, until: Instant) -> Result<(), Lost> {
        // Nothing is due from it when it is our turn.
        self.take_in()?;
        if !self.inbox.is_empty() {
            return Err(self.out_of_turn(until));
        }
        self.step(Direction::Send, message.label())?;
        let frame = FRAME.encode(message);
        let frame = frame.map_err(|error| Lost::Broke(format!("it cannot be told: {error}")))?;
        if frame.len() > FRAME_BYTES_MAX {
            let bytes = frame.len();
            return Err(Lost::Broke(format!(
                "what it was to be told has {bytes} bytes, at most {FRAME_BYTES_MAX} are sent"
            )));
        }
        let mut rest = frame.as_slice();
        while !rest.is_empty() {
            match write(&self.to, rest) {
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(Errno::AGAIN) => self.wait(until, PollFlags::OUT)?,
                Err(Errno::INTR) => {}
                Err(Errno::PIPE) => return Err(Lost::Ended),
                Err(error) => return Err(Lost::System(error.into())),
            }
        }
        Ok(())
    }

    /// What it said although it was not its turn.
    fn out_of_turn(&mut self, until: Instant) -> Lost {
        let until = until.min(Instant::now() + Duration::from_millis(50));
        match self.receive(until) {
            Err(lost @ Lost::Broke(_)) => lost,
            _ => Lost::Broke("it spoke before it was asked".to_owned()),
        }
    }

    pub(super) fn receive(&mut self, until: Instant) -> Result<ToEngine, Lost> {
        loop {
            // Who keeps us busy is not in time either.
            if Instant::now() > until + self.limit / 2 {
                return Err(Lost::Late);
            }
            if let Some(length) = self.frame_length()?
                && self.inbox.len() >= length
            {
                let rest = self.inbox.split_off(length);
                let frame = std::mem::replace(&mut self.inbox, rest);
                let record = FRAME.open(&frame);
                let message = record.and_then(|record| record.decode::<Rationed<ToEngine>>());
                let Rationed(message) =
                    message.map_err(|error| Lost::Broke(format!("it sent no frame: {error}")))?;
                self.step(Direction::Receive, message.label())?;
                return Ok(message);
            }
            if !self.take_in()? {
                self.wait(until, PollFlags::IN)?;
            }
        }
    }

    /// Bytes of the frame at the head of the inbox, once its header is there.
    fn frame_length(&self) -> Result<Option<usize>, Lost> {
        length_of(&self.inbox).map_err(|error| Lost::Broke(format!("it sent no frame: {error}")))
    }

    /// Reads what is there and at most a frame; false when there is nothing.
    fn take_in(&mut self) -> Result<bool, Lost> {
        self.listen();
        let mut buffer = [0_u8; 16 << 10];
        match read(&self.from, &mut buffer) {
            Ok(0) => Err(Lost::Ended),
            Ok(count) => {
                self.inbox
                    .extend_from_slice(buffer.get(..count).unwrap_or_default());
                Ok(true)
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(false),
            Err(error) => Err(Lost::System(error.into())),
        }
    }

    /// Takes what it wrote to its standard error, so that it never waits for us there.
    fn listen(&mut self) {
        let Some(errors) = &self.errors else { return };
        let mut buffer = [0_u8; 4 << 10];
        // A few rounds, so that one who never stops writing does not keep us here.
        for _ in 0..16 {
            match read(errors, &mut buffer) {
                Ok(0) => {
                    self.errors = None;
                    return;
                }
                Ok(count) => {
                    self.wrote
                        .extend_from_slice(buffer.get(..count).unwrap_or_default());
                    let surplus = self.wrote.len().saturating_sub(ERRORS_BYTES_MAX);
                    self.wrote.drain(..surplus);
                }
                Err(Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }

    /// Waits until it can be read from or written to, or writes to its standard error.
    fn wait(&mut self, until: Instant, what: PollFlags) -> Result<(), Lost> {
        let left = until.saturating_duration_since(Instant::now());
        let end = if what == PollFlags::IN {
            &self.from
        } else {
            &self.to
        };
        let mut ends = vec![PollFd::new(end, what)];
        ends.extend(self.errors.iter().map(|e| PollFd::new(e, PollFlags::IN)));
        let timeout = Timespec::try_from(left).unwrap_or(Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        });
        let ready = match poll(&mut ends, Some(&timeout)) {
            Ok(ready) => ready,
            Err(Errno::INTR) => 1,
            Err(error) => return Err(Lost::System(error.into())),
        };
        drop(ends);
        self.listen();
        // One last look when time is up: a machine on which nothing ran for a while makes nobody guilty.
        if ready == 0 && left.is_zero() {
            return Err(Lost::Late);
        }
        Ok(())
    }

    /// Ends the process, and says what became of it.
    pub(super) fn bury(&mut self, lost: &Lost, doing: &str) -> String {
        self.is_over = true;
        let status = match (lost, &mut self.process) {
            (Lost::Ended, Some(process)) => process.ended(GONE_WITHIN),
            _ => None,
        };
        if let Some(process) = &mut self.process {
            process.kill();
        }
        self.listen();
        let fate = match (lost, status) {
            (Lost::Ended, Some(status)) => format!("its process {} while {doing}", told(status)),
            (Lost::Ended, None) => {
                format!("its process closed its output while {doing} and was killed")
            }
            (Lost::Late, _) => format!(
                "its process did not answer within {:?} while {doing} and was killed",
                self.limit
            ),
            (Lost::Broke(how), _) => format!("{how} while {doing}; its process was killed"),
            (Lost::System(error), _) => {
                format!("its process cannot be reached while {doing} ({error}) and was killed")
            }
        };
        let wrote = String::from_utf8_lossy(&self.wrote);
        let wrote = wrote.trim();
        if wrote.is_empty() {
            return fate;
        }
        format!("{fate}; its last words were {wrote:?}")
    }

    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }
}

/// The labels that may come or go now, in words.
fn awaited(monitor: &Monitor) -> String {
    let mut labels: Vec<&str> = monitor
        .expected()
        .iter()
        .filter(|t| t.direction == Direction::Receive)
        .map(|t| &*t.label)
        .collect();
    labels.dedup();
    if labels.is_empty() {
        return "nothing".to_owned();
    }
    labels.join(" or ")
}

/// How every frame begins: magic, kind and version.
static BEGINNING: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut frame = FRAME.encode(&()).unwrap_or_default();
    frame.truncate(10);
    frame
});

/// Bytes of the frame at the head of `bytes`, once its header is there.
pub(super) fn length_of(bytes: &[u8]) -> Result<Option<usize>, String> {
    if bytes
        .iter()
        .zip(&*BEGINNING)
        .any(|(is, should)| is != should)
    {
        let head = bytes.get(..bytes.len().min(16)).unwrap_or_default();
        return Err(format!(
            "it begins with {:?}",
            String::from_utf8_lossy(head)
        ));
    }
    let Some(length) = bytes.get(10..14).filter(|_| bytes.len() >= HEADER_BYTES) else {
        return Ok(None);
    };
    let length = length
        .iter()
        .rev()
        .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    if length + HEADER_BYTES > FRAME_BYTES_MAX {
        return Err(format!(
            "it claims {length} bytes, at most {FRAME_BYTES_MAX} are read"
        ));
    }
    Ok(Some(length + HEADER_BYTES))
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let until = Instant::now() + ENDS_WITHIN;
        let may_go = self.monitor.as_ref().is_some_and(|monitor| {
            let labels = monitor.expected().iter().map(|t| &*t.label);
            labels.into_iter().any(|label| label == "Cancel")
        });
        // It is asked to end, and killed below if it does not.
        if may_go && self.send(&ToTool::Cancel, until).is_ok() {
            let left = until.saturating_duration_since(Instant::now());
            if let Some(process) = &mut self.process {
                let _ = process.ended(left);
            }
        }
    }
}
