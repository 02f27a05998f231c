//! What travels over the socket: a greeting, then frames, each a record of `voidstate-codec`.

use serde::{Deserialize, Serialize};
use voidstate_codec::{Kind, Schema};
use voidstate_core::{SpanStatus, Unit};

use crate::value::Owned;

/// Version of the protocol; both sides must have the same.
pub const PROTOCOL_VERSION: u16 = 1;
/// Largest record on the wire in bytes, header included; a reader never keeps more of an unfinished one.
pub const FRAME_BYTES_MAX: usize = 256 << 10;
/// Most series of one program.
pub const SERIES_MAX: usize = 4096;
/// Most distinct names of hooks, events, spans and attributes of one program.
pub const TEXTS_MAX: usize = 8192;
/// Most bytes of the tables of series and texts of one program.
pub(crate) const TABLE_BYTES_MAX: usize = 4 << 20;
/// Bytes after which a frame under construction is closed; one more record cannot take it over the limit.
pub(crate) const FRAME_BYTES_AIM: usize = 128 << 10;

/// The greeting that a program sends first.
pub(crate) const HELLO: Schema = Schema::new(Kind::new(b"EMBH"), PROTOCOL_VERSION);
/// Everything after it.
pub(crate) const FRAME: Schema = Schema::new(Kind::new(b"EMBF"), PROTOCOL_VERSION);

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) program: String,
    pub(crate) pid: u32,
}

/// One step of the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Frame {
    /// New rows of the two tables, in order; said once, before they are used.
    Define { series: Vec<SeriesDef>, texts: Vec<String> },
    /// What happened; times count from `base` nanoseconds since the epoch.
    Signals { base: i64, signals: Vec<WireSignal> },
    /// What was lost on the way, and why.
    Dropped { count: u64, reason: String },
}

/// A row of the table of series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeriesDef {
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) labels: Vec<(String, String)>,
}

/// A signal in its short form: rows of the tables instead of names, times relative to the frame's base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum WireSignal {
    Sample { series: u32, time: i64, value: f64 },
    Event { hook: u32, name: u32, time: i64, attributes: Vec<(u32, Owned)> },
    Span { ids: SpanIds, name: u32, start: i64, took: u64, status: SpanStatus, attributes: Vec<(u32, Owned)> },
}

/// Trace, span and parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SpanIds {
    pub(crate) trace: u128,
    pub(crate) span: u64,
    pub(crate) parent: Option<u64>,
}

impl SeriesDef {
    /// About how many bytes it takes on the wire, rather too many than too few.
    pub(crate) fn bytes(&self) -> usize {
        16 + self.name.len() + self.labels.iter().map(|(key, value)| 8 + key.len() + value.len()).sum::<usize>()
    }
}

impl WireSignal {
    /// About how many bytes it takes on the wire, rather too many than too few.
    pub(crate) fn bytes(&self) -> usize {
        let of = |attributes: &[(u32, Owned)]| attributes.iter().map(|(_, value)| 6 + value.bytes()).sum::<usize>();
        match self {
            Self::Sample { .. } => 24,
            Self::Event { attributes, .. } => 32 + of(attributes),
            Self::Span { attributes, .. } => 80 + of(attributes),
        }
    }
}

/// Cuts a byte stream into records of at most [`FRAME_BYTES_MAX`] bytes.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    bytes: Vec<u8>,
    start: usize,
}

impl Cutter {
    /// Takes what was read.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole record of `schema`, decoded; nothing while it is not there in full.
    ///
    /// # Errors
    /// A record of another kind or version, damaged, or over the limit: the stream cannot be read on.
    pub(crate) fn next<T: serde::de::DeserializeOwned>(&mut self, schema: Schema) -> Result<Option<T>, crate::Error> {
        let rest = self.bytes.get(self.start..).unwrap_or_default();
        let record = match schema.open(rest) {
            Ok(record) => record,
            Err(voidstate_codec::Error::Truncated { need, .. }) => {
                check_size(need)?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        check_size(record.bytes() as u64)?;
        let value = record.decode()?;
        self.start += record.bytes();
        Ok(Some(value))
    }
}

fn check_size(bytes: u64) -> Result<(), crate::Error> {
    let limit = FRAME_BYTES_MAX as u64;
    if bytes > limit {
        return Err(crate::Error::Protocol { rule: "bytes of a record", limit, found: bytes });
    }
    Ok(())
}
