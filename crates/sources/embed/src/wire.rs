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
    Define {
        series: Vec<SeriesDef>,
        texts: Vec<String>,
    },
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
    Sample {
        series: u32,
        time: i64,
        value: f64,
    },
    Event {
        hook: u32,
        name: u32,
        time: i64,
        attributes: Vec<(u32, Owned)>,
    },
    Span {
        ids: SpanIds,
        name: u32,
        start: i64,
        took: u64,
        status: SpanStatus,
        attributes: Vec<(u32, Owned)>,
    },
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
        16 + self.name.len()
            + self
                .labels
                .iter()
                .map(|(key, value)| 8 + key.len() + value.len())
                .sum::<usize>()
    }
}

impl WireSignal {
    /// About how many bytes it takes on the wire, rather too many than too few.
    pub(crate) fn bytes(&self) -> usize {
        let of = |attributes: &[(u32, Owned)]| {
            attributes
                .iter()
                .map(|(_, value)| 6 + value.bytes())
                .sum::<usize>()
        };
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
    pub(crate) fn next<T: serde::de::DeserializeOwned>(
        &mut self,
        schema: Schema,
    ) -> Result<Option<T>, crate::Error> {
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
        return Err(crate::Error::Protocol {
            rule: "bytes of a record",
            limit,
            found: bytes,
        });
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    pub(crate) fn attributes() -> impl Strategy<Value = Vec<(u32, Owned)>> {
        let value = prop_oneof![
            any::<bool>().prop_map(Owned::Bool),
            any::<i64>().prop_map(Owned::Int),
            any::<i32>().prop_map(|n| Owned::Real(f64::from(n) / 7.0)),
            ".{0,12}".prop_map(Owned::Text),
        ];
        prop::collection::vec((0_u32..8, value), 0..4)
    }

    pub(crate) fn signal() -> impl Strategy<Value = WireSignal> {
        let ids = (any::<u128>(), any::<u64>(), any::<Option<u64>>());
        let ids = ids.prop_map(|(trace, span, parent)| SpanIds {
            trace,
            span,
            parent,
        });
        let status = prop_oneof![
            Just(SpanStatus::Unset),
            Just(SpanStatus::Ok),
            Just(SpanStatus::Error)
        ];
        prop_oneof![
            (0_u32..8, any::<i64>(), any::<i32>()).prop_map(|(series, time, n)| {
                WireSignal::Sample {
                    series,
                    time,
                    value: f64::from(n) / 7.0,
                }
            }),
            (0_u32..8, 0_u32..8, any::<i64>(), attributes()).prop_map(
                |(hook, name, time, attributes)| WireSignal::Event {
                    hook,
                    name,
                    time,
                    attributes
                }
            ),
            (
                ids,
                0_u32..8,
                any::<i64>(),
                any::<u64>(),
                status,
                attributes()
            )
                .prop_map(|(ids, name, start, took, status, attributes)| {
                    WireSignal::Span {
                        ids,
                        name,
                        start,
                        took,
                        status,
                        attributes,
                    }
                }),
        ]
    }

    pub(crate) fn frame() -> impl Strategy<Value = Frame> {
        let name = prop_oneof!["[a-z]{1,4}\\.[a-z_]{1,4}", ".{0,10}"];
        let labels = prop::collection::vec((prop_oneof!["[a-z]{1,3}", ".{0,3}"], ".{0,6}"), 0..4);
        let series = (name, labels).prop_map(|(name, labels)| SeriesDef {
            name,
            unit: Unit::None,
            labels,
        });
        let texts = prop_oneof!["[a-z]{1,4}\\.[a-z_]{1,4}", ".{0,10}"];
        prop_oneof![
            (
                prop::collection::vec(series, 0..6),
                prop::collection::vec(texts, 0..6)
            )
                .prop_map(|(series, texts)| Frame::Define { series, texts }),
            (any::<i64>(), prop::collection::vec(signal(), 0..12))
                .prop_map(|(base, signals)| Frame::Signals { base, signals }),
            (any::<u64>(), ".{0,20}").prop_map(|(count, reason)| Frame::Dropped { count, reason }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: crate::soak::cases(256), failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(1)), ..ProptestConfig::default() })]

        #[test]
        fn frames_survive_any_cuts(frames in prop::collection::vec(frame(), 0..6), sizes in prop::collection::vec(1_usize..97, 1..20)) {
            let mut bytes = Vec::new();
            for frame in &frames {
                bytes.extend(FRAME.encode(frame).unwrap());
            }
            let (mut cutter, mut read, mut rest) = (Cutter::default(), Vec::new(), bytes.as_slice());
            for size in sizes.iter().cycle() {
                let (now, later) = rest.split_at((*size).min(rest.len()));
                cutter.feed(now);
                while let Some(frame) = cutter.next::<Frame>(FRAME).unwrap() {
                    read.push(frame);
                }
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(read, frames);
        }

        #[test]
        fn a_damaged_stream_is_an_error_or_waits(frame in frame(), at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
            let mut bytes = FRAME.encode(&frame).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            let mut cutter = Cutter::default();
            cutter.feed(&bytes);
            // A longer length waits for bytes that never come; everything else is noticed.
            prop_assert!(!matches!(cutter.next::<Frame>(FRAME), Ok(Some(_))));
        }

        #[test]
        fn a_signal_takes_no_more_than_is_reckoned(signal in signal()) {
            let one = FRAME.encode(&Frame::Signals { base: 0, signals: vec![signal.clone()] }).unwrap().len();
            let none = FRAME.encode(&Frame::Signals { base: 0, signals: vec![] }).unwrap().len();
            prop_assert!(one - none <= signal.bytes(), "{} > {}", one - none, signal.bytes());
        }
    }

    fn conversation() -> Vec<u8> {
        let series = SeriesDef {
            name: "program.queue_len".to_owned(),
            unit: Unit::Count,
            labels: vec![("queue".to_owned(), "mail".to_owned())],
        };
        let texts = ["program.request", "route", "observed::handle", "error"]
            .map(str::to_owned)
            .to_vec();
        let signals = vec![
            WireSignal::Sample {
                series: 0,
                time: 0,
                value: 17.0,
            },
            WireSignal::Event {
                hook: 0,
                name: 0,
                time: 5,
                attributes: vec![(1, Owned::Text("/x".to_owned()))],
            },
            WireSignal::Span {
                ids: SpanIds {
                    trace: 1 << 100,
                    span: 2,
                    parent: Some(3),
                },
                name: 2,
                start: -7,
                took: 1_000,
                status: SpanStatus::Error,
                attributes: vec![
                    (3, Owned::Bool(true)),
                    (1, Owned::Int(-1)),
                    (0, Owned::Real(0.5)),
                ],
            },
        ];
        let mut bytes = HELLO
            .encode(&Hello {
                program: "golden".to_owned(),
                pid: 42,
            })
            .unwrap();
        for frame in [
            Frame::Define {
                series: vec![series],
                texts,
            },
            Frame::Signals {
                base: 1_700_000_000_000_000_000,
                signals,
            },
            Frame::Dropped {
                count: 9,
                reason: "reason".to_owned(),
            },
        ] {
            bytes.extend(FRAME.encode(&frame).unwrap());
        }
        bytes
    }

    #[test]
    fn golden_wire_bytes() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/wire.v1.bin");
        if std::env::var_os("VOIDSTATE_BLESS").is_some() {
            std::fs::write(&path, conversation()).unwrap();
        }
        let golden = std::fs::read(&path).unwrap();
        assert_eq!(
            golden,
            conversation(),
            "version 1 never changes; a new form needs a new PROTOCOL_VERSION"
        );
    }
}
