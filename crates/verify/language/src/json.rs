//! The JSON form of a document: the tree as it is, without positions.

use serde_json::Value;

use crate::ast::Document;
use crate::validate::validate;
use crate::{Diagnostic, Diagnostics, Span};

/// The JSON schema (draft 2020-12) of what [`to_json`] gives and [`from_json`] takes, as a text; the same as
/// `specs/schema/spec.schema.json`.
pub const SCHEMA: &str = include_str!("json/spec.schema.json");

/// Brackets inside each other that a document within the limits of the language cannot reach.
const MAX_NESTING: u32 = 1024;

/// The document as JSON. Positions are left out.
///
/// A real literal that is not finite becomes `null`, which [`from_json`] refuses.
#[must_use]
pub fn to_json(document: &Document) -> Value {
    // Only maps with keys that are no texts cannot be written, and the tree has none.
    serde_json::to_value(document).unwrap_or(Value::Null)
}

/// Reads the JSON form.
///
/// `from_json(&to_json(&d).to_string())` gives `d` back for every document that [`parse`](crate::parse) made, and every
/// document that it gives can be [formatted](crate::format) and parsed back.
///
/// # Errors
/// JSON that is malformed or has another shape, with its position; and a tree that no source text gives (a name that is
/// no word, a tuple of one, more than 128 levels), with its path.
pub fn from_json(json: &str) -> Result<Document, Diagnostics> {
    let _ = nesting(json)?;
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.disable_recursion_limit();
    let read = serde::Deserialize::deserialize(&mut reader).and_then(|document: Document| {
        reader.end()?;
        Ok(document)
    });
    let document = read.map_err(|error| misread(&error, json))?;
    validate(&document)?;
    Ok(document)
}

/// How many brackets stand inside each other at most; refused before anything recurses.
fn nesting(json: &str) -> Result<u32, Diagnostics> {
    let (mut depth, mut deepest) = (0_u32, 0_u32);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in json.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
                if depth > MAX_NESTING {
                    let span = crate::lex::span(at, at + 1);
                    let deep = Diagnostic::error(
                        span,
                        format!("nested deeper than {MAX_NESTING} brackets"),
                    )
                    .label("too deep")
                    .advice("no specification is as deep; look for what repeats");
                    return Err(deep.into());
                }
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(deepest)
}

fn misread(error: &serde_json::Error, json: &str) -> Diagnostics {
    let lines = json
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let start = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    let start = start.min(json.len());
    let what = if error.is_data() {
        "this JSON is no specification"
    } else {
        "this is no JSON"
    };
    // The message ends with a position that the span says already.
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    let short: String = why.chars().filter(|c| !c.is_control()).take(300).collect();
    Diagnostic::error(
        crate::lex::span(start, start + 1),
        format!("{what}: {short}"),
    )
    .label("here")
    .advice("compare it with the schema, specs/schema/spec.schema.json")
    .into()
}

/// A mistake in a tree, which has no positions, at a path.
pub(crate) fn at_path(path: &str, message: impl std::fmt::Display, advice: &str) -> Diagnostic {
    Diagnostic::error(Span::default(), format!("{path}: {message}")).advice(advice)
}
