//! Answering what a tool in another process asks, from the context that the engine gave for the call.

use std::time::Instant;

use voidstate_core::{
    Ctx, DependencyView, Error, Finding, LogLevel, MetricName, Output, Result, SeriesId,
    SeriesInfo, StoreReader, Timestamp, ToolId,
};

use super::link::{Link, Lost};
use super::wire::{Answer, Question, StartWork, ToEngine, ToTool, WorkComplete};
use crate::engine::Rows;

/// Sends a piece of work and answers what is asked until it is complete.
pub(super) fn serve(
    link: &mut Link,
    work: StartWork,
    ctx: &mut dyn Ctx,
    until: Instant,
) -> std::result::Result<WorkComplete, Lost> {
    link.send(&ToTool::Start(Box::new(work)), until)?;
    let mut said = link.receive(until)?;
    loop {
        let question = match said {
            ToEngine::Ask(question) => *question,
            ToEngine::Complete(complete) => return Ok(*complete),
            other => {
                let label = other.label();
                return Err(Lost::Broke(format!("it sent {label} out of place")));
            }
        };
        if matches!(question, Question::Store) {
            said = serve_store(link, ctx, until)?;
            continue;
        }
        link.send(&told(answer(question, ctx)), until)?;
        said = link.receive(until)?;
    }
}

/// Hands out the store: what is asked next is asked of it, for as long as it is. So a store is taken from the context as
/// often as the tool takes it, and recordings do not depend on where the tool runs.
fn serve_store(
    link: &mut Link,
    ctx: &mut dyn Ctx,
    until: Instant,
) -> std::result::Result<ToEngine, Lost> {
    let store = match ctx.store() {
        Ok(store) => store,
        Err(error) => {
            link.send(&told(Err(error)), until)?;
            return link.receive(until);
        }
    };
    link.send(&told(Ok(Answer::Nothing)), until)?;
    loop {
        match link.receive(until)? {
            ToEngine::Ask(question) if question.is_of_store() => {
                link.send(&told(rows(*question, store)), until)?;
            }
            other => return Ok(other),
        }
    }
}

fn told(answer: Result<Answer>) -> ToTool {
    ToTool::Answer(Box::new(answer.map_err(|error| (&error).into())))
}

/// Asks the context. Whether the tool may ask at all is for the context to say.
fn answer(question: Question, ctx: &mut dyn Ctx) -> Result<Answer> {
    let nothing = |()| Answer::Nothing;
    match question {
        Question::Now => ctx.now().map(Answer::Time),
        Question::Random => ctx.random().map(Answer::Bits),
        Question::ReadState(key) => ctx.read_state(&key).map(Answer::State),
        Question::WriteState(key, value) => ctx.write_state(&key, &value).map(nothing),
        Question::Log(level, message) => ctx.log(level, &message).map(nothing),
        Question::Metric(name, value) => ctx.metric(&name, value).map(nothing),
        Question::MetricLike(name, like, value) => ctx.metric_like(&name, like, value).map(nothing),
        Question::Emit(finding) => ctx.emit(*finding).map(nothing),
        Question::Series(id) => Ok(Answer::Series(ctx.series(id).cloned())),
        Question::ReadFile(path, bytes_max) => {
            let bytes_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
            ctx.read_file(&path, bytes_max).map(Answer::File)
        }
        Question::IsOpen(session) => ctx.session_is_open(&session).map(Answer::Open),
        Question::Send {
            session,
            to,
            label,
            payload,
        } => ctx
            .session_send(&session, &to, &label, payload)
            .map(nothing),
        Question::Receive(session) => ctx.session_receive(&session).map(Answer::Heard),
        _ => Err(Error::Unavailable {
            what: "the store",
            reason: "it is asked only right after it was asked for",
        }),
    }
}

/// Asks the store.
fn rows(question: Question, store: &dyn StoreReader) -> Result<Answer> {
    let rows = match question {
        Question::List(selector) => store.list(&selector).map(Rows::List),
        Question::Range(series, range) => store.range(&series, range).map(Rows::Range),
        Question::Windows(series, range, window) => {
            store.windows(&series, range, window).map(Rows::Windows)
        }
        Question::Quantiles(series, range, window, q) => store
            .quantiles(&series, range, window, &q)
            .map(Rows::Quantiles),
        Question::Findings(range) => store.findings(range).map(Rows::Findings),
        _ => Ok(Rows::Status(store.status())),
    };
    rows.map(Answer::Rows)
}

/// The context of work that has none.
pub(super) struct Nowhere;

fn nowhere() -> Error {
    Error::Unavailable {
        what: "the context",
        reason: "an instance has none while it is configured, saved or restored",
    }
}

impl Ctx for Nowhere {
    fn now(&mut self) -> Result<Timestamp> {
        Err(nowhere())
    }
    fn random(&mut self) -> Result<u64> {
        Err(nowhere())
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        Err(nowhere())
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        Err(nowhere())
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        Err(nowhere())
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        Err(nowhere())
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        Err(nowhere())
    }
    fn emit(&mut self, _: Finding) -> Result<()> {
        Err(nowhere())
    }
    fn output(&mut self, _: Output) {}
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        Err(nowhere())
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        None
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        Err(nowhere())
    }
}
