//! Depth, size and time are bounded, whatever the source.

use std::time::{Duration, Instant};

use voidstate_language::{
    Diagnostics, Scope, Steps, Value, compile, format, from_json, parse, to_json,
};

/// Everything runs with the stack of a test's thread.
const STACK: usize = 2 << 20;

fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(f)
        .unwrap()
        .join()
        .unwrap();
}

fn refused(source: &str) {
    let wrong = parse(source).unwrap_err();
    assert!(wrong.len() <= 50);
    let first: Diagnostics = wrong.as_slice()[0].clone().into();
    assert!(!first.render(source, "deep", false).is_empty());
}

const OPENERS: [&str; 30] = [
    "(",
    "[",
    "{",
    "not ",
    "- ",
    "-(",
    "if ",
    "if a then ",
    "if a then b else ",
    "let x = ",
    "let x = a in ",
    "|x| ",
    "f(",
    "f(|x| ",
    "match ",
    "match a { b -> ",
    "some(",
    "old(",
    "{a: ",
    "R { a: ",
    "K.a(",
    "a => ",
    "a[",
    "a[..",
    "a[b..",
    "(a, ",
    "a == (",
    "a..(",
    "a ~= (",
    "a + ",
];

#[test]
fn a_megabyte_of_anything_ends_fast() {
    on_a_small_stack(|| {
        for opener in OPENERS {
            let source = format!(
                "define f(): int = {}",
                opener.repeat((1 << 20) / opener.len())
            );
            refused(&source);
            // What is never closed is refused too when it is shallow.
            refused(&format!("define f(): int = {}", opener.repeat(100)));
        }
        for (before, opener) in [
            ("define f(): ", "["),
            ("define f(): ", "("),
            ("define f(): ", "{int: "),
            ("define f(): int", "?"),
            ("tool t { complexity t: O(", "("),
            ("tool t { complexity t: O(", "log "),
            ("tool t { complexity t: O(", "log("),
            ("tool t { complexity t: O(", "2^("),
            ("", "tool t {\n"),
            ("", "tool t { operation o {"),
            ("", "}"),
            ("", "\""),
            ("", "\u{1}a"),
            ("tool t {\n", "ensures \"\n"),
            ("tool t {\n", "x\n"),
            ("define f(): int = a", ".b"),
            ("define f(): int = a", "[0]"),
            ("define f(): int = a", " + a"),
            ("define f(): int = a", " and a"),
        ] {
            refused(&format!(
                "{before}{}",
                opener.repeat((1 << 20) / opener.len())
            ));
        }
    });
}

/// The deepest tree of each shape that is taken.
#[test]
fn the_limit_is_128_levels() {
    on_a_small_stack(|| {
        let of = |open: &str, n: usize, middle: &str, close: &str| {
            format!(
                "define f(): int = {}{middle}{}",
                open.repeat(n),
                close.repeat(n)
            )
        };
        for (open, middle, close, most) in [
            ("(", "x", ")", 128),
            ("[", "x", "]", 127),
            ("not ", "x", "", 127),
            ("-", "x", "", 127),
            ("if a then b else ", "x", "", 127),
            ("let y = a in ", "x", "", 127),
            ("f(|y| ", "x", ")", 63),
            ("match a { b -> ", "x", " }", 127),
            ("R { a: ", "x", " }", 127),
            ("-(a + ", "x", ")", 63),
            ("a => ", "x", "", 127),
            ("a[", "x", "]", 127),
            ("", "x", ".b", 127),
            ("", "x", " + y", 127),
            ("", "x", "[0]", 127),
        ] {
            let source = of(open, most, middle, close);
            let document = parse(&source).unwrap_or_else(|e| panic!("{open}: {e}"));
            let text = format(&document);
            assert_eq!(parse(&text).unwrap(), document);
            let json = to_json(&document).to_string();
            assert_eq!(from_json(&json).unwrap(), document.clone());
            refused(&of(open, most + 1, middle, close));
        }
    });
}

/// What the deepest trees of each shape are worth, and why they do not hold: everything that walks a tree has the stack
/// that it needs, in debug builds too.
#[test]
fn the_deepest_trees_are_evaluated_and_explained_on_a_small_stack() {
    on_a_small_stack(|| {
        for (open, middle, close, most) in [
            ("(", "x", ")", 120),
            ("-", "x", "", 120),
            ("abs(", "x", ")", 120),
            ("if x > 0 then 1 else ", "x", "", 120),
            ("let y = x in ", "x", "", 120),
            ("sum([x], |y| ", "x", ")", 60),
            ("fold([x], x, |s, y| ", "x", ")", 60),
            ("match first([x]) { none -> x, some(y) -> ", "x", " }", 120),
            ("min(x, ", "x", ")", 120),
            ("default([x][0], ", "x", ")", 120),
            ("[x][", "x", "]", 120),
            ("", "x", " + x", 120),
        ] {
            let value = format!("{}{middle}{}", open.repeat(most), close.repeat(most));
            holds_or_says_why(&format!(
                "tool t {{ input x: int; output y: int; ensures \"e\": y == {value} + 7 }}"
            ));
        }
        for (open, close, most) in [
            ("not ", "", 120),
            ("x > 0 and ", "", 120),
            ("x > 0 or ", "", 120),
            ("x == x => ", "", 120),
            ("all([x], |y| ", ")", 60),
            ("any([x], |y| ", ")", 60),
            ("if x > 9 then true else ", "", 120),
        ] {
            for last in ["y == 4", "y != 4"] {
                let condition = format!("{}{last}{}", open.repeat(most), close.repeat(most));
                holds_or_says_why(&format!(
                    "tool t {{ input x: int; output y: int; ensures \"e\": {condition} }}"
                ));
            }
        }
        // Bodies of definitions count as if they stood where they are called.
        let mut source = "define f0(x: int): int = x\n".to_owned();
        for i in 1..40 {
            let f = i - 1;
            source += &format!("define f{i}(x: int): int = f{f}(x) + 1\n");
        }
        holds_or_says_why(&format!(
            "{source}tool t {{ input x: int; output y: int; ensures \"e\": y == f39(x) }}"
        ));
    });
}

fn holds_or_says_why(source: &str) {
    let checked = compile(source).unwrap_or_else(|e| panic!("{}", e.render(source, "deep", false)));
    let clause = &checked.tools[0].operations[0].ensures[0];
    let (inputs, outputs) = ([Value::Int(0)], [Value::Int(4)]);
    let scope = Scope {
        inputs: &inputs,
        outputs: &outputs,
        ..Scope::default()
    };
    let holds = clause.holds(&scope, &mut Steps::default());
    let explanation = clause.explain(&scope, &mut Steps::default());
    assert_eq!(explanation.holds, matches!(holds, Ok(true)), "{source}");
}

/// Types of the greatest depth, and values of them: read, compared, shown, written and dropped.
#[test]
fn the_deepest_values_fit_a_small_stack() {
    on_a_small_stack(|| {
        for (open, close, value_open, value_close) in [
            ("[", "]", "[", "]"),
            ("(int, ", ")", "(1, ", ")"),
            ("", "?", "some(", ")"),
        ] {
            let n = 120;
            let source = format!(
                "tool t {{ input v: {}int{}; output w: {}int{}; ensures \"same\": w == v and same(v, w); example (v: {}1{}) => (w: {}1{}) }}",
                open.repeat(n),
                close.repeat(n),
                open.repeat(n),
                close.repeat(n),
                value_open.repeat(n),
                value_close.repeat(n),
                value_open.repeat(n),
                value_close.repeat(n),
            );
            let checked =
                compile(&source).unwrap_or_else(|e| panic!("{}", e.render(&source, "deep", false)));
            let operation = &checked.tools[0].operations[0];
            let value = operation.examples[0].inputs[0].clone();
            let type_ = &operation.inputs[0].type_;
            assert!(value.type_fits(type_));
            assert_eq!(
                Value::from_json(&value.to_json(), type_).as_ref(),
                Ok(&value)
            );
            assert!(!value.to_string().is_empty());
        }
    });
}

#[test]
fn deep_json_is_refused() {
    on_a_small_stack(|| {
        for (open, close) in [
            ("[", "]"),
            ("{\"items\":", "}"),
            ("{\"items\":[{\"kind\":", "}]}"),
        ] {
            assert!(from_json(&open.repeat(1 << 18)).is_err());
            assert!(from_json(&format!("{}1{}", open.repeat(300), close.repeat(300))).is_err());
        }
        for (open, close) in [
            ("{\"unary\":[\"not\",", "]}"),
            ("{\"old\":", "}"),
            ("{\"binary\":[\"add\",\"none\",", "]}"),
            (
                "{\"match\":{\"arms\":[{\"pattern\":\"any\",\"body\":",
                "}],\"of\":\"none\"}}",
            ),
            (
                "{\"let\":{\"name\":\"x\",\"value\":\"none\",\"body\":",
                "}}",
            ),
        ] {
            let json = |n: usize| {
                let body = format!("{}\"none\"{}", open.repeat(n), close.repeat(n));
                format!(
                    r#"{{"items":[{{"kind":{{"define":{{"name":"f","parameters":[],"result":{{"kind":"bool"}},"body":{body}}}}}}}]}}"#
                )
            };
            assert!(from_json(&json(127)).is_ok(), "{open}");
            for n in [128, 140, 250, 500, 5000] {
                assert!(from_json(&json(n)).is_err(), "{open} {n}");
            }
        }
    });
}

/// Seconds for `n` repetitions, the least of a few.
fn time(before: &str, unit: &str, n: usize) -> Duration {
    let source = format!("{before}{}", unit.repeat(n));
    let once = || {
        let start = Instant::now();
        let document = parse(&source);
        let took = start.elapsed();
        drop(document);
        took
    };
    (0..7).map(|_| once()).min().unwrap()
}

#[test]
fn time_grows_with_the_source() {
    for (before, unit) in [
        (
            "",
            "define f(x: int): int = if x > 1 then x * 2 else f(x)\n",
        ),
        (
            "tool t {\n",
            "ensures \"a\": all(xs, |x| 0 <= x < 10) // c\n",
        ),
        ("tool t {\n", "// c\n"),
        ("tool t {\n", "input x: int; // c\n"),
        ("tool t {\n", "ensures \"a\": (((\n"),
        ("define f(): [int] = [", "1, "),
        ("define f(): int = ", "("),
        ("define f(): int = ", "match a { b -> "),
        ("define f(): int = ", "x { y"),
        ("", "\"\\q"),
        ("", "    \n"),
        ("", "}"),
    ] {
        let n = 200_000 / unit.len();
        // A busy machine is asked again.
        let slow = (0..5).all(|_| {
            let (small, large) = (time(before, unit, n), time(before, unit, 2 * n));
            large.as_secs_f64() > 2.6 * small.as_secs_f64() + 1e-3
        });
        assert!(!slow, "{before}{unit}");
    }
}
