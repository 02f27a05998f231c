//! Values in messages.

use voidstate_language::Value;

/// Longest text of a value in a message, in characters.
const LONGEST: usize = 160;
const ENDS: usize = 70;

/// The value as source text, cut in the middle when that is long.
pub(crate) fn value(value: &Value) -> String {
    let text = value.to_string();
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let head: String = text.chars().take(ENDS).collect();
    let tail: String = text.chars().skip(length - ENDS).collect();
    let size = match value {
        Value::List(items) => format!(" ({} elements)", items.len()),
        Value::Text(text) => format!(" ({} characters)", text.chars().count()),
        Value::Bytes(bytes) => format!(" ({} bytes)", bytes.len()),
        Value::Map(map) => format!(" ({} entries)", map.len()),
        _ => String::new(),
    };
    format!("{head}…{tail}{size}")
}
