//! Whether a call kept the spec.

use voidstate_language::ast::BinaryOp;
use voidstate_language::node::{Node, Typed};
use voidstate_language::{
    CheckedClause, CheckedOperation, CheckedTool, Error as LanguageError, Scope, Slot, Steps, Value,
};

use super::report::FailureKind;
use crate::Called;

/// What is wrong with a call.
#[derive(Debug, Clone)]
pub(crate) struct Breach {
    pub(crate) kind: FailureKind,
    pub(crate) label: String,
    /// The clause as text; empty when no clause is broken.
    pub(crate) clause: String,
    pub(crate) explanation: String,
    pub(crate) outcome: String,
    pub(crate) outputs: Vec<Value>,
    /// The state after the call.
    pub(crate) state: Vec<Value>,
}

impl Breach {
    /// Whether it is the same failure as another, perhaps with other values.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.label == other.label
    }
}

/// How often a clause was looked at, beside it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) checked: usize,
    pub(crate) exercised: usize,
    pub(crate) too_costly: usize,
}

/// Counts for the clauses of one operation, and the invariants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) requires: Vec<Count>,
    pub(crate) fails: Vec<Count>,
    pub(crate) ensures: Vec<Count>,
    pub(crate) invariants: Vec<Count>,
}

impl Counts {
    pub(crate) fn new(operation: &CheckedOperation, tool: &CheckedTool) -> Self {
        Self {
            requires: vec![Count::default(); operation.requires.len()],
            fails: vec![Count::default(); operation.fails.len()],
            ensures: vec![Count::default(); operation.ensures.len()],
            invariants: vec![Count::default(); tool.invariants.len()],
        }
    }
}

/// A call and what came of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) tool: &'a CheckedTool,
    pub(crate) operation: &'a CheckedOperation,
    pub(crate) inputs: &'a [Value],
    pub(crate) before: &'a [Value],
    pub(crate) called: &'a Called,
    pub(crate) after: Option<&'a [Value]>,
    pub(crate) limit: u64,
}

impl Judged<'_> {
    /// What is wrong, if anything.
    pub(crate) fn breach(&self, counts: &mut Counts) -> Option<Box<Breach>> {
        let refusing = self.refusing(counts);
        let outputs: &[Value] = match self.called {
            Called::Panicked(message) => {
                return Some(self.wrong(
                    FailureKind::Panic,
                    "",
                    "",
                    format!("the call panicked: {message}"),
                ));
            }
            Called::Refused(why) => match refusing {
                Some(_) => &[],
                None => {
                    return Some(self.wrong(
                        FailureKind::ShouldSucceed,
                        "must succeed",
                        "",
                        format!("every `requires` holds, no `fails` does, and it refused: {why}"),
                    ));
                }
            },
            Called::Returned(outputs) => {
                if let Some(clause) = refusing {
                    return Some(self.wrong(
                        FailureKind::ShouldRefuse,
                        &clause.label,
                        &clause.text,
                        format!(
                            "fails \"{}\": {} holds, and it succeeded",
                            clause.label, clause.text
                        ),
                    ));
                }
                outputs
            }
            Called::NoInstance | Called::Inexpressible(_) => return None,
        };
        if let Some(breach) = self.shape(outputs) {
            return Some(breach);
        }
        let scope = Scope {
            inputs: self.inputs,
            outputs,
            state: self.after.unwrap_or_default(),
            old_inputs: self.inputs,
            old_state: self.before,
        };
        if refusing.is_none() {
            for (clause, count) in self.operation.ensures.iter().zip(&mut counts.ensures) {
                if let Some(breach) = self.clause(clause, FailureKind::Ensures, &scope, count) {
                    return Some(breach);
                }
            }
        }
        if self.after.is_some() {
            for (clause, count) in self.tool.invariants.iter().zip(&mut counts.invariants) {
                if let Some(breach) = self.clause(clause, FailureKind::Invariant, &scope, count) {
                    return Some(breach);
                }
            }
        }
        None
    }

    /// The `fails` clause that holds.
    fn refusing(&self, counts: &mut Counts) -> Option<&CheckedClause> {
        let scope = Scope {
            inputs: self.inputs,
            state: self.before,
            old_inputs: self.inputs,
            old_state: self.before,
            outputs: &[],
        };
        let mut first = None;
        for (clause, count) in self.operation.fails.iter().zip(&mut counts.fails) {
            count.checked += 1;
            if matches!(clause.holds(&scope, &mut Steps::new(self.limit)), Ok(true)) {
                count.exercised += 1;
                first = first.or(Some(clause));
            }
        }
        first
    }

    fn clause(
        &self,
        clause: &CheckedClause,
        kind: FailureKind,
        scope: &Scope<'_>,
        count: &mut Count,
    ) -> Option<Box<Breach>> {
        count.checked += 1;
        match clause.holds(scope, &mut Steps::new(self.limit)) {
            Ok(true) => {
                let mut steps = Steps::new(self.limit);
                count.exercised += usize::from(exercised(&clause.condition, scope, &mut steps));
                None
            }
            Err(LanguageError::Steps { .. }) => {
                count.too_costly += 1;
                None
            }
            Ok(false) | Err(_) => {
                count.exercised += 1;
                let word = if kind == FailureKind::Invariant {
                    "invariant"
                } else {
                    "ensures"
                };
                let why = clause.explain(scope, &mut Steps::new(self.limit));
                Some(self.wrong(
                    kind,
                    &clause.label,
                    &clause.text,
                    format!(
                        "{word} \"{}\" does not hold: {}\n{why}",
                        clause.label, clause.text
                    ),
                ))
            }
        }
    }

    /// Values that do not fit the spec.
    fn shape(&self, outputs: &[Value]) -> Option<Box<Breach>> {
        if matches!(self.called, Called::Returned(_))
            && let Some(wrong) = misfit("output", outputs, &self.operation.outputs)
        {
            return Some(self.wrong(FailureKind::Shape, "outputs", "", wrong));
        }
        let returned = matches!(self.called, Called::Returned(_));
        match self.after {
            None if returned && !self.tool.state.is_empty() => Some(self.wrong(
                FailureKind::Shape,
                "state",
                "",
                "after the call there is no instance to read the state of".to_owned(),
            )),
            None => None,
            Some(state) => misfit("state variable", state, &self.tool.state)
                .map(|wrong| self.wrong(FailureKind::Shape, "state", "", wrong)),
        }
    }

    pub(crate) fn wrong(
        &self,
        kind: FailureKind,
        label: &str,
        clause: &str,
        explanation: String,
    ) -> Box<Breach> {
        let (outcome, outputs) = match self.called {
            Called::Returned(outputs) => (
                named(&self.operation.outputs, outputs).join(", "),
                outputs.clone(),
            ),
            Called::Refused(why) => (format!("refused: {why}"), Vec::new()),
            Called::Panicked(message) => (format!("panicked: {message}"), Vec::new()),
            Called::NoInstance => ("no instance".to_owned(), Vec::new()),
            Called::Inexpressible(what) => (format!("inexpressible: {what}"), Vec::new()),
        };
        Box::new(Breach {
            kind,
            label: label.to_owned(),
            clause: clause.to_owned(),
            explanation,
            outcome: if outcome.is_empty() {
                "nothing".to_owned()
            } else {
                outcome
            },
            outputs,
            state: self.after.unwrap_or_default().to_vec(),
        })
    }
}

fn named(slots: &[Slot], values: &[Value]) -> Vec<String> {
    slots
        .iter()
        .zip(values)
        .map(|(slot, value)| format!("{}: {value}", slot.name))
        .collect()
}

fn misfit(what: &str, values: &[Value], slots: &[Slot]) -> Option<String> {
    if values.len() != slots.len() {
        return Some(format!(
            "the subject gave {} values for {} {what}s",
            values.len(),
            slots.len()
        ));
    }
    slots
        .iter()
        .zip(values)
        .find(|(slot, value)| !value.type_fits(&slot.type_))
        .map(|(slot, value)| {
            format!(
                "{what} {} is {value}, not of type {}",
                slot.name, slot.type_
            )
        })
}

/// Whether a condition that holds says something here: what stands before `=>` held, the list of `all` has elements.
pub(crate) fn exercised(condition: &Typed, scope: &Scope<'_>, steps: &mut Steps) -> bool {
    match condition.node() {
        Node::Binary(BinaryOp::Implies, before, after) => {
            matches!(before.eval(scope, steps), Ok(Value::Bool(true)))
                && exercised(after, scope, steps)
        }
        Node::Binary(BinaryOp::And, a, b) => {
            exercised(a, scope, steps) || exercised(b, scope, steps)
        }
        Node::Call(builtin, arguments) if builtin.name == "all" => {
            arguments.first().is_none_or(|list| match list.node() {
                // No need to build the list.
                Node::Range(from, to) => match (from.eval(scope, steps), to.eval(scope, steps)) {
                    (Ok(from), Ok(to)) => from < to,
                    _ => false,
                },
                _ => match list.eval(scope, steps) {
                    Ok(Value::List(items)) => !items.is_empty(),
                    _ => false,
                },
            })
        }
        _ => true,
    }
}

/// Equal as an example means it: 0 is -0, and NaN is NaN.
#[expect(clippy::float_cmp, reason = "exact equality is meant")]
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    let all =
        |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (a, b) {
        (Value::Real(x), Value::Real(y)) => x == y || (x.is_nan() && y.is_nan()),
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => all(a, b),
        (Value::Record(s, a), Value::Record(t, b)) => s.name == t.name && all(a, b),
        (Value::Enum(s, i, a), Value::Enum(t, j, b)) => s.name == t.name && i == j && all(a, b),
        (Value::Option(Some(a)), Value::Option(Some(b))) => same(a, b),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b.iter())
                    .all(|((k, v), (l, w))| same(k, l) && same(v, w))
        }
        _ => a == b,
    }
}
