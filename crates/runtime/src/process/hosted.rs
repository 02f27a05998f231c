//! The context of a tool in a process of its own: every call is a question to the engine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{
    AttributeValue, Ctx, DependencyView, Error, Finding, LogLevel, MetricName, Output, Result,
    Selector, SeriesId, SeriesInfo, SeriesKey, SessionMessage, Stamped, StoreReader, StoreStatus,
    TimeRange, Timestamp, ToolId, Window,
};

use super::line::Line;
use super::wire::{Answer, Heard, Question};
use crate::engine::{AppendVec, Rows, interned, lock};

/// What a dependency said.
struct Said {
    tool: ToolId,
    findings: Vec<Finding>,
    outputs: Vec<Output>,
}

/// The context of one call.
pub(super) struct Hosted {
    store: RemoteStore,
    said: Vec<Said>,
    pub(super) outputs: Vec<Output>,
    /// Answers that the tool borrows.
    seen: AppendVec<SeriesInfo>,
    adding: Mutex<()>,
}

fn strange() -> Error {
    Error::Unavailable {
        what: "the engine",
        reason: "it answered another question than was asked",
    }
}

impl Hosted {
    pub(super) fn new(line: &Arc<Mutex<Line>>, heard: Vec<Heard>) -> Self {
        let said = heard.into_iter().map(|heard| Said {
            tool: heard.tool,
            findings: heard.findings,
            outputs: (heard.outputs.into_iter())
                .filter_map(|(name, value)| {
                    let name = interned(&name)?;
                    Some(Output { name, value })
                })
                .collect(),
        });
        Self {
            store: RemoteStore(Arc::clone(line)),
            said: said.collect(),
            outputs: Vec::new(),
            seen: AppendVec::new(),
            adding: Mutex::new(()),
        }
    }

    fn ask(&self, question: Question) -> Result<Answer> {
        self.store.ask(question)
    }

    fn tell(&self, question: Question) -> Result<()> {
        self.ask(question).map(drop)
    }
}

impl Ctx for Hosted {
    fn now(&mut self) -> Result<Timestamp> {
        match self.ask(Question::Now)? {
            Answer::Time(now) => Ok(now),
            _ => Err(strange()),
        }
    }

    fn random(&mut self) -> Result<u64> {
        match self.ask(Question::Random)? {
            Answer::Bits(bits) => Ok(bits),
            _ => Err(strange()),
        }
    }

    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        match self.ask(Question::ReadState(key.to_owned()))? {
            Answer::State(value) => Ok(value),
            _ => Err(strange()),
        }
    }

    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.tell(Question::WriteState(key.to_owned(), value.to_vec()))
    }

    fn store(&mut self) -> Result<&dyn StoreReader> {
        self.tell(Question::Store)?;
        Ok(&self.store)
    }

    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.tell(Question::Log(level, message.to_owned()))
    }

    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.tell(Question::Metric(name.clone(), value))
    }

    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        self.tell(Question::MetricLike(name.clone(), like, value))
    }

    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.tell(Question::Emit(Box::new(finding)))
    }

    fn output(&mut self, output: Output) {
        self.outputs.push(output);
    }

    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        let said = self.said.iter().find(|said| said.tool == *tool);
        let said = said.ok_or_else(|| Error::Missing {
            kind: "dependency",
            name: tool.to_string(),
        })?;
        Ok(DependencyView {
            findings: &said.findings,
            outputs: &said.outputs,
        })
    }

    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        let Ok(Answer::Series(info)) = self.ask(Question::Series(id)) else {
            return None;
        };
        let _adding = lock(&self.adding);
        let at = self.seen.push(info?)?;
        self.seen.get(at)
    }

    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>> {
        let question = Question::ReadFile(path.to_owned(), bytes_max as u64);
        match self.ask(question)? {
            Answer::File(bytes) => Ok(bytes),
            _ => Err(strange()),
        }
    }

    fn session_is_open(&mut self, session: &str) -> Result<bool> {
        match self.ask(Question::IsOpen(session.to_owned()))? {
            Answer::Open(is_open) => Ok(is_open),
            _ => Err(strange()),
        }
    }

    fn session_send(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()> {
        self.tell(Question::Send {
            session: session.to_owned(),
            to: to.to_owned(),
            label: label.to_owned(),
            payload,
        })
    }

    fn session_receive(&mut self, session: &str) -> Result<Option<SessionMessage>> {
        match self.ask(Question::Receive(session.to_owned()))? {
            Answer::Heard(message) => Ok(message),
            _ => Err(strange()),
        }
    }
}

/// The engine's store, by questions.
struct RemoteStore(Arc<Mutex<Line>>);

impl RemoteStore {
    fn ask(&self, question: Question) -> Result<Answer> {
        lock(&self.0).ask(question)
    }

    fn rows(&self, question: Question) -> Result<Rows> {
        match self.ask(question)? {
            Answer::Rows(rows) => Ok(rows),
            _ => Err(strange()),
        }
    }
}

impl StoreReader for RemoteStore {
    fn list(&self, selector: &Selector) -> Result<Vec<SeriesInfo>> {
        match self.rows(Question::List(selector.clone()))? {
            Rows::List(rows) => Ok(rows),
            _ => Err(strange()),
        }
    }

    fn range(&self, series: &SeriesKey, range: TimeRange) -> Result<Vec<Stamped>> {
        match self.rows(Question::Range(series.clone(), range))? {
            Rows::Range(rows) => Ok(rows),
            _ => Err(strange()),
        }
    }

    fn windows(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
    ) -> Result<Vec<Window>> {
        match self.rows(Question::Windows(series.clone(), range, window))? {
            Rows::Windows(rows) => Ok(rows),
            _ => Err(strange()),
        }
    }

    fn quantiles(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
        q: &[f64],
    ) -> Result<Vec<(Timestamp, Vec<f64>)>> {
        let question = Question::Quantiles(series.clone(), range, window, q.to_vec());
        match self.rows(question)? {
            Rows::Quantiles(rows) => Ok(rows),
            _ => Err(strange()),
        }
    }

    fn findings(&self, range: TimeRange) -> Result<Vec<Finding>> {
        match self.rows(Question::Findings(range))? {
            Rows::Findings(rows) => Ok(rows),
            _ => Err(strange()),
        }
    }

    fn status(&self) -> StoreStatus {
        match self.rows(Question::Status) {
            Ok(Rows::Status(status)) => status,
            other => StoreStatus {
                place: "nowhere".to_owned(),
                series: 0,
                samples: 0,
                bytes: 0,
                notes: vec![match other {
                    Err(error) => error.to_string(),
                    Ok(_) => strange().to_string(),
                }],
            },
        }
    }
}
