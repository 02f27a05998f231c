//! The tool's end of a link: a process that is one instance of a tool.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use voidstate_core::{
    Config, Firing, Placement, SeriesId, SeriesKey, Signal, SignalRef, Tool, ToolFactory,
};
use voidstate_protocol::{Direction, Monitor};

use super::hosted::Hosted;
use super::link::{length_of, machine};
use super::wire::{
    Answer, FRAME, FRAME_BYTES_MAX, Heard, InitRequest, InitResponse, Outcome, Question, Seen,
    StartWork, ToEngine, ToTool, WorkComplete,
};
use crate::engine::{Fault, discard, lock, panic_message};
use crate::error::{Error, Result};

/// How long a process outlives the engine.
const OUTLIVES: Duration = Duration::from_millis(500);

/// The link as the tool's process has it: blocking, for it has nothing else to do.
pub(super) struct Line {
    from: File,
    to: File,
    monitor: Monitor,
    /// Why nothing can be asked any more.
    broken: Option<Error>,
}

impl Line {
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
        let message: ToTool = (record.and_then(|record| record.decode())).map_err(|error| {
            let what = error.to_string();
            Error::HostFrame { what }
        })?;
        self.step(Direction::Receive, message.label())?;
        Ok(message)
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
        self.step(Direction::Send, message.label())?;
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

    fn step(&mut self, direction: Direction, label: &str) -> Result<()> {
        let stepped = self.monitor.step(direction, "engine", label, None);
        stepped.map_err(|violation| Error::HostProtocol {
            what: violation.to_string(),
        })
    }

    /// Asks the engine on the tool's behalf.
    pub(super) fn ask(&mut self, question: Question) -> voidstate_core::Result<Answer> {
        let lost = || voidstate_core::Error::Unavailable {
            what: "the engine",
            reason: "the link with it is broken",
        };
        if self.broken.is_some() {
            return Err(lost());
        }
        let asked = self.send(&ToEngine::Ask(Box::new(question)));
        match asked.and_then(|()| self.receive()) {
            Ok(ToTool::Answer(answer)) => answer.map_err(Into::into),
            Ok(other) => {
                let what = format!("{} came where Answer was expected", other.label());
                self.broken = Some(Error::HostProtocol { what });
                Err(lost())
            }
            Err(error) => {
                self.broken = Some(error);
                Err(lost())
            }
        }
    }
}

/// Is an instance of one of `tools` for an engine at the other end of `input` and `output`, until that cancels or is gone.
///
/// # Errors
/// [`Error::HostPipe`] when the pipes cannot be used; [`Error::HostFrame`] and [`Error::HostProtocol`] when what comes is no
/// frame or out of turn.
pub fn host(tools: &[Arc<dyn ToolFactory>], input: impl AsFd, output: impl AsFd) -> Result<()> {
    let own = |end: &dyn Fn() -> io::Result<std::os::fd::OwnedFd>| {
        end().map(File::from).map_err(|cause| Error::HostPipe {
            doing: "opened",
            cause,
        })
    };
    let Some(machine) = machine("tool") else {
        let what = "its text cannot be read".to_owned();
        return Err(Error::HostProtocol { what });
    };
    let mut line = Line {
        from: own(&|| input.as_fd().try_clone_to_owned())?,
        to: own(&|| output.as_fd().try_clone_to_owned())?,
        monitor: Monitor::new(machine),
        broken: None,
    };
    let ToTool::Init(init) = line.receive()? else {
        return Err(Error::HostProtocol {
            what: "the first frame is no Init".to_owned(),
        });
    };
    let (tool, response) = match begin(tools, *init) {
        Ok(begun) => begun,
        Err(refusal) => return line.send(&ToEngine::Refused(refusal)),
    };
    line.send(&ToEngine::Ready(Box::new(response)))?;
    let mut session = Session {
        tool: Some(tool),
        line: Arc::new(Mutex::new(line)),
        keys: HashMap::new(),
    };
    let ended = session.serve();
    // Its destructor is the tool's own code.
    discard(session.tool.take());
    ended
}

/// Makes the instance that is asked for.
fn begin(
    tools: &[Arc<dyn ToolFactory>],
    init: InitRequest,
) -> std::result::Result<(Instance, InitResponse), String> {
    let factory = tools.iter().find(|tool| tool.meta().id == init.tool);
    let factory = factory.ok_or_else(|| format!("it knows no tool {}", init.tool))?;
    let placement = Placement {
        shard: init.shard as usize,
        shards: init.shards as usize,
    };
    let fields = factory.meta().config.clone();
    let made = catch_unwind(AssertUnwindSafe(|| {
        let config = Config::checked(&fields, &init.config)?;
        factory.create(&config, placement)
    }));
    let instance = match made {
        Ok(Ok(instance)) => instance,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(payload) => {
            let told = format!("making an instance panicked: {}", panic_message(&*payload));
            discard(payload);
            return Err(told);
        }
    };
    let response = InitResponse {
        meta: factory.meta().clone(),
        effects: instance.effects(),
    };
    let instance = Instance { instance, fields };
    Ok((instance, response))
}

/// The instance, and what its configuration may hold.
struct Instance {
    instance: Box<dyn Tool>,
    fields: Vec<voidstate_core::ConfigField>,
}

struct Session {
    tool: Option<Instance>,
    line: Arc<Mutex<Line>>,
    keys: HashMap<SeriesId, SeriesKey>,
}

impl Session {
    fn serve(&mut self) -> Result<()> {
        loop {
            let message = lock(&self.line).receive();
            let work = match message {
                Ok(ToTool::Start(work)) => *work,
                Ok(_) => return Ok(()),
                // The engine is gone, which is an end like another.
                Err(Error::HostPipe { cause, .. })
                    if cause.kind() == io::ErrorKind::UnexpectedEof =>
                {
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            let complete = self.work(work);
            let mut line = lock(&self.line);
            if let Some(broken) = line.broken.take() {
                return Err(broken);
            }
            line.send(&ToEngine::Complete(Box::new(complete)))?;
        }
    }

    fn work(&mut self, work: StartWork) -> WorkComplete {
        let (work, heard) = match work {
            StartWork::Tick(heard) => (StartWork::Tick(Vec::new()), heard),
            StartWork::Finish(heard) => (StartWork::Finish(Vec::new()), heard),
            StartWork::Observe {
                hook,
                sequence,
                seen,
                heard,
            } => {
                let work = StartWork::Observe {
                    hook,
                    sequence,
                    seen,
                    heard: Vec::new(),
                };
                (work, heard)
            }
            other => (other, Vec::<Heard>::new()),
        };
        let mut ctx = Hosted::new(&self.line, heard);
        let Some(tool) = &mut self.tool else {
            let message = "the instance is not there any more".to_owned();
            return WorkComplete {
                outcome: Outcome::Panicked(message),
                outputs: Vec::new(),
            };
        };
        let keys = &mut self.keys;
        let done = catch_unwind(AssertUnwindSafe(|| tool.work(keys, &work, &mut ctx)));
        let outcome = match done {
            Ok(Ok(None)) => Outcome::Done,
            Ok(Ok(Some(saved))) => Outcome::Saved(saved),
            Ok(Err(error)) => Outcome::Failed(Fault::from(&error)),
            Err(payload) => {
                let message = panic_message(&*payload);
                discard(payload);
                discard(self.tool.take());
                Outcome::Panicked(message)
            }
        };
        let outputs = ctx.outputs.into_iter();
        WorkComplete {
            outcome,
            outputs: outputs
                .map(|output| (output.name.to_owned(), output.value))
                .collect(),
        }
    }
}

impl Instance {
    fn work(
        &mut self,
        keys: &mut HashMap<SeriesId, SeriesKey>,
        work: &StartWork,
        ctx: &mut Hosted,
    ) -> voidstate_core::Result<Option<Vec<u8>>> {
        let tool = &mut self.instance;
        match work {
            StartWork::Observe {
                hook,
                sequence,
                seen,
                ..
            } => {
                let signal = match seen {
                    Seen::Sample {
                        id,
                        key,
                        time,
                        value,
                    } => {
                        if let Some(key) = key {
                            keys.insert(*id, key.clone());
                        }
                        let series = keys.get(id).ok_or(UNKNOWN_SERIES)?;
                        SignalRef::Sample {
                            id: *id,
                            series,
                            time: *time,
                            value: *value,
                        }
                    }
                    Seen::Other(Signal::Event(event)) => SignalRef::Event(event),
                    Seen::Other(Signal::Span(span)) => SignalRef::Span(span),
                    Seen::Other(Signal::State(state)) => SignalRef::State(state),
                    Seen::Other(_) => return Err(UNKNOWN_SERIES),
                };
                let firing = Firing {
                    hook,
                    signal,
                    sequence: *sequence,
                };
                tool.observe(&firing, ctx).map(|()| None)
            }
            StartWork::Tick(_) => tool.tick(ctx).map(|()| None),
            StartWork::Finish(_) => tool.finish(ctx).map(|()| None),
            StartWork::Reconfigure(given) => {
                let config = Config::checked(&self.fields, given)?;
                tool.reconfigure(&config).map(|()| None)
            }
            StartWork::Save => tool.save().map(Some),
            StartWork::Restore(state) => tool.restore(state).map(|()| None),
        }
    }
}

const UNKNOWN_SERIES: voidstate_core::Error = voidstate_core::Error::Unavailable {
    what: "the signal",
    reason: "the engine sent a sample without ever telling its series",
};

/// Ends this process soon after the other end of `input` is closed, whatever it does at the time: a tool in an endless loop
/// reads no end of file.
///
/// Starts a thread.
///
/// # Errors
/// [`Error::HostPipe`] when the end cannot be watched, [`Error::Thread`] when there is no thread.
pub fn end_with_engine(input: impl AsFd) -> Result<()> {
    let input = input.as_fd().try_clone_to_owned();
    let input = input.map_err(|cause| Error::HostPipe {
        doing: "watched",
        cause,
    })?;
    let watch = move || {
        loop {
            // Asked for nothing, the system still tells of the end.
            let mut ends = [PollFd::new(&input, PollFlags::empty())];
            match poll(&mut ends, None) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) | Err(_) => break,
            }
        }
        std::thread::sleep(OUTLIVES);
        std::process::exit(3);
    };
    let spawned = std::thread::Builder::new()
        .name("engine-watch".to_owned())
        .spawn(watch);
    spawned.map(drop).map_err(|cause| Error::Thread { cause })
}
