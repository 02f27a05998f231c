//! Inputs are constructed: few are thrown away, for every kind of precondition that construction knows.

use voidstate_spec::generate::{Settings, check};
use voidstate_spec::language::{Value, compile};
use voidstate_spec::{Called, Subject};

use super::corpus::{ENTRIES, run};

/// Takes anything.
struct Anything;

impl Subject for Anything {
    fn reset(&mut self) {}

    fn call(&mut self, _: usize, _: &[Value]) -> Called {
        Called::Returned(Vec::new())
    }

    fn state(&self) -> Option<Vec<Value>> {
        None
    }
}

/// Preconditions, each the members of a tool.
const CORPUS: [(&str, &str); 36] = [
    ("interval", r#"input n: int; requires "a": 10 <= n <= 20"#),
    (
        "strict reals",
        r#"input p: real; requires "a": 0.0 < p < 1.0"#,
    ),
    (
        "order",
        r#"input a: int; input b: int; input c: int; requires "a": a <= b < c"#,
    ),
    (
        "order below a limit",
        r#"input a: real; input b: real; requires "a": 0.0 <= a < b <= 1e-3"#,
    ),
    (
        "sum",
        r#"input a: int; input b: int; requires "a": a + b == 100 and a >= 0 and b >= 0"#,
    ),
    (
        "difference",
        r#"input a: int; input b: int; requires "a": 5 <= a - b <= 6"#,
    ),
    (
        "product",
        r#"input rows: int; input columns: int; input cells: [real]; requires "a": rows >= 1 and columns >= 1 and len(cells) == rows * columns"#,
    ),
    (
        "divisible",
        r#"input n: int; requires "a": n % 7 == 3 and n < 1000"#,
    ),
    (
        "position",
        r#"input xs: [int]; input i: int; requires "a": 0 <= i < len(xs)"#,
    ),
    (
        "slice",
        r#"input xs: [text]; input i: int; input j: int; requires "a": 0 <= i <= j <= len(xs)"#,
    ),
    (
        "same length",
        r#"input a: [real]; input b: [real]; requires "a": len(a) == len(b) and len(a) > 1"#,
    ),
    ("long", r#"input xs: [int]; requires "a": len(xs) >= 100"#),
    (
        "exact length",
        r#"input key: bytes; requires "a": len(key) == 32"#,
    ),
    ("sorted", r#"input xs: [int]; requires "a": is_sorted(xs)"#),
    (
        "sorted by hand",
        r#"input xs: [real]; requires "a": all(1..len(xs), |i| xs[i - 1] <= xs[i])"#,
    ),
    (
        "strictly falling",
        r#"input xs: [int]; requires "a": all(0..len(xs) - 1, |i| xs[i] > xs[i + 1])"#,
    ),
    (
        "sorted by a field",
        r#"input xs: [(int, text)]; requires "a": all(1..len(xs), |i| xs[i - 1].0 < xs[i].0)"#,
    ),
    (
        "sorted texts",
        r#"input xs: [text]; requires "a": all(1..len(xs), |i| xs[i - 1] < xs[i])"#,
    ),
    (
        "distinct",
        r#"input xs: [int]; requires "a": unique(xs) and all(xs, |x| 0 <= x <= 9)"#,
    ),
    (
        "distinct by a field",
        r#"input xs: [(text, int)]; requires "a": unique(map(xs, |x| x.0))"#,
    ),
    (
        "every element",
        r#"input xs: [real]; requires "a": all(xs, |x| 0.0 <= x <= 1.0) and len(xs) >= 3"#,
    ),
    (
        "every element within inputs",
        r#"input low: int; input high: int; input xs: [int]; requires "a": low <= high and all(xs, |x| low <= x <= high)"#,
    ),
    (
        "nested lists",
        r#"input m: [[int]]; input n: int; requires "a": 1 <= n <= 4 and len(m) == n and all(m, |row| len(row) == n)"#,
    ),
    (
        "finite",
        r#"input xs: [real]; requires "a": len(xs) > 0 and all(xs, |x| is_finite(x))"#,
    ),
    (
        "member",
        r#"input xs: [int]; input x: int; requires "a": x in xs"#,
    ),
    (
        "member text",
        r#"input xs: [text]; input x: text; requires "a": x in xs and all(xs, |t| len(t) >= 2)"#,
    ),
    (
        "key",
        r#"input table: {text: int}; input key: text; requires "a": key in table"#,
    ),
    (
        "part of a text",
        r#"input text: text; input part: text; requires "a": len(part) >= 1 and contains(text, part)"#,
    ),
    (
        "prefix",
        r#"input text: text; input part: text; requires "a": starts_with(text, part)"#,
    ),
    (
        "option",
        r#"input limit: int?; requires "a": match limit { some(n) -> 1 <= n <= 5, none -> true }"#,
    ),
    (
        "alternatives",
        r#"input mode: int; input level: real; requires "a": (mode == 1 and level > 5.0) or (mode == 2 and 0.0 <= level <= 1.0) or (mode == 3 and level == 0.0)"#,
    ),
    (
        "implication",
        r#"input checked: bool; input n: int; requires "a": checked => 100 <= n <= 110"#,
    ),
    (
        "durations",
        r#"input timeout: duration; input step: duration; requires "a": 1 ms <= step <= timeout <= 1 h"#,
    ),
    (
        "touching periods",
        r#"input xs: [(int, int)]; requires "a": all(xs, |x| 0 <= x.0 < x.1 <= 1_000_000) and all(1..len(xs), |i| xs[i - 1].1 <= xs[i].0)"#,
    ),
    (
        "pairwise",
        r#"input a: [int]; input b: [int]; requires "a": len(a) == len(b) and all(0..len(a), |i| a[i] <= b[i])"#,
    ),
    (
        "queries",
        r#"input xs: [int]; input queries: [int]; requires "a": len(xs) > 0 and all(queries, |q| 0 <= q < len(xs))"#,
    ),
];

const MOST: f64 = 0.2;

#[test]
fn few_inputs_are_thrown_away() {
    let mut table = String::from("| precondition | rejected |\n|---|---|\n");
    let mut wrong = Vec::new();
    for (name, members) in CORPUS {
        let source = format!("tool t {{ {members} }}");
        let spec = match compile(&source) {
            Ok(spec) => spec,
            Err(why) => panic!("{}", why.render(&source, name, false)),
        };
        let mut worst: f64 = 0.0;
        for seed in 0..3 {
            let report = check(
                spec.tool("t").unwrap(),
                &mut Anything,
                &Settings::seeded(seed),
            );
            assert!(report.passed(), "{name}: {report}");
            assert!(report.cases >= 100, "{name}: {report}");
            worst = worst.max(report.rejection());
        }
        if worst > MOST {
            wrong.push(format!("{name}: {:.1} %", worst * 100.0));
        }
        table.push_str(&format!("| {name} | {:.1} % |\n", worst * 100.0));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    super::corpus::golden("rejection.md", &table);
}

#[test]
fn few_inputs_of_the_corpus_are_thrown_away() {
    for entry in &ENTRIES {
        for seed in 0..3 {
            let report = run(entry, 0, &Settings::seeded(seed));
            assert!(report.rejection() <= MOST, "{report}");
        }
    }
}

#[test]
fn what_cannot_be_satisfied_ends() {
    let spec = compile(r#"tool t { input n: int; requires "never": n < 0 and n > 0 }"#).unwrap();
    let report = check(spec.tool("t").unwrap(), &mut Anything, &Settings::default());
    assert_eq!(report.cases, 0);
    assert!(report.rejection() > 0.99, "{report}");
}
