//! What a broken promise looks like.

use voidstate_language::{Diagnostics, Explanation, Scope, Steps, Value, compile};

/// The explanation of one condition over `xs: [int]`, `n: int`, `t: text` and `r: [real]`.
fn explain(condition: &str, xs: &[i64], n: i64) -> Result<Explanation, Diagnostics> {
    let source = format!(
        "define small(x: int): bool = 0 <= x < 10\n\
         tool t {{ input xs: [int]; input n: int; output y: int; ensures \"c\": {condition} }}"
    );
    let checked = compile(&source)?;
    let clause = &checked.tools[0].operations[0].ensures[0];
    let inputs = [
        Value::list(xs.iter().copied().map(Value::Int)),
        Value::Int(n),
    ];
    let outputs = [Value::Int(n)];
    let scope = Scope {
        inputs: &inputs,
        outputs: &outputs,
        old_inputs: &inputs,
        ..Scope::default()
    };
    Ok(clause.explain(&scope, &mut Steps::default()))
}

#[test]
fn an_explanation_names_part_sides_and_witness() -> Result<(), Diagnostics> {
    let table = [
        (
            "n == 3 and y == n + 1",
            "`y == n + 1` does not hold: y = 3, n + 1 = 4",
        ),
        (
            "n == 4 or y == 5",
            "`y == 5` does not hold: y = 3\n  n == 4 does not hold either",
        ),
        (
            "not (n == y)",
            "`n == y` holds, and should not: n = 3, y = 3",
        ),
        (
            "all(xs, |x| x > 1)",
            "`x > 1` does not hold: x = 1\n  at element 2 of xs: x = 1",
        ),
        (
            "all(enumerate(xs), |i, x| x == i)",
            "`x == i` does not hold: x = 5, i = 0\n  at element 0 of enumerate(xs): i = 0, x = 5",
        ),
        (
            "not any(xs, |x| x == 7)",
            "`x == 7` holds, and should not: x = 7\n  at element 1 of xs: x = 7",
        ),
        (
            "any(xs, |x| x > 9)",
            "`any(xs, |x| x > 9)` does not hold\n  none of the 3 elements of xs passes",
        ),
        (
            "is_sorted(xs)",
            "`is_sorted(xs)` does not hold: xs = [5, 7, 1]\n  out of order at 1: 7 before 1",
        ),
        (
            "unique(xs ++ [7])",
            "`unique(xs ++ [7])` does not hold: xs ++ [7] = [5, 7, 1, 7]\n  7 stands at 1 and at 3",
        ),
        (
            "count(xs, |x| x > 4) == 3",
            "`count(xs, |x| x > 4) == 3` does not hold: count(xs, |x| x > 4) = 2\n  count(xs, |x| x > 4) counts elements 0, 1",
        ),
        (
            "permutation(xs, [1, 5, 5])",
            "`permutation(xs, [1, 5, 5])` does not hold: xs = [5, 7, 1], [1, 5, 5] = [1, 5, 5]\n  5 is 1 times in the first and 2 times in the second",
        ),
        (
            "xs[n] == 1",
            "`xs[n] == 1` has no value: xs[n] = no value\n  because 3 is outside the list [5, 7, 1] of length 3; guard it with `if` or `=>`",
        ),
        (
            "small(n + 10)",
            "`x < 10` does not hold: x = 13\n  in small(n + 10): n + 10 = 13",
        ),
        (
            "xs == [5, 7, 2]",
            "`xs == [5, 7, 2]` does not hold: xs = [5, 7, 1], [5, 7, 2] = [5, 7, 2]\n  they differ first at 2: 1 and 2",
        ),
    ];
    for (condition, expected) in table {
        let explanation = explain(condition, &[5, 7, 1], 3)?;
        let text = explanation.to_string();
        let text = text.split("\n  where ").next().unwrap_or_default();
        assert_eq!(text, expected, "{condition}");
    }
    let holds = explain("n == 3", &[], 3)?;
    assert!(holds.holds && holds.to_string() == "it holds");
    Ok(())
}

#[test]
fn long_values_are_cut_in_the_middle() -> Result<(), Diagnostics> {
    let xs: Vec<i64> = (0..1000).collect();
    let text = explain("len(xs) == 3 and len(xs) == n", &xs, 3)?.to_string();
    assert!(
        text.contains("where xs = [0, 1, 2, 3, …, 996, 997, 998, 999] (1000 elements)"),
        "{text}"
    );
    Ok(())
}
