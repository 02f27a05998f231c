//! Signals: what happened in the observed system.

use serde::{Deserialize, Serialize};

use crate::{Attributes, SeriesId, SeriesKey, Timestamp};

/// Something that happened in the observed system, self-describing: the form for edges, recordings and wires.
///
/// JSON: `{"sample":{…}}`; schema in `specs/schema/signal.schema.json`.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A number of a series.
    Sample(Sample),
    /// Something with a name happened.
    Event(Event),
    /// Work that has a beginning and an end.
    Span(Span),
    /// A snapshot of named variables.
    State(State),
}

impl Signal {
    /// When it happened; of a span, when it started.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        match self {
            Self::Sample(sample) => sample.time,
            Self::Event(event) => event.time,
            Self::Span(span) => span.start,
            Self::State(state) => state.time,
        }
    }
}

/// A number of a series at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Which series.
    pub series: SeriesKey,
    /// When.
    pub time: Timestamp,
    /// The number; may be NaN or infinite.
    #[serde(with = "crate::number")]
    pub value: f64,
}

/// Something with a name happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happened.
    pub name: String,
    /// When.
    pub time: Timestamp,
    /// Circumstances.
    #[serde(default)]
    pub attributes: Attributes,
}

/// How a span ended.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanStatus {
    /// Nobody said.
    #[default]
    Unset,
    /// Well.
    Ok,
    /// With an error.
    Error,
}

/// Work that has a beginning and an end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Identifies the whole trace; 16 bytes as 32 hexadecimal digits.
    #[serde(with = "hex_u128")]
    pub trace_id: u128,
    /// Identifies this span; 8 bytes as 16 hexadecimal digits.
    #[serde(with = "hex_u64")]
    pub span_id: u64,
    /// The span it is part of, if any.
    #[serde(default, with = "hex_option")]
    pub parent: Option<u64>,
    /// What was done.
    pub name: String,
    /// When it began.
    pub start: Timestamp,
    /// When it ended; not before `start` in a well-formed span.
    pub end: Timestamp,
    /// How it ended.
    #[serde(default)]
    pub status: SpanStatus,
    /// Circumstances.
    #[serde(default)]
    pub attributes: Attributes,
}

/// A snapshot of named variables of one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Whose state it is, for example `host.process`.
    pub name: String,
    /// When it was taken.
    pub time: Timestamp,
    /// The variables.
    #[serde(default)]
    pub variables: Attributes,
}

/// A signal as a tool sees it: borrowed, and a sample already interned.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SignalRef<'a> {
    /// A number of a series.
    Sample {
        /// The engine's number for the series: small, dense, good as an index.
        id: SeriesId,
        /// Its identity.
        series: &'a SeriesKey,
        /// When.
        time: Timestamp,
        /// The number; may be NaN or infinite.
        value: f64,
    },
    /// Something with a name happened.
    Event(&'a Event),
    /// Work that has a beginning and an end.
    Span(&'a Span),
    /// A snapshot of named variables.
    State(&'a State),
}

impl SignalRef<'_> {
    /// When it happened; of a span, when it started.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        match self {
            Self::Sample { time, .. } => *time,
            Self::Event(event) => event.time,
            Self::Span(span) => span.start,
            Self::State(state) => state.time,
        }
    }

    /// An owned, self-describing copy.
    #[must_use]
    pub fn to_signal(&self) -> Signal {
        match *self {
            Self::Sample {
                series,
                time,
                value,
                ..
            } => Signal::Sample(Sample {
                series: series.clone(),
                time,
                value,
            }),
            Self::Event(event) => Signal::Event(event.clone()),
            Self::Span(span) => Signal::Span(span.clone()),
            Self::State(state) => Signal::State(state.clone()),
        }
    }
}

macro_rules! hex_module {
    ($module:ident, $int:ty, $digits:literal) => {
        mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

            pub(super) fn serialize<S: Serializer>(value: &$int, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(&format_args!(concat!("{:0", $digits, "x}"), value))
                } else {
                    value.serialize(serializer)
                }
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$int, D::Error> {
                if !deserializer.is_human_readable() {
                    return <$int>::deserialize(deserializer);
                }
                let text = String::deserialize(deserializer)?;
                let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if text.len() != $digits || !digits {
                    return Err(de::Error::custom(concat!("expected ", $digits, " lower-case hexadecimal digits")));
                }
                <$int>::from_str_radix(&text, 16).map_err(de::Error::custom)
            }
        }
    };
}

hex_module!(hex_u128, u128, 32);
hex_module!(hex_u64, u64, 16);

mod hex_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Hex(#[serde(with = "super::hex_u64")] u64);

    pub(super) fn serialize<S: Serializer>(
        value: &Option<u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(Hex).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u64>, D::Error> {
        Ok(Option::<Hex>::deserialize(deserializer)?.map(|hex| hex.0))
    }
}
