//! One instance led through a stream, with every panic caught.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use voidstate_core::{
    Config, Firing, Placement, Result as CoreResult, Signal, SignalRef, Tool, ToolFactory,
};

use super::Step;
use super::context::{CheckContext, Heard, Notes};
use super::stream::Stream;

/// Why a case does not hold.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The tool panicked.
    Panic(String),
    /// The law is broken.
    Breach(String),
    /// The tool cannot be led through the case at all.
    Unfit(String),
}

impl Fault {
    pub(crate) fn breach<T>(text: impl Into<String>) -> Result<T, Self> {
        Err(Self::Breach(text.into()))
    }
}

/// Makes instances of the tool under check.
#[derive(Clone, Copy)]
pub(crate) struct Maker<'a> {
    pub(crate) factory: &'a dyn ToolFactory,
    pub(crate) config: &'a Config,
}

impl<'a> Maker<'a> {
    /// A fresh instance, or the core's error.
    pub(crate) fn try_make(self) -> Result<CoreResult<Box<dyn Tool>>, Fault> {
        guarded("being made", || {
            self.factory.create(self.config, Placement::ALONE)
        })
    }

    pub(crate) fn make(self) -> Result<Box<dyn Tool>, Fault> {
        self.try_make()?
            .map_err(|error| Fault::Unfit(format!("no instance can be made: {error}")))
    }

    /// A fresh instance before the first step of `stream`.
    pub(crate) fn run(self, stream: &'a Stream, seed: u64, notes: Notes) -> Result<Run<'a>, Fault> {
        Ok(Run {
            tool: Some(self.make()?),
            ctx: CheckContext::new(self.factory.meta(), stream, seed, notes),
            stream,
        })
    }
}

/// An instance on its way through a stream.
pub(crate) struct Run<'a> {
    tool: Option<Box<dyn Tool>>,
    pub(crate) ctx: CheckContext<'a>,
    stream: &'a Stream,
}

impl Run<'_> {
    /// Calls the tool once, for step `at`.
    pub(crate) fn step(&mut self, at: usize) -> Result<(), Fault> {
        let Some(step) = self.stream.steps.get(at) else {
            return Ok(());
        };
        self.ctx.step = at;
        match step {
            Step::Series(_) => Ok(()),
            Step::Tick(time) => {
                self.ctx.pass(*time, true);
                self.call("tick", |tool, ctx| tool.tick(ctx))
            }
            Step::Fire { hook, signal, .. } => {
                self.ctx.pass(signal.time(), false);
                let id = self.stream.id(at, self.ctx.numbering);
                let signal = match signal {
                    Signal::Sample(sample) => {
                        self.ctx.stored(id, sample.time, sample.value);
                        SignalRef::Sample {
                            id,
                            series: &sample.series,
                            time: sample.time,
                            value: sample.value,
                        }
                    }
                    Signal::Event(event) => SignalRef::Event(event),
                    Signal::Span(span) => SignalRef::Span(span),
                    Signal::State(state) => SignalRef::State(state),
                    _ => return Ok(()),
                };
                let firing = Firing {
                    hook,
                    signal,
                    sequence: at as u64,
                };
                self.call("observe", |tool, ctx| tool.observe(&firing, ctx))
            }
        }
    }

    pub(crate) fn steps(&mut self, range: std::ops::Range<usize>) -> Result<(), Fault> {
        range.into_iter().try_for_each(|at| self.step(at))
    }

    /// Through the whole stream.
    pub(crate) fn all(&mut self) -> Result<(), Fault> {
        self.steps(0..self.stream.steps.len())
    }

    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        self.ctx.step = self.stream.steps.len();
        self.call("finish", |tool, ctx| tool.finish(ctx))
    }

    fn call(
        &mut self,
        doing: &str,
        work: impl FnOnce(&mut dyn Tool, &mut CheckContext<'_>) -> CoreResult<()>,
    ) -> Result<(), Fault> {
        let Self { tool, ctx, stream } = self;
        let Some(tool) = tool.as_deref_mut() else {
            return Ok(());
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| work(tool, ctx)));
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                ctx.heard.counts.errors += 1;
                ctx.note(|| format!("error {error}"));
                Ok(())
            }
            Err(payload) => {
                let step = stream.steps.get(ctx.step);
                let place = step.map_or_else(
                    || "after the last step".to_owned(),
                    |step| format!("at step {}, {}", ctx.step + 1, step.words()),
                );
                Err(panicked(&format!("in {doing} {place}"), payload))
            }
        }
    }

    /// Its state; `Ok(Err)` when the tool says that it cannot be written.
    pub(crate) fn save(&self) -> Result<CoreResult<Vec<u8>>, Fault> {
        match self.tool.as_deref() {
            Some(tool) => guarded("save", || tool.save()),
            None => Ok(Ok(Vec::new())),
        }
    }

    /// Lets something else be done to the instance.
    pub(crate) fn with<R>(
        &mut self,
        doing: &str,
        work: impl FnOnce(&mut dyn Tool) -> CoreResult<R>,
    ) -> Result<CoreResult<R>, Fault> {
        match self.tool.as_deref_mut() {
            Some(tool) => guarded(doing, || work(tool)),
            None => Err(Fault::Unfit("there is no instance".to_owned())),
        }
    }

    /// Puts another instance in its place; the context stays.
    pub(crate) fn replace(&mut self, tool: Box<dyn Tool>) -> Result<(), Fault> {
        let before = self.tool.replace(tool);
        guarded("being dropped", || drop(before))
    }

    /// Drops the instance and gives what was heard of it.
    pub(crate) fn end(mut self) -> Result<Heard, Fault> {
        let tool = self.tool.take();
        guarded("being dropped", || drop(tool))?;
        Ok(std::mem::take(&mut self.ctx.heard))
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let tool = self.tool.take();
        // A fault has been found already; a second panic of the destructor must not hide it.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(tool))) {
            std::mem::forget(payload);
        }
    }
}

/// Calls `work`; a panic is a fault.
pub(crate) fn guarded<R>(doing: &str, work: impl FnOnce() -> R) -> Result<R, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|payload| panicked(&format!("in {doing}"), payload))
}

fn panicked(place: &str, payload: Box<dyn Any + Send>) -> Fault {
    let text = payload
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic whose payload is no text".to_owned());
    // The payload may have a destructor that panics, too.
    std::mem::forget(payload);
    Fault::Panic(format!("it panicked {place}: {text}"))
}
