//! Laws of evaluation.

use proptest::prelude::*;
use voidstate_language::{Error, Scope, Steps, Type, Typed, Value, compile};

/// An expression as text, of a type that is known by construction.
fn whole(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (0_i64..20).prop_map(|i| i.to_string()),
        Just("int_max".to_owned()),
        Just("int_min".to_owned()),
        Just("n".to_owned()),
        Just("len(xs)".to_owned()),
    ];
    leaf.prop_recursive(depth, 24, 3, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop_oneof!["\\+", "-", "\\*", "/", "%"],
                inner.clone()
            )
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("xs[{a}]")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("sum(map(take(xs, {a}), |x| x + {b}))")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("default({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(let v = {a} in v - {b})")),
            inner.clone().prop_map(|a| format!(
                "(match first(drop(xs, {a})) {{ some(v) -> v, none -> 0 }})"
            )),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("len({a}..{b})")),
            inner.clone().prop_map(|a| format!("int(sqrt(real({a})))")),
            inner.clone().prop_map(|a| format!("len(t[{a}..])")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("fold(xs, {a}, |s, x| s * {b} + x)")),
        ]
    })
    .boxed()
}

fn truth() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (whole(3), whole(3)).prop_map(|(a, b)| format!("{a} < {b}")),
        (whole(2), whole(2), whole(2)).prop_map(|(a, b, c)| format!("{a} <= {b} == {c}")),
        whole(2).prop_map(|a| format!("all(xs, |x| x in xs and x != {a})")),
        whole(2).prop_map(|a| format!("defined({a})")),
        Just("is_sorted(sorted(xs))".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop_oneof!["and", "or", "=>", "<=>"],
                inner.clone()
            )
                .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
    .boxed()
}

fn condition(text: &str) -> Typed {
    let source = format!(
        "tool t {{ input xs: [int]; input n: int; input t: text; requires \"c\": {text} }}"
    );
    match compile(&source) {
        Ok(checked) => checked.tools[0].operations[0].requires[0].condition.clone(),
        Err(diagnostics) => panic!("{}", diagnostics.render(&source, "law", false)),
    }
}

fn inputs() -> impl Strategy<Value = [Value; 3]> {
    let number = prop_oneof![-9_i64..30, any::<i64>()];
    (
        prop::collection::vec(number.clone(), 0..6),
        number,
        "\\PC{0,5}",
    )
        .prop_map(|(xs, n, t)| {
            [
                Value::list(xs.into_iter().map(Value::Int)),
                Value::Int(n),
                Value::text(t),
            ]
        })
}

fn run(typed: &Typed, inputs: &[Value], limit: u64) -> (Result<Value, Error>, u64) {
    let mut steps = Steps::new(limit);
    let scope = Scope {
        inputs,
        ..Scope::default()
    };
    (typed.eval(&scope, &mut steps), steps.used())
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        rng_seed: prop::test_runner::RngSeed::Fixed(0x1a06),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn typed_expressions_do_not_get_stuck(text in truth(), inputs in inputs()) {
        let typed = condition(&text);
        match run(&typed, &inputs, 1_000_000).0 {
            Ok(value) => prop_assert!(value.type_fits(&Type::Bool)),
            Err(Error::Mismatch { .. } | Error::Missing { .. }) => prop_assert!(false, "stuck: {text}"),
            Err(_) => {}
        }
        // Explaining ends too, and agrees on whether it holds.
        let scope = Scope { inputs: &inputs, ..Scope::default() };
        let explanation = typed.explain(&scope, &mut Steps::new(1_000_000));
        let holds = run(&typed, &inputs, 1_000_000).0 == Ok(Value::Bool(true));
        prop_assert_eq!(explanation.holds, holds);
    }

    #[test]
    fn evaluation_is_deterministic_and_the_step_limit_monotone(text in truth(), inputs in inputs()) {
        let typed = condition(&text);
        let (value, used) = run(&typed, &inputs, 1_000_000);
        prop_assert_eq!(&run(&typed, &inputs, 1_000_000), &(value.clone(), used));
        if !matches!(value, Err(Error::Steps { .. })) {
            prop_assert_eq!(&run(&typed, &inputs, used).0, &value);
            prop_assert_eq!(&run(&typed, &inputs, used + 7).0, &value);
            if used > 0 {
                let stopped = matches!(run(&typed, &inputs, used - 1).0, Err(Error::Steps { .. }));
                prop_assert!(stopped);
            }
        }
    }

    #[test]
    fn the_printed_condition_means_the_same(text in truth(), inputs in inputs()) {
        let typed = condition(&text);
        let again = condition(&typed.to_string());
        prop_assert_eq!(again.to_string(), typed.to_string());
        prop_assert_eq!(run(&again, &inputs, 1_000_000), run(&typed, &inputs, 1_000_000));
    }

    #[test]
    fn arithmetic_is_that_of_checked_ints(a in any::<i64>(), b in prop_oneof![any::<i64>(), -2_i64..3]) {
        let eval = |op: &str| {
            let source = format!("tool t {{ input n: int; input m: int; complexity f: O(k) where k = n {op} m }}");
            let checked = compile(&source).map_err(|d| d.to_string())?;
            let typed = checked.tools[0].operations[0].complexity[0].variables[0].1.clone();
            Ok::<_, String>(run(&typed, &[Value::Int(a), Value::Int(b)], 1000).0.ok())
        };
        let int = |x: Option<i64>| Ok(x.map(Value::Int));
        prop_assert_eq!(eval("+"), int(a.checked_add(b)));
        prop_assert_eq!(eval("-"), int(a.checked_sub(b)));
        prop_assert_eq!(eval("*"), int(a.checked_mul(b)));
        prop_assert_eq!(eval("/"), int(a.checked_div(b)));
        prop_assert_eq!(eval("%"), int((b != 0).then(|| a.wrapping_rem(b))));
    }

    #[test]
    fn text_is_cut_by_characters(t in "\\PC{0,12}", from in 0_usize..14, to in 0_usize..14) {
        let source = "tool t { input t: text; input a: int; input b: int; output r: text; ensures \"c\": r == t[a..b] }";
        let checked = compile(source).map_err(|d| TestCaseError::fail(d.to_string()))?;
        let clause = &checked.tools[0].operations[0].ensures[0];
        let chars: Vec<char> = t.chars().collect();
        let expected: Option<String> = chars.get(from..to).map(|part| part.iter().collect());
        let number = |i: usize| Value::Int(i64::try_from(i).unwrap_or(0));
        let inputs = [Value::text(t.as_str()), number(from), number(to)];
        let outputs = [Value::text(expected.clone().unwrap_or_default())];
        let scope = Scope { inputs: &inputs, outputs: &outputs, ..Scope::default() };
        let holds = clause.holds(&scope, &mut Steps::default());
        match expected {
            Some(_) => prop_assert_eq!(holds, Ok(true)),
            None => { let outside = matches!(holds, Err(Error::OutOfRange { .. })); prop_assert!(outside, "{:?}", holds) }
        }
    }
}
