//! Parts of values.

use voidstate_language::Value;

use super::bounds::Number;
use super::formula::Step;

/// The number that a value is.
pub(crate) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Int(i) | Value::Duration(i) | Value::Size(i) => Some(Number::Int(i128::from(*i))),
        Value::Real(x) => Some(Number::Real(*x)),
        _ => None,
    }
}

/// Elements, characters, bytes or entries.
pub(crate) fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Text(text) => Some(text.chars().count()),
        Value::Bytes(bytes) => Some(bytes.len()),
        Value::List(items) => Some(items.len()),
        Value::Map(map) => Some(map.len()),
        _ => None,
    }
}

/// The part at the end of a path that leads through no list.
pub(crate) fn part(value: &Value, path: &[Step]) -> Option<Value> {
    part_at(value, path, usize::MAX)
}

/// The part at the end of a path; of a list beside the one that is being drawn, the element at that position.
pub(crate) fn part_at(value: &Value, path: &[Step], position: usize) -> Option<Value> {
    let Some((step, rest)) = path.split_first() else {
        return Some(value.clone());
    };
    let inner = match (step, value) {
        (Step::Field(i), Value::Tuple(items) | Value::Record(_, items)) => items.get(*i)?,
        (Step::Parallel, Value::List(items)) => items.get(position)?,
        (Step::Inner, Value::Option(Some(inner))) => inner,
        (Step::Payload(tag, i), Value::Enum(_, number, items)) if tag == number => items.get(*i)?,
        _ => return None,
    };
    part_at(inner, rest, position)
}
