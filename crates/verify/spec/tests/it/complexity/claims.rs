//! Claims as they stand in a spec, against what implements it.

use voidstate_language::{Value, compile};
use voidstate_spec::complexity::{
    ComplexityError, Settings, Verdict, inputs, measure, tick, variables,
};
use voidstate_spec::{Called, Subject};

const SPEC: &str = r#"
tool find "the first place of a value in increasing ones" {
  input values: [int]
  input wanted: int
  output position: int?
  requires "increasing": is_sorted(values)
  ensures "found": match position { some(p) -> values[p] == wanted, none -> not (wanted in values) }
  complexity find: O(log n) where n = len(values)
}
"#;

/// Looks from the front, or halves.
struct Find {
    halves: bool,
}

impl Subject for Find {
    fn reset(&mut self) {}

    fn call(&mut self, _: usize, inputs: &[Value]) -> Called {
        let [Value::List(values), Value::Int(wanted)] = inputs else {
            return Called::Inexpressible("a list and a number are needed".to_owned());
        };
        let below = |v: &Value| {
            tick(1);
            matches!(v, Value::Int(i) if i < wanted)
        };
        let at = if self.halves {
            values.partition_point(below)
        } else {
            values.iter().rev().take_while(|v| !below(v)).count()
        };
        let found = i64::try_from(at)
            .ok()
            .filter(|_| values.get(at) == Some(&Value::Int(*wanted)));
        Called::Returned(vec![Value::Option(found.map(|i| Value::Int(i).into()))])
    }

    fn state(&self) -> Option<Vec<Value>> {
        None
    }
}

fn verdict(halves: bool) -> Verdict {
    let checked = compile(SPEC).unwrap();
    let operation = &checked.tools[0].operations[0];
    let claim = &operation.complexity[0];
    let mut settings = Settings::default();
    settings.size_max = 1 << 13;
    let report = measure(0, claim, &mut Find { halves }, settings, |case| {
        inputs(operation, claim, case)
    });
    report.unwrap().verdict
}

#[test]
fn a_claim_of_a_spec_is_held_against_its_implementation() {
    assert_eq!(verdict(true), Verdict::Within);
    assert!(matches!(verdict(false), Verdict::Exceeded { .. }));
}

#[test]
fn a_call_that_fails_is_told() {
    let checked = compile(SPEC).unwrap();
    let claim = &checked.tools[0].operations[0].complexity[0];
    let mut subject = Find { halves: true };
    let wrong = |_: &_| Some(vec![Value::list([]), Value::Bool(true)]);
    let error = measure(0, claim, &mut subject, Settings::default(), wrong).unwrap_err();
    assert!(
        matches!(error, ComplexityError::NotCalled { .. }),
        "{error}"
    );
    let none = measure(0, claim, &mut subject, Settings::default(), |_| None).unwrap_err();
    assert!(none.to_string().contains("by hand"), "{none}");
}

#[test]
fn a_variable_without_a_value_is_told() {
    let checked = compile(SPEC).unwrap();
    let claim = &checked.tools[0].operations[0].complexity[0];
    assert_eq!(
        variables(claim, &[Value::list([Value::Int(3)]), Value::Int(3)], &[]),
        Ok(vec![1.0])
    );
    let error = variables(claim, &[], &[]).unwrap_err();
    assert!(matches!(error, ComplexityError::NoValue { .. }), "{error}");
}
