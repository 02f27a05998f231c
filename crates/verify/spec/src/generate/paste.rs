//! A failure as a Rust test and as a member of the spec.

use std::fmt::Write as _;

use voidstate_language::{CheckedTool, Value};

use super::judge::Breach;
use super::report::FailureKind;
use super::sequence::Call;

/// The value as a Rust expression. Records become struct literals and enums paths, with the names of the spec.
pub(crate) fn rust(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Int(i64::MIN) => "i64::MIN".to_owned(),
        Value::Int(i64::MAX) => "i64::MAX".to_owned(),
        Value::Int(i) | Value::Size(i) => i.to_string(),
        Value::Real(x) => real(*x),
        Value::Text(text) => format!("\"{}\"", text.escape_default()),
        Value::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Value::Duration(ns) => format!("std::time::Duration::from_nanos({ns})"),
        Value::List(items) => format!("vec![{}]", commas(items)),
        Value::Map(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(k, v)| format!("({}, {})", rust(k), rust(v)))
                .collect();
            format!("[{}].into()", entries.join(", "))
        }
        Value::Option(None) => "None".to_owned(),
        Value::Option(Some(inner)) => format!("Some({})", rust(inner)),
        Value::Tuple(items) => format!("({})", commas(items)),
        Value::Record(of, items) => {
            let fields: Vec<String> = of
                .fields
                .iter()
                .zip(items.iter())
                .map(|((name, _), value)| format!("{name}: {}", rust(value)))
                .collect();
            format!("{} {{ {} }}", of.name, fields.join(", "))
        }
        Value::Enum(of, tag, items) => {
            let index = usize::try_from(*tag).unwrap_or(usize::MAX);
            let name = of.variants.get(index).map_or("", |(name, _)| name);
            let path = format!("{}::{}", of.name, camel(name));
            if items.is_empty() {
                path
            } else {
                format!("{path}({})", commas(items))
            }
        }
    }
}

fn commas(items: &[Value]) -> String {
    items.iter().map(rust).collect::<Vec<_>>().join(", ")
}

/// An argument: lists are lent, as the usual `&[T]` asks.
fn argument(value: &Value) -> String {
    match value {
        Value::List(items) => format!("&[{}]", commas(items)),
        other => rust(other),
    }
}

fn real(x: f64) -> String {
    if x.is_nan() {
        "f64::NAN".to_owned()
    } else if x.is_infinite() {
        let sign = if x < 0.0 { "NEG_" } else { "" };
        format!("f64::{sign}INFINITY")
    } else {
        format!("{x:?}")
    }
}

/// `ring_buffer` → `RingBuffer`
pub(crate) fn camel(name: &str) -> String {
    name.split('_')
        .filter_map(|word| {
            let mut letters = word.chars();
            let first = letters.next()?;
            Some(first.to_uppercase().collect::<String>() + letters.as_str())
        })
        .collect()
}

/// `push(x: 7)`
pub(crate) fn call(tool: &CheckedTool, call: &Call) -> String {
    let Some(operation) = tool.operations.get(call.operation) else {
        return String::new();
    };
    format!("{}{}", operation.name, arguments(tool, call))
}

/// `(x: 7)`
fn arguments(tool: &CheckedTool, call: &Call) -> String {
    let names = tool
        .operations
        .get(call.operation)
        .map(|operation| operation.inputs.as_slice())
        .unwrap_or_default();
    let inputs: Vec<String> = names
        .iter()
        .zip(&call.inputs)
        .map(|(slot, value)| format!("{}: {value}", slot.name))
        .collect();
    format!("({})", inputs.join(", "))
}

/// A member to paste into the spec: an example, or a scenario for a tool with state.
pub(crate) fn spec_example(tool: &CheckedTool, calls: &[Call], breach: &Breach) -> String {
    let outcome = match breach.kind {
        FailureKind::ShouldRefuse => "fails",
        _ => "()",
    };
    let title = if breach.label.is_empty() {
        "does not panic"
    } else {
        &breach.label
    };
    let title = Value::text(format!("regression: {title}"));
    match calls {
        [only] if tool.state.is_empty() => {
            format!("example {title} {} => {outcome}", arguments(tool, only))
        }
        _ => {
            let mut steps: Vec<String> = calls.iter().map(|c| call(tool, c)).collect();
            if let Some(last) = steps.last_mut()
                && breach.kind == FailureKind::ShouldRefuse
            {
                last.push_str(" => fails");
            }
            format!("scenario {title} {{ {} }}", steps.join("; "))
        }
    }
}

/// A Rust test that calls the same and says what must not come of it.
pub(crate) fn rust_test(tool: &CheckedTool, calls: &[Call], breach: &Breach) -> String {
    let mut text = String::from("#[test]\n");
    let words: String = breach
        .label
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() {
        "panic".to_owned()
    } else {
        words.join("_")
    };
    let _ = writeln!(text, "fn regression_{}_{name}() {{", tool.name);
    let owner = camel(&tool.name);
    for (number, call) in calls.iter().enumerate() {
        let Some(operation) = tool.operations.get(call.operation) else {
            continue;
        };
        let inputs: Vec<String> = call.inputs.iter().map(argument).collect();
        let inputs = inputs.join(", ");
        let last = number + 1 == calls.len();
        let function = if tool.state.is_empty() {
            format!("{}({inputs})", operation.name)
        } else if number == 0 {
            format!("{owner}::{}({inputs})", operation.name)
        } else {
            format!("subject.{}({inputs})", operation.name)
        };
        let line = match (last, number == 0 && !tool.state.is_empty()) {
            (true, _) => "let result",
            (false, true) => "let mut subject",
            (false, false) => "let _",
        };
        let _ = writeln!(text, "    {line} = {function};");
    }
    for line in expectation(tool, calls.len() == 1, breach) {
        let _ = writeln!(text, "    {line}");
    }
    text.push('}');
    text
}

/// What the test asserts, with the clause as a comment.
///
/// What was given is known to be wrong: the outputs alone without state, the outputs with the state otherwise.
fn expectation(tool: &CheckedTool, made_now: bool, breach: &Breach) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if !breach.clause.is_empty() {
        lines.push(format!("// {}", breach.clause.replace('\n', " ")));
    }
    let message = format!("{:?}", breach.label);
    match breach.kind {
        FailureKind::ShouldRefuse => lines.push(format!("assert!(result.is_err(), {message});")),
        FailureKind::ShouldSucceed => lines.push(format!("assert!(result.is_ok(), {message});")),
        FailureKind::Ensures | FailureKind::Example if tool.state.is_empty() => {
            lines.push(outputs(&breach.outputs, &message));
        }
        FailureKind::Example => lines.push(outputs(&breach.outputs, &message)),
        FailureKind::Ensures | FailureKind::Invariant => {
            let owner = if made_now { "result" } else { "subject" };
            let mut shown = Vec::new();
            let mut text = Vec::new();
            if !made_now {
                shown.push("&result".to_owned());
                text.push(match breach.outputs.as_slice() {
                    [one] => debug(one),
                    several => format!("({})", debugs(several)),
                });
            }
            for (slot, value) in tool.state.iter().zip(&breach.state) {
                shown.push(format!("{owner}.{}()", slot.name));
                text.push(debug(value));
            }
            let (holes, text) = (vec!["{:?}"; shown.len()].join(", "), text.join(", "));
            let line = format!(
                "format!({holes:?}, {}), {text:?}, {message}",
                shown.join(", ")
            );
            lines.push(format!("assert_ne!({line});"));
        }
        FailureKind::Panic | FailureKind::Shape => lines.push("drop(result);".to_owned()),
    }
    lines
}

/// That the result is not what was given.
fn outputs(given: &[Value], message: &str) -> String {
    let (literal, text) = match given {
        [one] => (rust(one), debug(one)),
        several => (
            format!("({})", commas(several)),
            format!("({})", debugs(several)),
        ),
    };
    // NaN differs from itself, and an empty list does not say of what: both are compared as text.
    if given.iter().any(unclear) {
        format!("assert_ne!(format!(\"{{result:?}}\"), {text:?}, {message});")
    } else {
        format!("assert_ne!(result, {literal}, {message});")
    }
}

fn unclear(value: &Value) -> bool {
    match value {
        Value::Real(x) => x.is_nan(),
        Value::List(items) => items.is_empty() || items.iter().any(unclear),
        Value::Map(_) => true,
        Value::Tuple(items) | Value::Record(_, items) | Value::Enum(_, _, items) => {
            items.iter().any(unclear)
        }
        Value::Option(Some(inner)) => unclear(inner),
        _ => false,
    }
}

fn debugs(items: &[Value]) -> String {
    items.iter().map(debug).collect::<Vec<_>>().join(", ")
}

/// What `{:?}` of the Rust value writes.
fn debug(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Int(i) | Value::Size(i) => i.to_string(),
        Value::Real(x) => format!("{x:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Bytes(bytes) => format!("{bytes:?}"),
        Value::Duration(ns) => match u64::try_from(*ns) {
            Ok(ns) => format!("{:?}", std::time::Duration::from_nanos(ns)),
            Err(_) => ns.to_string(),
        },
        Value::List(items) => format!("[{}]", debugs(items)),
        Value::Map(map) => {
            let entries = map
                .iter()
                .map(|(k, v)| format!("{}: {}", debug(k), debug(v)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Option(None) => "None".to_owned(),
        Value::Option(Some(inner)) => format!("Some({})", debug(inner)),
        Value::Tuple(items) => format!("({})", debugs(items)),
        Value::Record(of, items) => {
            let fields = of.fields.iter().zip(items.iter());
            let fields = fields.map(|((name, _), value)| format!("{name}: {}", debug(value)));
            format!(
                "{} {{ {} }}",
                of.name,
                fields.collect::<Vec<_>>().join(", ")
            )
        }
        Value::Enum(of, tag, items) => {
            let index = usize::try_from(*tag).unwrap_or(usize::MAX);
            let name = camel(of.variants.get(index).map_or("", |(name, _)| name));
            if items.is_empty() {
                name
            } else {
                format!("{name}({})", debugs(items))
            }
        }
    }
}
