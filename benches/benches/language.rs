//! Reading conditions, and reading, writing and JSON of whole specifications.
//!
//! Peer: `cel`, the Common Expression Language in Rust, whose parser reads the same conditions; its parser is made by
//! ANTLR from the grammar of the language. Both give a tree that knows its places.

use std::hint::black_box;

use voidstate_benches::{Plan, pair, plan, report_fact, report_pair, single};
use voidstate_language::{format, from_json, parse, to_json};

/// The same conditions in both languages.
const CONDITIONS: [(&str, &str, &str); 3] = [
    (
        "parse_scalars",
        "a * 2 + b < 100 and s == \"window\" or b > 1000",
        "a * 2 + b < 100 && s == \"window\" || b > 1000",
    ),
    (
        "parse_all",
        "all(xs, |x| 0.0 <= x and x <= 1.0)",
        "xs.all(x, 0.0 <= x && x <= 1.0)",
    ),
    (
        "parse_list",
        "[1, 2, 3, 4, 5, 6, 7, 8][i] + len(names) > (a + b) * (c - d) % 7",
        "[1, 2, 3, 4, 5, 6, 7, 8][i] + size(names) > (a + b) * (c - d) % 7",
    ),
];

/// A tool as people write them.
const TOOL: &str = r#"
// Finds patterns.
tool pattern_matcher "finds every place where a pattern occurs" {
  input text: text
  input pattern: text // not empty
  output positions: [int]
  requires "pattern is not empty": len(pattern) > 0
  ensures "all positions valid": all(positions, |p| 0 <= p < len(text))
  ensures "each is a match": all(positions, |p| text[p..p + len(pattern)] == pattern)
  complexity match: O(n + m) where n = len(text), m = len(pattern)
  budget time 100 ms when len(text) <= 10000
  effects none
  example (text: "abab", pattern: "ab") => (positions: [0, 2])
}
"#;

fn main() {
    for (name, ours, peer) in CONDITIONS {
        let source = format!("define c(): bool = {ours}");
        let found = pair(
            plan(Plan::USUAL),
            || assert!(black_box(parse(black_box(&source))).is_ok()),
            || assert!(black_box(cel::Program::compile(black_box(peer))).is_ok()),
        );
        report_pair("language", name, "cel", found);
    }

    let source = TOOL.repeat(100);
    let document = parse(&source).expect("the tool is well-formed");
    let json = to_json(&document).to_string();
    let megabytes = |ns: f64, bytes: usize| bytes as f64 / ns * 1e3;
    let read = single(plan(Plan::SLOW), || {
        assert!(black_box(parse(black_box(&source))).is_ok())
    });
    report_fact("language", "parse", megabytes(read, source.len()), "MB/s");
    let written = single(plan(Plan::SLOW), || {
        assert!(!black_box(format(black_box(&document))).is_empty())
    });
    report_fact(
        "language",
        "format",
        megabytes(written, source.len()),
        "MB/s",
    );
    let from = single(plan(Plan::SLOW), || {
        assert!(black_box(from_json(black_box(&json))).is_ok())
    });
    report_fact("language", "from_json", megabytes(from, json.len()), "MB/s");
}
