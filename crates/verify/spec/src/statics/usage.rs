//! What nothing reads, and promises that do not speak of the result.

use std::collections::BTreeSet;

use voidstate_language::{CheckedOperation, CheckedTool, Slot};

use super::clauses::speaks;
use super::condition::{Key, Part, keys};
use super::{Checks, Finding, Rule};

pub(super) fn check(tool: &CheckedTool, checks: &mut Checks) {
    let mut of_tool: BTreeSet<Key> = tool
        .invariants
        .iter()
        .flat_map(|c| keys(&c.condition, false))
        .collect();
    let several = tool.operations.len() > 1;
    for operation in &tool.operations {
        let read = read(operation);
        silent(tool, operation, checks);
        unused(
            Rule::UnusedInput,
            &operation.inputs,
            Part::Input,
            &read,
            checks,
        );
        unused(
            Rule::UnusedOutput,
            &operation.outputs,
            Part::Output,
            &read,
            checks,
        );
        of_tool.extend(read);
    }
    for (index, slot) in tool.state.iter().enumerate() {
        let used = [Part::State, Part::OldState]
            .iter()
            .any(|part| of_tool.contains(&Key { part: *part, index }));
        if !used {
            checks.findings.push(Finding::new(
                Rule::UnusedState,
                slot.span,
                format!("no clause reads the state variable `{}`", slot.name),
                if several {
                    "say how the operations change it, or drop it"
                } else {
                    "say how the operation changes it, or drop it"
                },
            ));
        }
    }
    for variables in tool.operations.iter().flat_map(|o| &o.complexity) {
        let bound = crate::complexity::bound_variables(&variables.bound);
        for (name, expr) in &variables.variables {
            let (message, advice) = if !bound.contains(name) {
                (
                    format!("the bound does not use `{name}`"),
                    "drop it, or correct the bound",
                )
            } else if expr.free_slots().is_empty() {
                (
                    format!("`{name}` is `{expr}` for every input"),
                    "make it of the inputs or the state, as in `len(text)`",
                )
            } else {
                continue;
            };
            checks.findings.push(Finding::new(
                Rule::ComplexityVariable,
                expr.span(),
                message,
                advice,
            ));
        }
    }
}

/// Everything that a member of the operation reads.
fn read(operation: &CheckedOperation) -> BTreeSet<Key> {
    let clauses = operation.requires.iter().map(|c| (&c.condition, true));
    let clauses = clauses.chain(operation.fails.iter().map(|c| (&c.condition, true)));
    let clauses = clauses.chain(operation.ensures.iter().map(|c| (&c.condition, false)));
    let bounds = operation
        .complexity
        .iter()
        .flat_map(|c| c.variables.iter().map(|(_, e)| (e, true)));
    let budgets = operation
        .budgets
        .iter()
        .filter_map(|b| b.when.as_ref())
        .map(|e| (e, true));
    clauses
        .chain(bounds)
        .chain(budgets)
        .flat_map(|(expr, before)| keys(expr, before))
        .collect()
}

fn unused(rule: Rule, slots: &[Slot], part: Part, read: &BTreeSet<Key>, checks: &mut Checks) {
    for (index, slot) in slots.iter().enumerate() {
        if read.contains(&Key { part, index }) {
            continue;
        }
        let (message, advice) = if part == Part::Output {
            (
                format!("nothing is promised of the output `{}`", slot.name),
                "add an `ensures` that says what it is",
            )
        } else {
            (
                format!("no clause reads the input `{}`", slot.name),
                "say what it does to the result, or drop it",
            )
        };
        checks
            .findings
            .push(Finding::new(rule, slot.span, message, advice));
    }
}

/// Promises that speak of nothing that the operation makes.
fn silent(tool: &CheckedTool, operation: &CheckedOperation, checks: &mut Checks) {
    for clause in &operation.ensures {
        if !speaks(clause) {
            let advice = if operation.outputs.is_empty() && tool.state.is_empty() {
                "declare an output and say what it is"
            } else {
                "say something of an output or of the state, or make it a `requires`"
            };
            checks.findings.push(Finding::new(
                Rule::SilentEnsures,
                clause.condition.span(),
                format!(
                    "\"{}\" speaks neither of an output nor of the state",
                    clause.label
                ),
                advice,
            ));
        }
    }
}
