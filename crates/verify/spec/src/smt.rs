//! Questions about clauses for a solver that reads SMT-LIB 2, such as `z3`.
//!
//! The translation keeps every solution: whole numbers are whole numbers, reals are numbers or NaN, texts and lists are
//! things of a length, and whatever is not understood is an unknown that is the same wherever it is written the same.
//! So what the solver calls unsatisfiable is; what it calls satisfiable may not be.

mod script;
mod solver;
mod symbols;
mod translate;

pub use solver::{Solver, Verdict};
pub(crate) use translate::problem;

/// A question: declarations, facts, and named assertions of which at least one must be false when there is no solution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    pub(crate) declarations: Vec<String>,
    pub(crate) facts: Vec<String>,
    pub(crate) assertions: Vec<String>,
}

/// The preconditions, refusals and promises of an operation as SMT-LIB 2, or `None` when there is no such tool or
/// operation: whether any call can satisfy them all.
#[must_use]
pub fn text(checked: &voidstate_language::Checked, tool: &str, operation: &str) -> Option<String> {
    use crate::statics::Condition;
    let tool = checked.tool(tool)?;
    let operation = tool.operation(operation)?;
    let before = operation.requires.iter().map(Condition::before);
    let refused = operation.fails.iter().map(|c| Condition::before(c).not());
    let after = operation
        .ensures
        .iter()
        .chain(&tool.invariants)
        .map(Condition::after);
    let conditions: Vec<Condition<'_>> = before.chain(refused).chain(after).collect();
    let types = crate::statics::types_of(tool, Some(operation));
    let problem = problem(&conditions, &types, &crate::statics::Values::default());
    Some(problem.script(std::time::Duration::from_secs(10)))
}
