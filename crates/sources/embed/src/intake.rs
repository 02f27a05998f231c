//! Turns frames of a peer that is not trusted into signals.

use std::collections::HashMap;

use voidstate_core::{
    AttributeValue, Attributes, Emitter, Event, HookName, LABELS_MAX, MetricName, SeriesId,
    SeriesInfo, SeriesKey, Signal, Span, Timestamp,
};

use crate::Error;
use crate::check::ATTRIBUTES_MAX;
use crate::tables::SPAN_HOOK;
use crate::value::{Owned, cut};
use crate::wire::{Frame, SERIES_MAX, SeriesDef, SpanIds, TABLE_BYTES_MAX, TEXTS_MAX, WireSignal};

/// Label and attribute that name the program.
pub const PROGRAM: &str = "program";

/// The tables of one connection, and the series of all of them.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    program: String,
    rows: Vec<Option<SeriesId>>,
    texts: Vec<String>,
    hooks: HashMap<u32, HookName>,
    bytes: usize,
    /// Over all connections, so that a peer that comes back with new names cannot fill the engine.
    known: HashMap<SeriesKey, SeriesId>,
}

/// Why a signal is not usable.
type Refusal = &'static str;

impl Intake {
    pub(crate) fn set_program(&mut self, name: &str) {
        cut(name).as_ref().clone_into(&mut self.program);
    }

    /// The next connection begins with empty tables.
    pub(crate) fn forget_tables(&mut self) {
        self.rows = Vec::new();
        self.texts = Vec::new();
        self.hooks = HashMap::new();
        self.bytes = 0;
    }

    /// Hands a frame's content over; single signals that are not usable are rejected with the reason.
    ///
    /// # Errors
    /// [`Error::Protocol`] when the tables outgrow their limits.
    pub(crate) fn take(&mut self, frame: Frame, out: &mut dyn Emitter) -> Result<(), Error> {
        match frame {
            Frame::Define { series, texts } => self.define(series, texts, out),
            Frame::Signals { base, signals } => {
                for signal in signals {
                    if let Err(reason) = self.fire(base, signal, out) {
                        out.rejected(1, reason);
                    }
                }
                Ok(())
            }
            Frame::Dropped { count, reason } => {
                out.rejected(count, &cut(&reason));
                Ok(())
            }
        }
    }

    fn define(
        &mut self,
        series: Vec<SeriesDef>,
        texts: Vec<String>,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let within = |rule, limit: usize, found: usize| {
            if found <= limit {
                return Ok(());
            }
            Err(Error::Protocol {
                rule,
                limit: limit as u64,
                found: found as u64,
            })
        };
        self.bytes += series.iter().map(SeriesDef::bytes).sum::<usize>();
        self.bytes += texts.iter().map(|text| 6 + text.len()).sum::<usize>();
        within(
            "series of a program",
            SERIES_MAX,
            self.rows.len() + series.len(),
        )?;
        within(
            "texts of a program",
            TEXTS_MAX,
            self.texts.len() + texts.len(),
        )?;
        within("bytes of the tables", TABLE_BYTES_MAX, self.bytes)?;
        for definition in series {
            let row = self.admit(definition, out);
            self.rows.push(row);
        }
        self.texts.extend(texts);
        Ok(())
    }

    fn admit(&mut self, definition: SeriesDef, out: &mut dyn Emitter) -> Option<SeriesId> {
        let info = match self.info(definition) {
            Ok(info) => info,
            Err(error) => {
                out.rejected(1, &format!("a series of the program is not valid: {error}"));
                return None;
            }
        };
        if !self.known.contains_key(&info.key) && self.known.len() >= SERIES_MAX {
            out.rejected(
                1,
                "the program has shown more than 4096 series over its restarts",
            );
            return None;
        }
        let id = out.series(&info);
        self.known.insert(info.key, id);
        Some(id)
    }

    fn info(&self, definition: SeriesDef) -> voidstate_core::Result<SeriesInfo> {
        let SeriesDef {
            name,
            unit,
            mut labels,
        } = definition;
        let said = labels.iter().any(|(label, _)| label == PROGRAM);
        if !said && labels.len() < LABELS_MAX {
            labels.push((PROGRAM.to_owned(), self.program.clone()));
        }
        Ok(SeriesInfo {
            key: SeriesKey::new(MetricName::new(&name)?, labels)?,
            hook: HookName::new(&name)?,
            unit,
            limit: None,
        })
    }

    fn fire(
        &mut self,
        base: i64,
        signal: WireSignal,
        out: &mut dyn Emitter,
    ) -> Result<(), Refusal> {
        match signal {
            WireSignal::Sample {
                series,
                time,
                value,
            } => {
                let row = self
                    .rows
                    .get(series as usize)
                    .ok_or("a sample of a series that was never defined")?;
                let id = row.ok_or("a sample of a series that is not valid")?;
                out.sample(id, at(base, time), value);
            }
            WireSignal::Event {
                hook,
                name,
                time,
                attributes,
            } => {
                let name = self.text(name)?.to_owned();
                let event = Event {
                    name,
                    time: at(base, time),
                    attributes: self.attributes(attributes)?,
                };
                let hook = self.hook(hook)?;
                out.signal(hook, Signal::Event(event));
            }
            WireSignal::Span {
                ids,
                name,
                start,
                took,
                status,
                attributes,
            } => {
                let SpanIds {
                    trace: trace_id,
                    span: span_id,
                    parent,
                } = ids;
                let start = at(base, start);
                let end = start
                    .as_nanos()
                    .checked_add_unsigned(took)
                    .ok_or("a span ends after the year 2262")?;
                let name = self.text(name)?.to_owned();
                let attributes = self.attributes(attributes)?;
                let end = Timestamp::from_nanos(end);
                let span = Span {
                    trace_id,
                    span_id,
                    parent,
                    name,
                    start,
                    end,
                    status,
                    attributes,
                };
                let hook = HookName::new(SPAN_HOOK)
                    .map_err(|_| "the hook of spans is not a valid name")?;
                out.signal(&hook, Signal::Span(span));
            }
        }
        Ok(())
    }

    fn text(&self, row: u32) -> Result<&str, Refusal> {
        self.texts
            .get(row as usize)
            .map(String::as_str)
            .ok_or("a signal names a text that was never defined")
    }

    fn hook(&mut self, row: u32) -> Result<&HookName, Refusal> {
        if !self.hooks.contains_key(&row) {
            let hook = HookName::new(self.text(row)?)
                .map_err(|_| "an event is fired at a hook that is not a valid name")?;
            self.hooks.insert(row, hook);
        }
        self.hooks.get(&row).ok_or("a hook that is not known")
    }

    fn attributes(&self, given: Vec<(u32, Owned)>) -> Result<Attributes, Refusal> {
        if given.len() > ATTRIBUTES_MAX {
            return Err("a signal has more than 32 attributes");
        }
        let mut attributes = Attributes::new();
        for (key, value) in given {
            if attributes
                .insert(self.text(key)?.to_owned(), value.into())
                .is_some()
            {
                return Err("an attribute is given twice");
            }
        }
        attributes
            .entry(PROGRAM.to_owned())
            .or_insert_with(|| AttributeValue::Text(self.program.clone()));
        Ok(attributes)
    }
}

/// Wraps around like the writer's subtraction does, so that every pair of times survives.
const fn at(base: i64, time: i64) -> Timestamp {
    Timestamp::from_nanos(base.wrapping_add(time))
}

#[cfg(test)]
#[path = "../tests/it/collect.rs"]
mod collect;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use voidstate_core::{SpanStatus, Unit};

    use super::collect::Collect;
    use super::*;
    use crate::ring::{Record, SpanRecord};
    use crate::tables::Tables;
    use crate::wire::{Cutter, FRAME, tests};

    fn signals_in(frames: &[Frame]) -> u64 {
        let count = |frame: &Frame| {
            if let Frame::Signals { signals, .. } = frame {
                signals.len() as u64
            } else {
                0
            }
        };
        frames.iter().map(count).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn hostile_frames_are_taken_or_rejected_and_counted(frames in prop::collection::vec(tests::frame(), 0..20)) {
            let (mut intake, mut out) = (Intake::default(), Collect::default());
            intake.set_program("hostile");
            let frames: Vec<_> = frames.into_iter().filter(|frame| !matches!(frame, Frame::Dropped { .. })).collect();
            for frame in frames.clone() {
                intake.take(frame, &mut out).unwrap();
            }
            let of_signals = |reason: &str| !reason.starts_with("a series of the program");
            let refused = out.rejected.iter().filter(|(_, reason)| of_signals(reason)).count();
            prop_assert_eq!((out.samples.len() + out.signals.len() + refused) as u64, signals_in(&frames));
            for (_, signal) in &out.signals {
                if let Signal::Span(span) = signal {
                    prop_assert!(span.end >= span.start);
                }
            }
        }

        #[test]
        fn what_the_program_says_is_what_arrives(times in prop::collection::vec((any::<i64>(), any::<i32>()), 1..200)) {
            let records = times.iter().map(|(time, n)| Record::Sample {
                name: format!("program.s{}", n.rem_euclid(5)).into(),
                unit: Unit::Count,
                labels: vec![("n".into(), n.rem_euclid(3).to_string())],
                time: *time,
                value: f64::from(*n),
            });
            let mut tables = Tables::default();
            let (mut cutter, mut intake, mut out) = (Cutter::default(), Intake::default(), Collect::default());
            for frame in tables.encode(records).unwrap() {
                cutter.feed(&frame.bytes);
                while let Some(frame) = cutter.next::<Frame>(FRAME).unwrap() {
                    intake.take(frame, &mut out).unwrap();
                }
            }
            prop_assert_eq!(out.samples.len(), times.len());
            for ((id, time, value), (sent, n)) in out.samples.iter().zip(&times) {
                let key = &out.series[id.0 as usize].key;
                prop_assert_eq!((time.as_nanos(), *value), (*sent, f64::from(*n)));
                prop_assert_eq!(key.metric().as_str(), format!("program.s{}", n.rem_euclid(5)));
                let label = n.rem_euclid(3).to_string();
                prop_assert_eq!(key.label("n"), Some(label.as_str()));
            }
            prop_assert!(out.rejected.is_empty());
        }
    }

    #[test]
    fn spans_arrive_as_they_were() {
        let span = SpanRecord {
            trace_id: u128::MAX,
            span_id: 1,
            parent: None,
            name: "f".into(),
            start: -5,
            end: 12,
            status: SpanStatus::Ok,
            attributes: vec![("program".into(), Owned::Text("its own".to_owned()))],
        };
        let (mut intake, mut out) = (Intake::default(), Collect::default());
        for frame in Tables::default()
            .encode([Record::Span(Box::new(span))])
            .unwrap()
        {
            intake
                .take(FRAME.decode(&frame.bytes).unwrap(), &mut out)
                .unwrap();
        }
        let arrived = out.spans("f")[0];
        assert_eq!(
            (
                arrived.trace_id,
                arrived.start.as_nanos(),
                arrived.end.as_nanos()
            ),
            (u128::MAX, -5, 12)
        );
        assert_eq!(arrived.attributes["program"].as_text(), Some("its own"));
    }

    #[test]
    fn tables_are_bounded_whatever_the_peer_sends() {
        let series = |from: usize, to: usize| {
            let row = |n| SeriesDef {
                name: format!("a.s{n}"),
                unit: Unit::None,
                labels: Vec::new(),
            };
            Frame::Define {
                series: (from..to).map(row).collect(),
                texts: Vec::new(),
            }
        };
        let texts = |n: usize, bytes: usize| Frame::Define {
            series: Vec::new(),
            texts: vec!["x".repeat(bytes); n],
        };
        let (mut intake, mut out) = (Intake::default(), Collect::default());
        assert!(intake.take(series(0, SERIES_MAX), &mut out).is_ok());
        let one_more = intake.take(series(0, 1), &mut out);
        assert!(matches!(
            one_more,
            Err(Error::Protocol {
                rule: "series of a program",
                ..
            })
        ));
        intake.forget_tables();
        intake
            .take(series(SERIES_MAX, SERIES_MAX + 50), &mut out)
            .unwrap();
        assert_eq!(
            (out.series.len(), out.rejections("over its restarts")),
            (SERIES_MAX, 50)
        );
        assert!(intake.take(texts(TEXTS_MAX + 1, 1), &mut out).is_err());
        assert!(intake.take(texts(10, 1 << 20), &mut out).is_err());
    }

    #[test]
    fn what_is_not_defined_is_rejected_with_the_reason() {
        let (mut intake, mut out) = (Intake::default(), Collect::default());
        intake
            .take(
                Frame::Define {
                    series: Vec::new(),
                    texts: vec!["Not A Hook".to_owned()],
                },
                &mut out,
            )
            .unwrap();
        let ids = SpanIds {
            trace: 1,
            span: 1,
            parent: None,
        };
        let signals = vec![
            WireSignal::Sample {
                series: 9,
                time: 0,
                value: 1.0,
            },
            WireSignal::Event {
                hook: 0,
                name: 0,
                time: 0,
                attributes: Vec::new(),
            },
            WireSignal::Event {
                hook: 7,
                name: 0,
                time: 0,
                attributes: Vec::new(),
            },
            WireSignal::Event {
                hook: 0,
                name: 0,
                time: 0,
                attributes: vec![(0, Owned::Bool(true)); 2],
            },
            WireSignal::Event {
                hook: 0,
                name: 0,
                time: 0,
                attributes: vec![(0, Owned::Bool(true)); 33],
            },
            WireSignal::Span {
                ids,
                name: 0,
                start: 1,
                took: u64::MAX,
                status: SpanStatus::Unset,
                attributes: Vec::new(),
            },
        ];
        intake
            .take(Frame::Signals { base: 0, signals }, &mut out)
            .unwrap();
        assert!(out.samples.is_empty() && out.signals.is_empty());
        for part in [
            "series that was never",
            "not a valid name",
            "text that was never",
            "given twice",
            "than 32",
            "2262",
        ] {
            assert_eq!(out.rejections(part), 1, "{part}: {:?}", out.rejected);
        }
    }
}
