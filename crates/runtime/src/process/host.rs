//! The tool's end of a link: a process that is one instance of a tool.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use voidstate_core::{
    Config, Firing, Placement, SeriesId, SeriesKey, Signal, SignalRef, Tool, ToolFactory,
};

use super::hosted::Hosted;
use super::line::{End, Line, Next, Serving, start, step};
use super::wire::{Heard, InitRequest, InitResponse, Outcome, Seen, StartWork, WorkComplete};
use crate::engine::{Fault, discard, lock, panic_message};
use crate::error::{Error, Result};

/// How long a process outlives the engine.
const OUTLIVES: Duration = Duration::from_millis(500);

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
    let begun = start(
        own(&|| input.as_fd().try_clone_to_owned())?,
        own(&|| output.as_fd().try_clone_to_owned())?,
    );
    let (init, begun) = step(begun.receive())?;
    let (tool, response) = match begin(tools, *init) {
        Ok(made) => made,
        Err(refusal) => return step(begun.send_refused(refusal)).map(End::close),
    };
    let serving = step(begun.send_ready(Box::new(response)))?;
    let mut session = Session {
        tool: Some(tool),
        line: Arc::default(),
        keys: HashMap::new(),
    };
    let ended = session.serve(serving);
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
    fn serve(&mut self, mut serving: Serving) -> Result<()> {
        loop {
            let work = match step(serving.offer()) {
                Ok(Next::Start(work, working)) => {
                    lock(&self.line).begin(working);
                    *work
                }
                Ok(Next::Cancel(end)) => {
                    end.close();
                    return Ok(());
                }
                // The engine is gone, which is an end like another.
                Err(Error::HostPipe { cause, .. })
                    if cause.kind() == io::ErrorKind::UnexpectedEof =>
                {
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            let complete = self.work(work);
            let working = lock(&self.line).take()?;
            serving = step(working.send_complete(Box::new(complete)))?;
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
