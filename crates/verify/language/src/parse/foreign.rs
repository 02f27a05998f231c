//! Words of other languages, and what they are called here.

use crate::diagnostic::nearest;
use crate::words::{TYPES, is_word};

/// Words of any length fit a message.
pub(super) fn shortened(word: &str) -> String {
    const MOST: usize = 40;
    let mut short: String = word.chars().take(MOST).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}

/// The item that is called so elsewhere.
pub(super) fn foreign_item(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "struct" | "type" | "class" => Some("record"),
        "fn" | "def" | "function" | "func" | "let" | "const" => Some("define"),
        "session" | "choreography" => Some("protocol"),
        "spec" | "module" | "component" | "mod" => Some("tool"),
        _ => None,
    }
}

/// The member that is called so elsewhere.
pub(super) fn foreign_member(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "in" | "param" | "parameter" | "arg" | "given" => Some("input"),
        "out" | "return" | "returns" | "result" => Some("output"),
        "pre" | "precondition" | "assume" | "assumes" => Some("requires"),
        "post" | "postcondition" | "guarantee" | "guarantees" | "assert" => Some("ensures"),
        "throws" | "errors" | "panics" | "raises" => Some("fails"),
        "var" | "field" => Some("state"),
        "fn" | "method" | "function" => Some("operation"),
        "cost" => Some("complexity"),
        "test" => Some("example"),
        _ => None,
    }
}

/// How to write the type that is called so elsewhere.
pub(super) fn foreign_type(word: &str) -> Option<String> {
    let known = match word {
        "string" | "str" | "String" | "char" => "text",
        "boolean" => "bool",
        "float" | "double" | "f64" | "f32" | "number" => "real",
        "integer" | "i64" | "i32" | "u64" | "u32" | "usize" | "long" | "nat" => "int",
        "list" | "vec" | "array" | "set" => return Some("write `[T]`".to_owned()),
        "map" | "dict" => return Some("write `{K: V}`".to_owned()),
        "option" | "optional" => return Some("write `T?`".to_owned()),
        "tuple" => return Some("write `(A, B)`".to_owned()),
        word => {
            let mut capital = word.to_owned();
            capital.get_mut(..1)?.make_ascii_uppercase();
            let short = nearest(word, TYPES).is_some() || !is_word(word);
            return (!short)
                .then(|| format!("names of records and enums begin with a capital: `{capital}`"));
        }
    };
    Some(format!("write `{known}`"))
}
