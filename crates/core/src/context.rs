//! The context: the only way a tool touches anything outside itself.

use serde::{Deserialize, Serialize};

use crate::{
    AttributeValue, Error, Finding, MetricName, Result, SeriesId, SeriesInfo, SessionMessage,
    StoreReader, Timestamp, ToolId, session::NO_SESSIONS,
};

/// How important a log line is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For the tool's author.
    Debug,
    /// For the curious.
    Info,
    /// For the person in charge.
    Warn,
    /// Something failed.
    Error,
}

/// A typed value that a tool hands to the tools that depend on it, within one firing.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// What it is; the tool documents its outputs by name.
    pub name: &'static str,
    /// The value.
    pub value: AttributeValue,
}

/// What a dependency said in the same firing.
#[derive(Debug, Clone, Copy)]
pub struct DependencyView<'a> {
    /// Its findings, in the order in which it said them.
    pub findings: &'a [Finding],
    /// Its outputs, in the order in which it gave them.
    pub outputs: &'a [Output],
}

/// The context of one call of a tool. Called by tools; implemented by the engine, by test doubles, by replay and by the
/// sandbox.
///
/// Every method that needs an [`Effect`](crate::Effect) fails with
/// [`Error::UndeclaredEffect`](crate::Error::UndeclaredEffect) when the tool's metadata does not name it; the engine then
/// suspends the tool. A [`TypedTool`](crate::TypedTool) sees it as [`Allowed`](crate::Allowed), where such a call does not
/// compile.
pub trait Ctx {
    /// What time it is. Effect: `clock`.
    ///
    /// # Errors
    /// Undeclared effect.
    fn now(&mut self) -> Result<Timestamp>;

    /// 64 random bits from the engine's seeded generator. Effect: `random`.
    ///
    /// # Errors
    /// Undeclared effect.
    fn random(&mut self) -> Result<u64>;

    /// The tool's durable value under `key`. Effect: `read_state`.
    ///
    /// # Errors
    /// Undeclared effect, or the place where state is kept cannot be read.
    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>>;

    /// Sets the tool's durable value under `key`. Effect: `write_state`.
    ///
    /// # Errors
    /// Undeclared effect, or the place where state is kept cannot be written.
    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()>;

    /// The time-series store, for reading. Effect: `read_store`.
    ///
    /// # Errors
    /// Undeclared effect, or there is no store.
    fn store(&mut self) -> Result<&dyn StoreReader>;

    /// Writes a log line. Effect: `log`.
    ///
    /// # Errors
    /// Undeclared effect.
    fn log(&mut self, level: LogLevel, message: &str) -> Result<()>;

    /// Publishes a number under a metric of its own. Effect: `emit_metric`.
    ///
    /// # Errors
    /// Undeclared effect.
    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()>;

    /// Publishes a number under a metric of its own, with the labels of the series `like`: what is made of a series is
    /// told apart as the series is. Effect: `emit_metric`.
    ///
    /// # Errors
    /// Undeclared effect, or this context knows no series.
    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        let _ = (name, like, value);
        Err(Error::Unavailable {
            what: "metrics with the labels of a series",
            reason: "this context knows no series",
        })
    }

    /// Says a finding. Effect: `emit_finding`.
    ///
    /// # Errors
    /// Undeclared effect, or the finding names another tool as its author.
    fn emit(&mut self, finding: Finding) -> Result<()>;

    /// Hands a value to the tools that depend on this one, within this firing. Needs no effect.
    fn output(&mut self, output: Output);

    /// What a declared dependency said in this firing. Needs no effect.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing) when `tool` is not a declared dependency.
    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>>;

    /// What is known of a series. Needs no effect; `None` for a number that the engine never issued.
    fn series(&self, id: SeriesId) -> Option<&SeriesInfo>;

    /// At most `bytes_max` bytes of a file. Effect: `io`, and a permission for the path.
    ///
    /// # Errors
    /// Undeclared effect, no permission, or the file cannot be read.
    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>>;

    /// Whether every role of a declared session is played and the conversation can go on. Effect: `session`.
    ///
    /// # Errors
    /// Undeclared effect; [`Error::Missing`](crate::Error::Missing) for a session that is not declared; once, that the
    /// conversation under way was cancelled, and by whom; it then begins anew.
    fn session_is_open(&mut self, session: &str) -> Result<bool> {
        let _ = session;
        Err(NO_SESSIONS)
    }

    /// Sends a message to another role of a declared session. Effect: `session`.
    ///
    /// # Errors
    /// As [`session_is_open`](Self::session_is_open); and a message that the protocol does not allow now, for which the
    /// tool is suspended; a session that is not open; a receiver with too many messages waiting.
    fn session_send(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()> {
        let _ = (session, to, label, payload);
        Err(NO_SESSIONS)
    }

    /// The next message of a declared session, from whichever role the protocol lets speak now; `None` when none has come.
    /// Effect: `session`.
    ///
    /// # Errors
    /// As [`session_is_open`](Self::session_is_open); and a protocol in which nobody is to speak to this role now.
    fn session_receive(&mut self, session: &str) -> Result<Option<SessionMessage>> {
        let _ = session;
        Err(NO_SESSIONS)
    }
}
