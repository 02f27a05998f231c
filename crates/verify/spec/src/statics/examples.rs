//! Examples that break the clauses of their own operation.

use voidstate_language::{
    CheckedClause, CheckedExample, CheckedOperation, CheckedTool, Steps, Value,
};

use super::condition::{Condition, Key, Part, Values};
use super::{Checks, Finding, Rule};

pub(super) fn check(tool: &CheckedTool, checks: &mut Checks) {
    for operation in &tool.operations {
        for example in &operation.examples {
            one(operation, example, checks);
        }
        conflicts(operation, checks);
    }
    for scenario in &tool.scenarios {
        for (number, step) in &scenario.steps {
            if let Some(operation) = tool.operations.get(*number) {
                // What a step may do depends on the state: only what its inputs decide is looked at.
                one(operation, step, checks);
            }
        }
    }
}

fn one(operation: &CheckedOperation, example: &CheckedExample, checks: &mut Checks) {
    let mut values = Values {
        inputs: example.inputs.clone(),
        ..Values::default()
    };
    let mut given = Vec::new();
    for (number, value) in example.outputs.iter().flatten() {
        let key = Key {
            part: Part::Output,
            index: *number,
        };
        values.set(key, value.clone());
        given.push(key);
    }
    let decided = |c: &Condition<'_>| {
        c.keys()
            .iter()
            .all(|k| k.part == Part::Input || given.contains(k))
    };
    let told = |clauses: &[CheckedClause], holds: bool| -> Option<usize> {
        clauses.iter().position(|clause| {
            let condition = Condition::before(clause);
            let condition = if holds { condition } else { condition.not() };
            decided(&condition) && condition.holds(&values)
        })
    };
    let refused = told(&operation.fails, true).and_then(|i| operation.fails.get(i));
    let not_allowed = told(&operation.requires, false).and_then(|i| operation.requires.get(i));
    let mut broken = |clause: Option<&CheckedClause>, message: String, advice: &str| {
        let mut finding = Finding::new(Rule::BrokenExample, example.span, message, advice);
        if let Some(clause) = clause {
            finding
                .related
                .push((clause.condition.span(), "this clause".to_owned()));
        }
        checks.findings.push(finding);
    };
    let Some(outputs) = &example.outputs else {
        let open =
            |clauses: &[CheckedClause]| !clauses.iter().all(|c| decided(&Condition::before(c)));
        if refused.is_none()
            && not_allowed.is_none()
            && !open(&operation.fails)
            && !open(&operation.requires)
        {
            let message = format!("\"{}\" must fail, but everything allows it", example.label);
            broken(
                None,
                message,
                "add a `fails` or a `requires` that says why, or give the outputs",
            );
        }
        return;
    };
    if let Some(clause) = refused {
        let message = format!(
            "\"{}\" succeeds, but \"{}\" says that it must fail",
            example.label, clause.label
        );
        broken(
            Some(clause),
            message,
            "write `=> fails`, or correct the clause",
        );
    } else if let Some(clause) = not_allowed {
        let message = format!(
            "\"{}\" succeeds outside of what \"{}\" allows",
            example.label, clause.label
        );
        broken(
            Some(clause),
            message,
            "use inputs that are allowed, or correct the clause",
        );
    } else {
        for clause in operation
            .ensures
            .iter()
            .filter(|c| decided(&Condition::after(c)))
        {
            if !Condition::after(clause).holds(&values) && !too_long(clause, &values) {
                let given: Vec<String> = outputs
                    .iter()
                    .filter_map(|(i, v)| Some(format!("{}: {v}", operation.outputs.get(*i)?.name)))
                    .collect();
                let message = format!(
                    "\"{}\" with ({}) breaks \"{}\"",
                    example.label,
                    given.join(", "),
                    clause.label
                );
                broken(Some(clause), message, "correct the example or the clause");
            }
        }
    }
}

/// Whether a clause cannot be told within the steps that are allowed.
fn too_long(clause: &CheckedClause, values: &Values) -> bool {
    use voidstate_language::Error;
    let mut steps = Steps::new(200_000);
    let outcome: Result<Value, Error> = clause.condition.eval(&values.scope(false), &mut steps);
    matches!(
        outcome,
        Err(Error::Steps { .. } | Error::TooLong { .. } | Error::Missing { .. })
    )
}

fn conflicts(operation: &CheckedOperation, checks: &mut Checks) {
    for (i, a) in operation.examples.iter().enumerate() {
        for b in operation
            .examples
            .iter()
            .skip(i + 1)
            .filter(|b| b.inputs == a.inputs)
        {
            let differ = match (&a.outputs, &b.outputs) {
                (Some(x), Some(y)) => x
                    .iter()
                    .any(|(i, v)| y.iter().any(|(j, w)| i == j && v != w)),
                (None, None) => false,
                _ => true,
            };
            if differ {
                let mut finding = Finding::new(
                    Rule::ConflictingExamples,
                    b.span,
                    format!(
                        "\"{}\" and \"{}\" have the same inputs and different outcomes",
                        a.label, b.label
                    ),
                    "keep the one that is right",
                );
                finding.related.push((a.span, "the other".to_owned()));
                checks.findings.push(finding);
            }
        }
    }
}
