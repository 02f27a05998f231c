//! What tools say, as values.

use voidstate_core::{
    AttributeValue, Evidence, Finding, FindingKind, Output, SeriesKey, Severity, Stage, Timestamp,
};
use voidstate_language::{Type, Value};

use crate::Error;
use crate::convert::{Shape, SpecValue, record, variant};

impl SpecValue for Timestamp {
    const SHAPE: Shape = Shape::Int(Some("ns"));

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        self.as_nanos().to_value(type_)
    }
}

/// What is written as its `Display`.
fn displayed(value: &impl std::fmt::Display) -> Value {
    Value::Text(value.to_string().into())
}

impl SpecValue for SeriesKey {
    const SHAPE: Shape = Shape::Text;

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        Ok(displayed(self))
    }
}

macro_rules! plain_enum {
    ($type:ty { $($name:literal = $variant:pat),+ $(,)? }) => {
        impl SpecValue for $type {
            const SHAPE: Shape = Shape::Enum(stringify!($type), &[$(($name, &[])),+]);

            fn to_value(&self, type_: &Type) -> Result<Value, Error> {
                let name = match self {
                    $($variant => $name,)+
                    _ => "of a later version",
                };
                variant(name, type_, |_| Ok(Vec::new()))
            }
        }
    };
}

plain_enum!(Severity { "info" = Severity::Info, "notice" = Severity::Notice, "warning" = Severity::Warning, "critical" = Severity::Critical });
plain_enum!(Stage { "instant" = Stage::Instant, "opened" = Stage::Opened, "updated" = Stage::Updated, "closed" = Stage::Closed });
plain_enum!(FindingKind {
    "anomaly" = FindingKind::Anomaly,
    "drift" = FindingKind::Drift,
    "pattern" = FindingKind::Pattern,
    "structure" = FindingKind::Structure,
    "cause" = FindingKind::Cause,
    "forecast" = FindingKind::Forecast,
    "violation" = FindingKind::Violation,
    "health" = FindingKind::Health,
});

/// Kind, numbers and texts of a piece of evidence.
fn parts(evidence: &Evidence) -> (&'static str, Vec<f64>, Vec<String>) {
    match evidence {
        Evidence::Value { series, value, .. } => ("value", vec![*value], vec![series.to_string()]),
        Evidence::Expected { low, mid, high, .. } => {
            ("expected", vec![*low, *mid, *high], Vec::new())
        }
        Evidence::PValue { test, p } => ("p_value", vec![*p], vec![test.clone()]),
        Evidence::Samples { count } => ("samples", vec![*count as f64], Vec::new()),
        Evidence::Process {
            pid,
            comm,
            quantity,
            value,
            ..
        } => (
            "process",
            vec![f64::from(*pid), *value],
            vec![comm.clone(), quantity.clone()],
        ),
        Evidence::Device {
            name,
            quantity,
            value,
            ..
        } => ("device", vec![*value], vec![name.clone(), quantity.clone()]),
        Evidence::Fact { name, value } => {
            let texts = std::iter::once(name.as_str()).chain(value.as_text());
            let texts = texts.map(str::to_owned).collect();
            ("fact", value.as_f64().into_iter().collect(), texts)
        }
        _ => ("of a later version", Vec::new(), Vec::new()),
    }
}

impl SpecValue for Evidence {
    const SHAPE: Shape = Shape::Record(
        "Evidence",
        &[
            ("kind", Shape::Text),
            ("numbers", Shape::List(&Shape::Real(None))),
            ("texts", Shape::List(&Shape::Text)),
        ],
    );

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        let (kind, numbers, texts) = parts(self);
        record("Evidence", type_, |name, type_| match name {
            "kind" => Some(kind.to_value(type_)),
            "numbers" => Some(numbers.to_value(type_)),
            "texts" => Some(texts.to_value(type_)),
            _ => None,
        })
    }
}

impl SpecValue for Finding {
    const SHAPE: Shape = Shape::Record(
        "Finding",
        &[
            ("author", Shape::Text),
            ("episode", Shape::Int(None)),
            ("kind", FindingKind::SHAPE),
            ("severity", Severity::SHAPE),
            ("stage", Stage::SHAPE),
            ("start", Timestamp::SHAPE),
            ("end", Shape::Option(&Timestamp::SHAPE)),
            ("series", Shape::List(&Shape::Text)),
            ("sentence", Shape::Text),
            ("evidence", Shape::List(&Evidence::SHAPE)),
            ("confidence", Shape::Real(None)),
            ("refutation", Shape::Text),
        ],
    );

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        record("Finding", type_, |name, type_| {
            Some(match name {
                "author" => Ok(displayed(&self.tool)),
                "episode" => self.episode.to_value(type_),
                "kind" => self.kind.to_value(type_),
                "severity" => self.severity.to_value(type_),
                "stage" => self.stage.to_value(type_),
                "start" => self.start.to_value(type_),
                "end" => self.end.to_value(type_),
                "series" => self.series.to_value(type_),
                "sentence" => self.sentence.to_value(type_),
                "evidence" => self.evidence.to_value(type_),
                "confidence" => self.confidence.get().to_value(type_),
                "refutation" => self.refutation.to_value(type_),
                _ => return None,
            })
        })
    }
}

/// A metric that a tool published.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The number.
    pub value: f64,
}

impl SpecValue for Named {
    const SHAPE: Shape = Shape::Record(
        "Metric",
        &[("name", Shape::Text), ("value", Shape::Real(None))],
    );

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        record("Metric", type_, |name, type_| match name {
            "name" => Some(self.name.to_value(type_)),
            "value" => Some(self.value.to_value(type_)),
            _ => None,
        })
    }
}

/// What a tool handed to those that depend on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Given(pub Output);

impl SpecValue for Given {
    const SHAPE: Shape = Shape::Record(
        "Given",
        &[
            ("name", Shape::Text),
            ("number", Shape::Option(&Shape::Real(None))),
            ("text", Shape::Option(&Shape::Text)),
        ],
    );

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        record("Given", type_, |name, type_| match name {
            "name" => Some(self.0.name.to_value(type_)),
            "number" => Some(self.0.value.as_f64().to_value(type_)),
            "text" => Some(self.0.value.as_text().to_value(type_)),
            _ => None,
        })
    }
}

/// The value of an output as an option of the type that the spec says.
pub(super) fn scalar(
    name: &str,
    value: Option<&AttributeValue>,
    type_: &Type,
) -> Result<Value, Error> {
    let Type::Option(of) = type_ else {
        return Err(crate::convert::inexpressible(
            format!("the output `{name}`"),
            type_.to_string(),
        ));
    };
    match (value, &**of) {
        (None, _) => Ok(Value::Option(None)),
        (Some(AttributeValue::Real(x)), Type::Real(_)) => Some(*x).to_value(type_),
        (Some(AttributeValue::Int(n)), Type::Int(_)) => Some(*n).to_value(type_),
        (Some(AttributeValue::Bool(b)), Type::Bool) => Some(*b).to_value(type_),
        (Some(AttributeValue::Text(text)), Type::Text) => Some(text.as_str()).to_value(type_),
        (Some(other), _) => {
            let text = format!("the output `{name}`, a {}", other.kind());
            Err(crate::convert::inexpressible(text, type_.to_string()))
        }
    }
}
