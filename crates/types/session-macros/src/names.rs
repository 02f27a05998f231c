//! Names of Rust for names of a protocol.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};
use voidstate_protocol::Role;

/// Gives each name once.
#[derive(Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Names that are not given.
    pub(crate) fn without(reserved: &[&str]) -> Self {
        let taken = reserved.iter().map(|name| (*name).to_owned()).collect();
        Self { taken }
    }

    /// `wanted`, or `wanted2`, `wanted3`, …
    pub(crate) fn give(&mut self, wanted: &str, span: Span) -> Ident {
        let numbered = (2_usize..).map(|n| format!("{wanted}{n}"));
        let mut candidates = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = candidates.find(|name| !self.taken.contains(name));
        let free = free.unwrap_or_else(|| wanted.to_owned());
        self.taken.insert(free.clone());
        ident(&free, span)
    }
}

/// An identifier; a keyword gets a stroke behind it.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    if syn::parse_str::<Ident>(name).is_ok() {
        Ident::new(name, span)
    } else {
        Ident::new(&format!("{name}_"), span)
    }
}

/// `tool_host`, `ToolHost` → `ToolHost`
pub(crate) fn camel(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_alphanumeric());
    let word = |part: &str| {
        let mut chars = part.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + chars.as_str()
    };
    let all: String = parts.map(word).collect();
    if all.starts_with(|c: char| c.is_ascii_digit()) || all.is_empty() {
        format!("N{all}")
    } else {
        all
    }
}

/// `ToolHost` → `tool_host`
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut before: Option<char> = None;
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let next_is_lower = chars.get(at + 1).is_some_and(|n| n.is_lowercase());
        let starts_word = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_ascii_digit() || (b.is_uppercase() && next_is_lower)
            });
        if starts_word {
            out.push('_');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('_') {
            out.push('_');
        }
        before = Some(c);
    }
    out
}

/// `worker[2]` → `worker_2`
pub(crate) fn role(role: &Role) -> String {
    match role.index {
        Some(index) => format!("{}_{index}", snake(&role.name)),
        None => snake(&role.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_names() {
        let cases = [
            ("ToolCoordination", "tool_coordination", "ToolCoordination"),
            ("HTTPGet", "http_get", "HTTPGet"),
            ("ask_more", "ask_more", "AskMore"),
            ("go2Next", "go2_next", "Go2Next"),
        ];
        for (name, as_snake, as_camel) in cases {
            assert_eq!(
                (snake(name), camel(name)),
                (as_snake.into(), as_camel.into())
            );
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let mut names = Names::without(&["End"]);
        let given: Vec<String> = ["End", "Ask", "Ask", "type"]
            .map(|n| names.give(n, Span::call_site()).to_string())
            .into();
        assert_eq!(given, ["End2", "Ask", "Ask2", "type_"]);
    }
}
