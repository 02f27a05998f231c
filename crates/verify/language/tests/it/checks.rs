//! What the checker accepts, refuses and says.

use voidstate_language::{Diagnostics, Error, Scope, Steps, Value, compile};

const WHOLE: &str = r#"
record Episode { start: int<ns>, end: int<ns>?, peak: real }
enum Kind { learning, normal, anomaly(real) }
define increasing(xs: [real]): bool = all(1..len(xs), |i| xs[i - 1] < xs[i])

tool pattern_matcher "finds every place where a pattern occurs" {
  input text: text
  input pattern: text
  output positions: [int]
  requires "pattern is not empty": len(pattern) > 0
  fails "no pattern": len(pattern) == 0
  ensures "all positions valid": all(positions, |p| 0 <= p < len(text))
  ensures "each is a match": all(positions, |p| text[p..p + len(pattern)] == pattern)
  complexity match: O(n + m) where n = len(text), m = len(pattern)
  budget time 100 ms when len(text) <= 10000
  budget memory 50 MB
  effects none
  permissions read_file "/proc/**", read_file "/sys/**"
  example (text: "abab", pattern: "ab") => (positions: [0, 2])
  example "empty pattern" (text: "abc", pattern: "") => fails
}

tool window "keeps the last values" {
  state values: [int]
  state capacity: int
  invariant "bounded": len(values) <= capacity
  operation new { input capacity: int; requires "room": 0 < capacity <= 1000; ensures "empty": values == [] and state.capacity == capacity }
  operation push "adds one" {
    input x: int
    output dropped: int
    ensures "last": values[len(values) - 1] == x
    ensures "old(e) is the value before": dropped == len(old(values)) + 1 - len(values)
  }
  scenario "fills up" { new(capacity: 1); push(x: 7) => (dropped: 0); push(x: 8) => (dropped: 1) }
}
"#;

#[test]
fn the_whole_language_compiles() -> Result<(), Diagnostics> {
    let checked = compile(WHOLE)?;
    assert!(checked.warnings.is_empty(), "{}", checked.warnings);
    let tool = checked
        .tool("pattern_matcher")
        .ok_or_else(Diagnostics::new)?;
    let operation = &tool.operations[0];
    assert_eq!(
        operation.examples[0].inputs,
        [Value::from("abab"), Value::from("ab")]
    );
    assert_eq!(operation.budgets[1].limit, 50_000_000);
    let inputs = operation.examples[0].inputs.clone();
    for (positions, expected) in [
        (vec![0, 2], [true, true]),
        (vec![1], [true, false]),
        (vec![4], [false, false]),
    ] {
        let outputs = [Value::list(positions.into_iter().map(Value::Int))];
        let scope = Scope {
            inputs: &inputs,
            outputs: &outputs,
            ..Scope::default()
        };
        for (clause, expected) in operation.ensures.iter().zip(expected) {
            assert_eq!(
                clause.holds(&scope, &mut Steps::default()).unwrap_or(false),
                expected,
                "{}",
                clause.text
            );
        }
    }
    let window = checked.tool("window").ok_or_else(Diagnostics::new)?;
    assert_eq!(window.scenarios[0].steps.len(), 3);
    let push = window.operation("push").ok_or_else(Diagnostics::new)?;
    assert_eq!(
        push.ensures[1].text,
        "dropped == len(old(values)) + 1 - len(values)"
    );
    assert_eq!(push.ensures[1].condition.free_slots().len(), 3);
    Ok(())
}

/// Message and advice of everything that is wrong with one condition.
fn wrong(condition: &str) -> String {
    let source = format!(
        "record P {{ x: real, y: real }}\nenum K {{ quiet, loud(int) }}\n\
         define half(x: real): real = x / 2.0\n\
         tool t {{ input xs: [int]; input ratio: real; input k: K; input o: int?; input lat: int<ms>;\n\
         input age: int<ns>; input p: P; input d: duration; output y: int;\n\
         requires \"r\": {condition} }}"
    );
    match compile(&source) {
        Ok(_) => String::new(),
        Err(list) => list.to_string(),
    }
}

#[test]
fn every_mistake_has_advice() {
    let table = [
        (
            "len(xs) > ratio",
            "error: `>` does not join int and real; write `real(len(xs))`",
        ),
        (
            "lat > age",
            "error: unit mismatch: `>` of ms and ns; unit mismatch: ms and ns; compare as durations or sizes with `to_duration` and `to_size`, or scale it from ms to ns",
        ),
        (
            "lenn(xs) > 0",
            "error: no function is called `lenn`; did you mean `len`?",
        ),
        (
            "xz == []",
            "error: nothing is called `xz` here; did you mean `xs`?",
        ),
        (
            "y > 0",
            "error: `y` is an output and not known in `requires`; only `ensures` may speak of outputs",
        ),
        (
            "old(xs) == xs",
            "error: `old` is not known in `requires`; only `ensures` looks back, and only once: `old(e)`",
        ),
        (
            "all(xs)",
            "error: `all` takes 2 arguments, and 1 is given; its signature is `all(list: [A], test: |A| bool): bool`",
        ),
        (
            "all(xs, |x| x)",
            "error: the lambda must give bool, and gives int; write `x != 0`",
        ),
        (
            "xs",
            "error: bool is asked for, and this is [int]; write `len(xs) > 0`, or ask every element with `all`",
        ),
        (
            "match k { quiet -> true }",
            "error: `match` leaves out `loud`; add an arm for each, or `_ -> …` for all others",
        ),
        (
            "match o { some(v) -> v > 0 }",
            "error: `match` leaves out `none`; add an arm for each, or `_ -> …` for all others",
        ),
        ("o == 1", "error: int? is asked for"),
        (
            "p.z > 0.0",
            "error: no field of `P` is called `z`; did you mean `x`?",
        ),
        (
            "k == K.loud",
            "error: `K.loud` carries 1 value, and 0 are given; write `K.loud(int)`",
        ),
        (
            "k == K.quite",
            "error: no alternative of `K` is called `quite`; did you mean `quiet`?",
        ),
        (
            "P { x: 1 } == p",
            "error: `P` lacks `y`; give every field a value",
        ),
        (
            "half(1) > ratio and half(xs) > ratio",
            "error: real is asked for, and this is [int]",
        ),
        (
            "p < p",
            "error: `<` is not known of P; numbers, texts, bytes, durations and sizes have an order; others only `==` and `!=`",
        ),
        (
            "d > 5",
            "error: `>` does not join duration and int; write `nanoseconds(d)`",
        ),
        (
            "len([]) == 0",
            "error: the type of `[]` is not known here; compare it with something of known type, or pass it to a `define`",
        ),
        (
            "ratio == 9007199254740993",
            "error: no real is exactly 9007199254740993; write `9007199254740993.0` when the nearest one will do",
        ),
        (
            "quiet == k",
            "error: nothing is called `quiet` here; write `K.quiet`",
        ),
        (
            "len == 3",
            "error: nothing is called `len` here; `len` is a function; call it: `len(…)`",
        ),
    ];
    for (condition, expected) in table {
        let text = wrong(condition);
        // An operand of another option type is explained as a comparison.
        if condition == "o == 1" {
            assert!(
                text.contains("int?") && text.contains("default(o, …)"),
                "{text}"
            );
            continue;
        }
        assert!(
            text.starts_with(expected),
            "{condition}\n  is      {text}\n  and not {expected}"
        );
    }
    for right in [
        "lat < 100 ms",
        "lat * 2 > 3",
        "lat / lat == 1",
        "to_duration(lat) < d",
        "0 <= ratio <= 1",
        "-1 < ratio",
        "min(0, ratio) == 0",
        "pow(2, ratio) > 1",
        "pow(2.0, len(xs)) > 1.0",
        "d * 2 == 1.5 s",
        "o == none",
        "default(o, 0) in xs",
        "xs == [] or 1 in [1, 2]",
        "1 in {1: 2}",
    ] {
        assert_eq!(wrong(right), "", "{right}");
    }
}

#[test]
fn several_mistakes_are_found_in_one_file() {
    let source = "define a(x: int): int = b(x)\ndefine b(x: int): int = b(x)\nrecord R { r: [R] }\n\
        tool t { input x: int; input x: int }\ntool u { input x: int; requires \"r\": z; requires \"r\": x;\n\
        complexity u: O(n m) where n = x; example () => fails; example (x: 1 / 0) => fails; budget time 0 s }\n\
        tool v { state s: int; operation o { } complexity p: O(1); scenario \"s\" { q() } invariant \"i\": old(s) == 1 }";
    let found = compile(source)
        .map(|_| String::new())
        .unwrap_or_else(|list| list.to_string());
    for expected in [
        "`b` is not known yet",
        "`b` calls itself",
        "`R` contains itself",
        "two inputs are called `x`",
        "nothing is called `z` here",
        "bool is asked for",
        "two clauses of the same kind are called \"r\"",
        "the bound's variable `m` is not explained",
        "the example lacks `x`",
        "1 / 0 divides by zero",
        "the limit of a budget is nothing or less",
        "no operation is called `p`",
        "no operation is called `q`",
        "`old` is not known in `invariant`",
    ] {
        assert!(found.contains(expected), "{expected} is not in\n{found}");
    }
}

#[test]
fn the_deepest_expression_fits_a_small_stack() -> Result<(), std::io::Error> {
    // Deeper trees are refused, by the checker as by the parser; both end in two mebibytes.
    let work = || {
        let nests: [(&str, &str, &str); 7] = [
            ("not (", "true", ")"),
            ("(true and ", "true", ")"),
            ("all([1], |x| ", "true", ")"),
            ("(let v = 1 in ", "true", ")"),
            ("(if true then ", "true", " else false)"),
            ("(match some(1) { some(v) -> ", "true", ", none -> false })"),
            ("default(", "true", ", false)"),
        ];
        for (open, inside, close) in nests {
            let mut fitted = 0;
            for depth in [1, 8, 30, 40, 60, 100, 125, 127, 140] {
                let condition = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
                let source = format!("tool t {{ requires \"r\": {condition} }}");
                if let Ok(checked) = compile(&source) {
                    fitted = depth;
                    let clause = &checked.tools[0].operations[0].requires[0];
                    let _ = clause.holds(&Scope::default(), &mut Steps::default());
                    let _ = clause
                        .explain(&Scope::default(), &mut Steps::default())
                        .to_string();
                }
            }
            assert!((30..140).contains(&fitted), "{open} fits {fitted} times");
        }
    };
    let thread = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)?;
    assert!(thread.join().is_ok());
    Ok(())
}

#[test]
fn evaluation_ends_however_much_is_asked() {
    for text in [
        "len(0..int_max) > 0",
        "all(0..4_000_000, |i| all(0..4_000_000, |j| i + j >= 0))",
        "len(map(0..1_000_000, |i| 0..1_000_000)) == 0",
        "fold(0..1000, \"ab\", |t, i| t ++ t) == \"\"",
        "fold(0..1000, [1], |t, i| t ++ t) == []",
        "fold(0..1000, [[1]], |t, i| flat_map(t, |x| [x, x])) == []",
        "len(windows(range_step(0, 1_000_000, 1), 500_000)) == 1",
    ] {
        let source = format!("tool t {{ requires \"r\": {text} }}");
        let checked =
            compile(&source).unwrap_or_else(|d| panic!("{}", d.render(&source, "t", false)));
        let clause = &checked.tools[0].operations[0].requires[0];
        let outcome = clause.holds(&Scope::default(), &mut Steps::new(200_000));
        assert!(
            matches!(outcome, Err(Error::Steps { .. } | Error::TooLong { .. })),
            "{text}: {outcome:?}"
        );
    }
}

#[test]
fn trees_that_no_text_gives_are_refused() -> Result<(), std::io::Error> {
    use voidstate_language::ast::{
        BinaryOp, Body, Clause, ClauseKind, Document, Expr, ExprKind, Item, ItemKind, Literal,
        Member, MemberKind, Name, Quantity, Tool, UnaryOp,
    };
    use voidstate_language::{Span, Unit, check};

    let expr = |kind| Expr::new(kind, Span::new(u32::MAX, 0));
    let one = move || expr(ExprKind::Literal(Literal::Int(1)));
    let wrap: [fn(Expr) -> ExprKind; 7] = [
        |e| ExprKind::Unary(UnaryOp::Not, e),
        |e| ExprKind::Unary(UnaryOp::Negate, e),
        |e| ExprKind::List(vec![e]),
        |e| ExprKind::Some(e),
        |e| ExprKind::Field(e, Name::new("x")),
        |e| ExprKind::Binary(BinaryOp::Add, e.clone(), Expr::new(ExprKind::None, e.span)),
        |e| ExprKind::Call {
            function: Name::new("min"),
            arguments: vec![e],
        },
    ];
    let flat = [
        ExprKind::Tuple(vec![]),
        ExprKind::Tuple(vec![one()]),
        ExprKind::Compare {
            first: one(),
            rest: vec![],
        },
        ExprKind::Match {
            of: expr(ExprKind::Some(one())),
            arms: vec![],
        },
        ExprKind::Call {
            function: Name::new(""),
            arguments: vec![],
        },
        ExprKind::Call {
            function: Name::new("all"),
            arguments: vec![one(), one()],
        },
        ExprKind::Lambda {
            parameters: vec![],
            body: one(),
        },
        ExprKind::Position(one(), u32::MAX),
        ExprKind::Literal(Literal::Real(f64::NAN)),
        ExprKind::Literal(Literal::Quantity(Quantity {
            digits: i64::MIN,
            decimals: u8::MAX,
            unit: Unit::Days,
        })),
        ExprKind::Name(String::new()),
    ];
    let refused = |condition: Expr| {
        let clause = Clause {
            kind: ClauseKind::Requires,
            label: String::new(),
            condition,
        };
        let member = Member {
            comments: vec![],
            kind: MemberKind::Clause(clause),
            span: Span::default(),
        };
        let tool = Tool {
            name: Name::new("t"),
            doc: None,
            body: Body {
                members: vec![member],
            },
        };
        let item = Item {
            comments: vec![],
            kind: ItemKind::Tool(tool),
            span: Span::default(),
        };
        let document = Document {
            items: vec![item],
            comments: vec![],
        };
        let refused = check(&document).is_err();
        // Dropping so deep a tree recurses; no parser makes one.
        std::mem::forget(document);
        refused
    };
    let work = move || {
        assert!(flat.into_iter().all(|kind| refused(expr(kind))));
        for wrap in wrap {
            let mut deep = one();
            for _ in 0..20_000 {
                deep = if matches!(*deep.kind, ExprKind::Binary(..)) {
                    expr(ExprKind::Binary(BinaryOp::Add, deep, one()))
                } else {
                    expr(wrap(deep))
                };
            }
            assert!(refused(deep));
        }
    };
    let thread = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)?;
    assert!(thread.join().is_ok());
    Ok(())
}
