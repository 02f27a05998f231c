//! Traces are whole, or have the fault that is named.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use voidstate_core::{SpanStatus, Timestamp};
use voidstate_properties::Error;
use voidstate_properties::strategies::{TraceFault, Traces, trace_fault};

use super::{law, some};

#[test]
fn whole_traces_are_trees_of_spans_within_spans() {
    for duration_max in [Duration::from_nanos(1), Duration::from_secs(3600)] {
        let traces = Traces {
            duration_max,
            spans: 1..=60,
            ..Traces::default()
        };
        law(300, traces.strategy().unwrap(), |spans| {
            prop_assert_eq!(trace_fault(&spans), None);
            let by_id: BTreeMap<_, _> = spans.iter().map(|span| (span.span_id, span)).collect();
            for span in &spans {
                prop_assert!(span.trace_id != 0 && span.span_id != 0);
                let parent = span.parent.map(|id| by_id[&id]);
                prop_assert!(parent.is_none_or(|p| p.start <= span.start && span.end <= p.end));
            }
            prop_assert!(spans.is_sorted_by_key(|span| span.end));
            Ok(())
        });
    }
}

#[test]
fn broken_traces_have_the_fault_that_is_named() {
    let mut seen: BTreeMap<TraceFault, usize> = BTreeMap::new();
    for (spans, fault) in some(2000, Traces::default().broken().unwrap()) {
        assert_eq!(trace_fault(&spans), Some(fault), "{spans:?}");
        *seen.entry(fault).or_default() += 1;
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
    assert_eq!(trace_fault(&[]), Some(TraceFault::Roots));
}

#[test]
fn as_many_spans_fail_as_asked() {
    for (failures_percent, expected) in [(0, 0..=0), (10, 700..=1300), (100, 10_000..=10_000)] {
        let traces = Traces {
            failures_percent,
            spans: 20..=20,
            ..Traces::default()
        };
        let spans = some(500, traces.strategy().unwrap()).concat();
        let failed = spans
            .iter()
            .filter(|span| span.status == SpanStatus::Error)
            .count();
        assert!(expected.contains(&failed), "{failed} of {}", spans.len());
    }
}

#[test]
#[expect(
    clippy::reversed_empty_ranges,
    reason = "that it is refused is what is tested"
)]
fn traces_that_cannot_be_are_refused() {
    let refused = |traces: Traces| {
        let parameter = |error| matches!(error, Error::StrategyParameter { .. });
        traces.strategy().err().is_some_and(parameter) && traces.broken().is_err()
    };
    let traces = Traces::default;
    assert!(refused(Traces {
        spans: 0..=3,
        ..traces()
    }));
    assert!(refused(Traces {
        spans: 4..=3,
        ..traces()
    }));
    assert!(refused(Traces {
        names: Vec::new(),
        ..traces()
    }));
    assert!(refused(Traces {
        duration_max: Duration::ZERO,
        ..traces()
    }));
    assert!(refused(Traces {
        duration_max: Duration::MAX,
        ..traces()
    }));
    assert!(refused(Traces {
        start: Timestamp::MAX,
        ..traces()
    }));
    assert!(refused(Traces {
        start: Timestamp::MIN,
        ..traces()
    }));
}
