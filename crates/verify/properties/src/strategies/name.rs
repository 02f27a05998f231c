//! Names and globs.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use voidstate_core::{Glob, HookName, MetricName, NAME_BYTES_MAX, ToolId};

const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz_0123456789";

/// Dotted names over `alphabet`: mostly short, sometimes one of exactly [`NAME_BYTES_MAX`] bytes.
fn dotted(alphabet: String) -> impl Strategy<Value = String> + Clone {
    let chars: Vec<char> = alphabet.chars().collect();
    let segment = vec(select(chars.clone()), 1..8);
    let short = vec(segment, 1..5).prop_map(|segments| {
        let segments: Vec<String> = segments.into_iter().map(String::from_iter).collect();
        segments.join(".")
    });
    let longest = vec(select(chars), NAME_BYTES_MAX).prop_map(String::from_iter);
    prop_oneof![12 => short, 1 => longest]
}

/// What the alphabets give is valid, so nothing is ever filtered out.
fn valid<T: std::fmt::Debug>(
    texts: impl Strategy<Value = String> + Clone,
    make: fn(&str) -> voidstate_core::Result<T>,
) -> impl Strategy<Value = T> + Clone {
    texts.prop_filter_map("core refuses the name", move |text| make(&text).ok())
}

/// Names of hooks, well-known first segments among them. Shrinks towards `a`.
pub fn hook_name() -> impl Strategy<Value = HookName> + Clone {
    let first = select(vec![
        "host", "vm", "memory", "program", "otlp", "wasm", "file", "engine",
    ]);
    let known = (first, vec(select(PLAIN.chars().collect::<Vec<_>>()), 1..8))
        .prop_map(|(first, rest)| format!("{first}.{}", String::from_iter(rest)));
    valid(
        prop_oneof![1 => dotted(PLAIN.to_owned()), 1 => known],
        HookName::new,
    )
}

/// Names of metrics. Shrinks towards `a`.
pub fn metric_name() -> impl Strategy<Value = MetricName> + Clone {
    valid(dotted(format!("{PLAIN}ABCXYZ-/:")), MetricName::new)
}

/// Ids of tools. Shrinks towards `a`.
pub fn tool_id() -> impl Strategy<Value = ToolId> + Clone {
    valid(dotted(format!("{PLAIN}-")), ToolId::new)
}

/// Names of labels. Shrinks towards `_`.
pub fn label_name() -> impl Strategy<Value = String> + Clone {
    "[_a-zA-Z][_a-zA-Z0-9]{0,10}"
}

/// Texts that are no name of any kind: empty, too long, empty segments, characters that no kind allows.
pub fn not_a_name() -> impl Strategy<Value = String> + Clone {
    let spoilt = (
        dotted(PLAIN.to_owned()),
        any::<Index>(),
        select(vec![
            ' ', '\0', '\n', '*', '{', '"', 'é', '\u{202e}', '\u{1b}', ',',
        ]),
    );
    let spoilt = spoilt.prop_map(|(mut text, at, bad)| {
        // The alphabet is ASCII, so that every byte begins a character.
        text.insert(at.index(text.len() + 1), bad);
        text
    });
    let dots = (dotted(PLAIN.to_owned()), 0..4_u8).prop_map(|(text, how)| match how {
        0 => format!(".{text}"),
        1 => format!("{text}."),
        2 => format!("{text}..{text}"),
        _ => String::new(),
    });
    let long = (NAME_BYTES_MAX + 1..NAME_BYTES_MAX * 20).prop_map(|length| "a".repeat(length));
    prop_oneof![4 => spoilt, 3 => dots, 1 => long]
}

/// Globs: literals, `*` within a segment, `**` as one. Shrinks towards `a`.
pub fn glob() -> impl Strategy<Value = Glob> + Clone {
    let segment = prop_oneof![
        3 => "[a-c]{1,3}",
        1 => "[a-c]{0,2}\\*[a-c]{0,2}",
        1 => Just("*".to_owned()),
        1 => Just("**".to_owned()),
    ];
    valid(
        vec(segment, 1..6).prop_map(|segments| segments.join(".")),
        Glob::new,
    )
}

/// A hook and a glob that matches it, made by hiding parts of its name.
pub fn glob_that_matches() -> impl Strategy<Value = (HookName, Glob)> + Clone {
    (hook_name(), vec(0..4_u8, 8)).prop_filter_map("core refuses the glob", |(name, how)| {
        let hide = |(segment, how): (&str, &u8)| match how {
            1 => "*".to_owned(),
            2 => "**".to_owned(),
            3 => format!("{}*", segment.chars().next().unwrap_or('*')),
            _ => segment.to_owned(),
        };
        let segments: Vec<String> = name.as_str().split('.').zip(&how).map(hide).collect();
        let glob = Glob::new(&segments.join(".")).ok()?;
        Some((name, glob))
    })
}
