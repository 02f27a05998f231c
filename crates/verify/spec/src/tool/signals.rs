//! What tools see, as values.

use voidstate_core::{
    AttributeValue, Attributes, Event, SeriesKey, SignalRef, Span, SpanStatus, State, Timestamp,
};
use voidstate_language::{Type, Value};

use crate::Error;
use crate::convert::{Shape, SpecValue, payload, record, variant};

/// A signal, seen.
#[derive(Debug, Clone, Copy)]
pub struct SignalView<'a>(pub SignalRef<'a>);

const ATTRIBUTES: Shape = Shape::Map(&Shape::Text, &Shape::Text);
const STATUS: Shape = Shape::Enum("SpanStatus", &[("unset", &[]), ("ok", &[]), ("error", &[])]);
const SAMPLE: Shape = Shape::Record(
    "Sample",
    &[
        ("series", Shape::Text),
        ("time", Timestamp::SHAPE),
        ("value", Shape::Real(None)),
    ],
);
const EVENT: Shape = Shape::Record(
    "Event",
    &[
        ("name", Shape::Text),
        ("time", Timestamp::SHAPE),
        ("attributes", ATTRIBUTES),
    ],
);
const SPAN: Shape = Shape::Record(
    "Span",
    &[
        ("trace_id", Shape::Text),
        ("span_id", Shape::Text),
        ("parent", Shape::Option(&Shape::Text)),
        ("name", Shape::Text),
        ("start", Timestamp::SHAPE),
        ("end", Timestamp::SHAPE),
        ("status", STATUS),
        ("attributes", ATTRIBUTES),
    ],
);
const STATE: Shape = Shape::Record(
    "State",
    &[
        ("name", Shape::Text),
        ("time", Timestamp::SHAPE),
        ("variables", ATTRIBUTES),
    ],
);

impl SpecValue for SignalView<'_> {
    const SHAPE: Shape = Shape::Enum(
        "Signal",
        &[
            ("sample", &[SAMPLE]),
            ("event", &[EVENT]),
            ("span", &[SPAN]),
            ("snapshot", &[STATE]),
        ],
    );

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        match self.0 {
            SignalRef::Sample {
                series,
                time,
                value,
                ..
            } => variant("sample", type_, |types| {
                Ok(vec![sample(series, time, value, payload(types, 0)?)?])
            }),
            SignalRef::Event(of) => variant("event", type_, |types| {
                Ok(vec![event(of, payload(types, 0)?)?])
            }),
            SignalRef::Span(of) => variant("span", type_, |types| {
                Ok(vec![span(of, payload(types, 0)?)?])
            }),
            SignalRef::State(of) => variant("snapshot", type_, |types| {
                Ok(vec![state(of, payload(types, 0)?)?])
            }),
            _ => variant("of a later version", type_, |_| Ok(Vec::new())),
        }
    }
}

fn sample(series: &SeriesKey, time: Timestamp, value: f64, type_: &Type) -> Result<Value, Error> {
    record("Sample", type_, |name, type_| match name {
        "series" => Some(series.to_value(type_)),
        "time" => Some(time.to_value(type_)),
        "value" => Some(value.to_value(type_)),
        _ => None,
    })
}

fn event(event: &Event, type_: &Type) -> Result<Value, Error> {
    record("Event", type_, |name, type_| match name {
        "name" => Some(event.name.to_value(type_)),
        "time" => Some(event.time.to_value(type_)),
        "attributes" => Some(attributes(&event.attributes, type_)),
        _ => None,
    })
}

fn state(state: &State, type_: &Type) -> Result<Value, Error> {
    record("State", type_, |name, type_| match name {
        "name" => Some(state.name.to_value(type_)),
        "time" => Some(state.time.to_value(type_)),
        "variables" => Some(attributes(&state.variables, type_)),
        _ => None,
    })
}

fn span(span: &Span, type_: &Type) -> Result<Value, Error> {
    record("Span", type_, |name, type_| {
        Some(match name {
            "trace_id" => format!("{:032x}", span.trace_id).to_value(type_),
            "span_id" => format!("{:016x}", span.span_id).to_value(type_),
            "parent" => span.parent.map(|id| format!("{id:016x}")).to_value(type_),
            "name" => span.name.to_value(type_),
            "start" => span.start.to_value(type_),
            "end" => span.end.to_value(type_),
            "status" => status(span.status, type_),
            "attributes" => attributes(&span.attributes, type_),
            _ => return None,
        })
    })
}

fn status(status: SpanStatus, type_: &Type) -> Result<Value, Error> {
    let name = match status {
        SpanStatus::Unset => "unset",
        SpanStatus::Ok => "ok",
        SpanStatus::Error => "error",
        _ => "of a later version",
    };
    variant(name, type_, |_| Ok(Vec::new()))
}

/// Values as texts: numbers as Rust writes them, lists and maps by their kind alone.
fn attributes(all: &Attributes, type_: &Type) -> Result<Value, Error> {
    let text = |value: &AttributeValue| match value {
        AttributeValue::Bool(b) => b.to_string(),
        AttributeValue::Int(n) => n.to_string(),
        AttributeValue::Real(x) => x.to_string(),
        AttributeValue::Text(text) => text.clone(),
        other => other.kind().to_owned(),
    };
    let texts: std::collections::BTreeMap<&str, String> = all
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    texts.to_value(type_)
}
