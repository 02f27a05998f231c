//! Values of the core types.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use voidstate_core::{
    AttributeValue, Attributes, Confidence, Event, Evidence, Finding, FindingKind, MetricName,
    Sample, SeriesKey, Severity, Signal, Span, SpanStatus, Stage, State, Timestamp, ToolId, Unit,
};

pub(crate) fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        (-1000..1000_i32).prop_map(f64::from),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        Just(f64::MIN_POSITIVE / 2.0),
    ]
}

pub(crate) fn timestamp() -> impl Strategy<Value = Timestamp> {
    prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(0)]
        .prop_map(Timestamp::from_nanos)
}

pub(crate) fn series() -> impl Strategy<Value = SeriesKey> {
    let metric = "[A-Za-z0-9_:/-]{1,12}(\\.[A-Za-z0-9_:/-]{1,12}){0,3}";
    let labels = btree_map("[A-Za-z_][A-Za-z0-9_]{0,8}", ".{0,12}", 0..4);
    (metric, labels).prop_map(|(metric, labels)| {
        SeriesKey::new(MetricName::new(&metric).unwrap(), labels).unwrap()
    })
}

pub(crate) fn value() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<i64>().prop_map(AttributeValue::Int),
        number().prop_map(AttributeValue::Real),
        ".{0,10}".prop_map(AttributeValue::Text),
        vec(any::<u8>(), 0..6).prop_map(AttributeValue::Bytes),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(AttributeValue::List),
            btree_map(".{0,6}", inner, 0..4).prop_map(AttributeValue::Map),
        ]
    })
}

pub(crate) fn attributes() -> impl Strategy<Value = Attributes> {
    btree_map("[a-z_]{1,8}", value(), 0..4)
}

pub(crate) fn signal() -> impl Strategy<Value = Signal> {
    let sample = (series(), timestamp(), number()).prop_map(|(series, time, value)| {
        Signal::Sample(Sample {
            series,
            time,
            value,
        })
    });
    let event = (".{0,12}", timestamp(), attributes()).prop_map(|(name, time, attributes)| {
        Signal::Event(Event {
            name,
            time,
            attributes,
        })
    });
    let status = prop_oneof![
        Just(SpanStatus::Unset),
        Just(SpanStatus::Ok),
        Just(SpanStatus::Error)
    ];
    let ids = (any::<u128>(), any::<u64>(), any::<Option<u64>>());
    let span = (
        ids,
        ".{0,12}",
        timestamp(),
        timestamp(),
        status,
        attributes(),
    )
        .prop_map(
            |((trace_id, span_id, parent), name, start, end, status, attributes)| {
                Signal::Span(Span {
                    trace_id,
                    span_id,
                    parent,
                    name,
                    start,
                    end,
                    status,
                    attributes,
                })
            },
        );
    let state = (".{0,12}", timestamp(), attributes()).prop_map(|(name, time, variables)| {
        Signal::State(State {
            name,
            time,
            variables,
        })
    });
    prop_oneof![sample, event, span, state]
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![
        Unit::None,
        Unit::Percent,
        Unit::Bytes,
        Unit::BytesPerSecond,
        Unit::PerSecond,
        Unit::Seconds,
        Unit::Count,
    ])
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let named = || (any::<u32>(), ".{0,15}", "[a-z]{1,6}", number(), unit());
    prop_oneof![
        (series(), timestamp(), number(), unit()).prop_map(|(series, time, value, unit)| {
            Evidence::Value {
                series,
                time,
                value,
                unit,
            }
        }),
        (number(), number(), number(), unit()).prop_map(|(low, mid, high, unit)| {
            Evidence::Expected {
                low,
                mid,
                high,
                unit,
            }
        }),
        (".{0,10}", number()).prop_map(|(test, p)| Evidence::PValue { test, p }),
        any::<u64>().prop_map(|count| Evidence::Samples { count }),
        named().prop_map(|(pid, comm, quantity, value, unit)| Evidence::Process {
            pid,
            comm,
            quantity,
            value,
            unit
        }),
        named().prop_map(|(_, name, quantity, value, unit)| Evidence::Device {
            name,
            quantity,
            value,
            unit
        }),
        (".{0,10}", value()).prop_map(|(name, value)| Evidence::Fact { name, value }),
    ]
}

pub(crate) fn finding() -> impl Strategy<Value = Finding> {
    let kind = prop::sample::select(vec![
        FindingKind::Anomaly,
        FindingKind::Drift,
        FindingKind::Pattern,
        FindingKind::Structure,
        FindingKind::Cause,
        FindingKind::Forecast,
        FindingKind::Violation,
        FindingKind::Health,
    ]);
    let severity = prop::sample::select(vec![
        Severity::Info,
        Severity::Notice,
        Severity::Warning,
        Severity::Critical,
    ]);
    let stage = prop::sample::select(vec![
        Stage::Instant,
        Stage::Opened,
        Stage::Updated,
        Stage::Closed,
    ]);
    let time = (timestamp(), prop::option::of(timestamp()));
    let said = (".{0,20}", vec(evidence(), 0..4), 0.0..=1.0_f64, ".{0,20}");
    (
        "[a-z0-9_-]{1,12}",
        any::<u64>(),
        (kind, severity, stage),
        time,
        vec(series(), 0..3),
        said,
    )
        .prop_map(
            |(tool, episode, (kind, severity, stage), (start, end), series, said)| Finding {
                tool: ToolId::new(&tool).unwrap(),
                episode,
                kind,
                severity,
                stage,
                start,
                end,
                series,
                sentence: said.0,
                evidence: said.1,
                confidence: Confidence::new(said.2).unwrap(),
                refutation: said.3,
            },
        )
}
