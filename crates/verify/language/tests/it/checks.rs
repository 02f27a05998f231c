//! What the checker accepts, refuses and says.

use voidstate_language::{Diagnostics, Scope, Steps, Value, compile};

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
