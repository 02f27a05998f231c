//! The JSON forms do not change by accident.

use std::path::Path;

use voidstate_core::{
    AttributeValue, Confidence, Event, Evidence, Finding, FindingKind, MetricName, Sample,
    SeriesKey, Severity, Signal, Span, SpanStatus, Stage, State, Timestamp, ToolId, Unit,
};

fn check(name: &str, json: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    let json = format!("{json}\n");
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(&path, &json).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), json, "{name}");
}

fn series() -> SeriesKey {
    SeriesKey::new(
        MetricName::new("host.cpu.mode").unwrap(),
        [("core", "0"), ("mode", "user")],
    )
    .unwrap()
}

fn time() -> Timestamp {
    Timestamp::from_nanos(1_800_000_000_123_456_789)
}

#[test]
fn signals_have_a_fixed_json_form() {
    let values = [
        ("flag", AttributeValue::Bool(true)),
        (
            "list",
            AttributeValue::List(vec![1_i64.into(), 2.0.into(), f64::NAN.into()]),
        ),
        (
            "map",
            AttributeValue::Map([("raw".to_owned(), AttributeValue::Bytes(vec![0, 255]))].into()),
        ),
        ("text", "ä\n".into()),
    ];
    let attributes: voidstate_core::Attributes =
        values.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    let signals = vec![
        Signal::Sample(Sample {
            series: series(),
            time: time(),
            value: f64::NEG_INFINITY,
        }),
        Signal::Event(Event {
            name: "deploy".into(),
            time: time(),
            attributes: attributes.clone(),
        }),
        Signal::Span(Span {
            trace_id: 0xabc,
            span_id: 0x12,
            parent: Some(0x11),
            name: "request".into(),
            start: time(),
            end: Timestamp::from_nanos(time().as_nanos() + 5),
            status: SpanStatus::Error,
            attributes: voidstate_core::Attributes::new(),
        }),
        Signal::State(State {
            name: "host.process".into(),
            time: time(),
            variables: attributes,
        }),
    ];
    check(
        "signals.v1.json",
        &serde_json::to_string_pretty(&signals).unwrap(),
    );
}

#[test]
fn findings_have_a_fixed_json_form() {
    let finding = Finding {
        tool: ToolId::new("anomaly").unwrap(),
        episode: 7,
        kind: FindingKind::Anomaly,
        severity: Severity::Warning,
        stage: Stage::Closed,
        start: time(),
        end: Some(Timestamp::from_nanos(time().as_nanos() + 9)),
        series: vec![series()],
        sentence: "cpu is unusually high".into(),
        evidence: vec![
            Evidence::Value {
                series: series(),
                time: time(),
                value: 98.5,
                unit: Unit::Percent,
            },
            Evidence::Expected {
                low: 1.0,
                mid: 3.0,
                high: f64::INFINITY,
                unit: Unit::Percent,
            },
            Evidence::PValue {
                test: "tail".into(),
                p: 1e-9,
            },
            Evidence::Samples { count: 120 },
            Evidence::Process {
                pid: 42,
                comm: "burn".into(),
                quantity: "cpu".into(),
                value: 99.0,
                unit: Unit::Percent,
            },
            Evidence::Device {
                name: "vda".into(),
                quantity: "write".into(),
                value: 3e8,
                unit: Unit::BytesPerSecond,
            },
            Evidence::Fact {
                name: "shard".into(),
                value: 0_i64.into(),
            },
        ],
        confidence: Confidence::new(0.99).unwrap(),
        refutation: "values back inside the band within ten seconds".into(),
    };
    check(
        "finding.v1.json",
        &serde_json::to_string_pretty(&finding).unwrap(),
    );
}
