//! Signals.

use proptest::prelude::*;
use proptest::sample::select;
use voidstate_core::{Event, Sample, Signal, Span, SpanStatus, State};

use super::{Sizes, attributes, number, series_key, text, timestamp};

/// Samples with any number.
pub fn sample(sizes: Sizes) -> impl Strategy<Value = Sample> + Clone {
    (series_key(sizes), timestamp(), number()).prop_map(|(series, time, value)| Sample {
        series,
        time,
        value,
    })
}

/// Events.
pub fn event(sizes: Sizes) -> impl Strategy<Value = Event> + Clone {
    (text(sizes.text_chars_max), timestamp(), attributes(sizes)).prop_map(
        |(name, time, attributes)| Event {
            name,
            time,
            attributes,
        },
    )
}

/// Spans that know nothing of each other, and may end before they start; see [`Traces`](super::Traces) for whole ones.
pub fn span(sizes: Sizes) -> impl Strategy<Value = Span> + Clone {
    let ids = (any::<u128>(), any::<u64>(), any::<Option<u64>>());
    let status = select(vec![SpanStatus::Unset, SpanStatus::Ok, SpanStatus::Error]);
    let times = (timestamp(), timestamp());
    let said = (text(sizes.text_chars_max), status, attributes(sizes));
    (ids, times, said).prop_map(
        |((trace_id, span_id, parent), (start, end), (name, status, attributes))| Span {
            trace_id,
            span_id,
            parent,
            name,
            start,
            end,
            status,
            attributes,
        },
    )
}

/// Snapshots of named variables.
pub fn state(sizes: Sizes) -> impl Strategy<Value = State> + Clone {
    (text(sizes.text_chars_max), timestamp(), attributes(sizes)).prop_map(
        |(name, time, variables)| State {
            name,
            time,
            variables,
        },
    )
}

/// Any signal. Shrinks towards a sample.
pub fn signal(sizes: Sizes) -> impl Strategy<Value = Signal> + Clone {
    prop_oneof![
        4 => sample(sizes).prop_map(Signal::Sample),
        2 => event(sizes).prop_map(Signal::Event),
        2 => span(sizes).prop_map(Signal::Span),
        1 => state(sizes).prop_map(Signal::State),
    ]
}
