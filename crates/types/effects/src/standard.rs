//! The standard row: what an observing tool asks of its surroundings.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::row;
use crate::row::Effect;

/// All standard effects.
pub type Standard = row![ReadState, WriteState, EmitMetric, Log, Clock, Random, Io];

/// Text that is often known while compiling.
pub type Text = Cow<'static, str>;

/// Reads the durable value under `key`; `None` when there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadState {
    /// The key.
    pub key: Text,
}

/// Sets the durable value under `key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteState {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: Vec<u8>,
}

/// Publishes a number under the name of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmitMetric {
    /// The metric.
    pub name: Text,
    /// The number; NaN and the infinities are passed on as they are.
    pub value: f64,
}

/// How important a line of the log is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// For the author.
    Debug,
    /// For the curious.
    Info,
    /// For the person in charge.
    Warn,
    /// Something failed.
    Error,
}

/// Writes a line to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// How important it is.
    pub level: Level,
    /// The line.
    pub message: Text,
}

/// Asks for the time: nanoseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock;

/// Asks for 64 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Random;

/// Asks for something of the disk or the net.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Io {
    /// The first `bytes_max` bytes of a file; answered with [`Moved::Bytes`].
    Read {
        /// The file.
        path: Text,
        /// How many bytes at most.
        bytes_max: u64,
    },
    /// Replaces what a file holds; durable only after [`Io::Sync`].
    Write {
        /// The file.
        path: Text,
        /// What it holds then.
        bytes: Vec<u8>,
    },
    /// Makes what was written to a file durable.
    Sync {
        /// The file.
        path: Text,
    },
    /// Removes a file.
    Remove {
        /// The file.
        path: Text,
    },
    /// Sends a message to an address; that it was sent does not mean that it arrives.
    Send {
        /// Where to.
        to: Text,
        /// The message.
        bytes: Vec<u8>,
    },
    /// The next message that arrived at an address: [`Moved::Bytes`], or [`Moved::Nothing`] when there is none.
    Receive {
        /// Where.
        at: Text,
    },
}

/// What came of an [`Io`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moved {
    /// It was done, and there is nothing to hand over.
    Nothing,
    /// What was read or received.
    Bytes(Vec<u8>),
}

/// What kind of failure it is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FailureKind {
    /// There is no such thing.
    NotFound,
    /// It is not allowed.
    Denied,
    /// There is no room left.
    Full,
    /// It took too long.
    TimedOut,
    /// What is there is damaged.
    Damaged,
    /// Whoever answers cannot do this.
    Unsupported,
    /// Something else.
    Other,
}

/// Why the state, the disk or the net could not do what was asked: an answer like any other, which the program sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// What happened, with the name of what it happened to.
    pub detail: Text,
}

impl Failure {
    /// A failure of a kind.
    #[must_use]
    pub fn new(kind: FailureKind, detail: impl Into<Text>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            FailureKind::NotFound => "not found",
            FailureKind::Denied => "denied",
            FailureKind::Full => "no room left",
            FailureKind::TimedOut => "timed out",
            FailureKind::Damaged => "damaged",
            FailureKind::Unsupported => "unsupported",
            FailureKind::Other => "failed",
        };
        write!(f, "{kind}: {}", self.detail)
    }
}

impl std::error::Error for Failure {}

impl ReadState {
    /// Reads the value under `key`.
    #[must_use]
    pub fn new(key: impl Into<Text>) -> Self {
        Self { key: key.into() }
    }
}

impl WriteState {
    /// Sets the value under `key`.
    #[must_use]
    pub fn new(key: impl Into<Text>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
        }
    }
}

impl EmitMetric {
    /// Publishes `value` under `name`.
    #[must_use]
    pub fn new(name: impl Into<Text>, value: f64) -> Self {
        Self {
            name: name.into(),
            value,
        }
    }
}

impl Log {
    /// A line for the curious.
    #[must_use]
    pub fn info(message: impl Into<Text>) -> Self {
        Self {
            level: Level::Info,
            message: message.into(),
        }
    }

    /// A line for the person in charge.
    #[must_use]
    pub fn warn(message: impl Into<Text>) -> Self {
        Self {
            level: Level::Warn,
            message: message.into(),
        }
    }
}

macro_rules! standard {
    ($($effect:ty, $name:literal => $out:ty;)*) => {
        $(impl Effect for $effect {
            type Out = $out;
            const NAME: &'static str = $name;
        })*
    };
}

standard! {
    ReadState, "read_state" => Result<Option<Vec<u8>>, Failure>;
    WriteState, "write_state" => Result<(), Failure>;
    EmitMetric, "emit_metric" => ();
    Log, "log" => ();
    Clock, "clock" => i64;
    Random, "random" => u64;
    Io, "io" => Result<Moved, Failure>;
}
