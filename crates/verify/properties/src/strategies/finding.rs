//! Findings and what they rest on.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use voidstate_core::{Confidence, Evidence, Finding, FindingKind, Severity, Stage};

use super::{Sizes, number, series_key, text, timestamp, tool_id, unit, value};

/// From 0 to 1, both ends often. Shrinks towards 0.
pub fn confidence() -> impl Strategy<Value = Confidence> + Clone {
    prop_oneof![1 => Just(0.0), 1 => Just(1.0), 6 => 0.0..=1.0_f64].prop_map(Confidence::saturating)
}

/// Evidence of every kind.
pub fn evidence(sizes: Sizes) -> impl Strategy<Value = Evidence> + Clone {
    let words = move || text(sizes.text_chars_max);
    prop_oneof![
        any::<u64>().prop_map(|count| Evidence::Samples { count }),
        (series_key(sizes), timestamp(), number(), unit()).prop_map(
            |(series, time, value, unit)| Evidence::Value {
                series,
                time,
                value,
                unit
            }
        ),
        (number(), number(), number(), unit()).prop_map(|(low, mid, high, unit)| {
            Evidence::Expected {
                low,
                mid,
                high,
                unit,
            }
        }),
        (words(), prop_oneof![0.0..=1.0_f64, number()])
            .prop_map(|(test, p)| Evidence::PValue { test, p }),
        (
            any::<u32>(),
            text(sizes.text_chars_max.min(15)),
            words(),
            number(),
            unit()
        )
            .prop_map(|(pid, comm, quantity, value, unit)| Evidence::Process {
                pid,
                comm,
                quantity,
                value,
                unit
            }),
        (words(), words(), number(), unit()).prop_map(|(name, quantity, value, unit)| {
            Evidence::Device {
                name,
                quantity,
                value,
                unit,
            }
        }),
        (words(), value(sizes)).prop_map(|(name, value)| Evidence::Fact { name, value }),
    ]
}

/// Findings in every stage of their lives; one that goes on has no end, any other ends at or after its start.
pub fn finding(sizes: Sizes) -> impl Strategy<Value = Finding> + Clone {
    let kind = select(vec![
        FindingKind::Anomaly,
        FindingKind::Drift,
        FindingKind::Pattern,
        FindingKind::Structure,
        FindingKind::Cause,
        FindingKind::Forecast,
        FindingKind::Violation,
        FindingKind::Health,
    ]);
    let severity = select(vec![
        Severity::Info,
        Severity::Notice,
        Severity::Warning,
        Severity::Critical,
    ]);
    let stage = select(vec![
        Stage::Instant,
        Stage::Opened,
        Stage::Updated,
        Stage::Closed,
    ]);
    let who = (tool_id(), any::<u64>(), kind, severity, stage);
    let said = (
        text(sizes.text_chars_max),
        confidence(),
        text(sizes.text_chars_max),
    );
    let basis = (
        vec(series_key(sizes), 0..=sizes.items_max),
        vec(evidence(sizes), 0..=sizes.items_max),
    );
    (who, (timestamp(), timestamp()), said, basis).prop_map(
        |((tool, episode, kind, severity, stage), (a, b), said, (series, evidence))| Finding {
            tool,
            episode,
            kind,
            severity,
            stage,
            start: a.min(b),
            end: match stage {
                Stage::Opened | Stage::Updated => None,
                _ => Some(a.max(b)),
            },
            series,
            sentence: said.0,
            evidence,
            confidence: said.1,
            refutation: said.2,
        },
    )
}
