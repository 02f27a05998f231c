//! Frames of peers that lie, and of peers that do not.

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
    #![proptest_config(ProptestConfig { cases: crate::soak::cases(256), failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(1)), ..ProptestConfig::default() })]

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
            labels: vec![("n", n.rem_euclid(3).to_string())],
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
        name: "f",
        start: -5,
        end: 12,
        status: SpanStatus::Ok,
        attributes: vec![("program", Owned::Text("its own".to_owned()))],
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
