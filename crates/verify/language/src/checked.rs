//! A specification whose names and types are known: what the rest of the house works with.

use std::sync::Arc;

use crate::ast::{Bound, BudgetKind, ClauseKind, Permission};
use crate::{Diagnostics, EnumType, RecordType, Span, Type, Typed, Value};

/// Every type and tool of a file, checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Records in the order of the file.
    pub records: Vec<Arc<RecordType>>,
    /// Enums in the order of the file.
    pub enums: Vec<Arc<EnumType>>,
    /// Tools in the order of the file.
    pub tools: Vec<CheckedTool>,
    /// Texts of the protocols in the order of the file; each may name those before it.
    pub protocols: Vec<String>,
    /// What is doubtful about the document, though it means something.
    pub warnings: Diagnostics,
}

impl Checked {
    /// The tool of that name.
    #[must_use]
    pub fn tool(&self, name: &str) -> Option<&CheckedTool> {
        self.tools.iter().find(|tool| tool.name == name)
    }
}

/// A tool.
#[derive(Debug, Clone)]
pub struct CheckedTool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub doc: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// Its state variables in order.
    pub state: Vec<Slot>,
    /// Conditions on the state after every operation.
    pub invariants: Vec<CheckedClause>,
    /// Its operations in order. A tool without `operation` blocks has one, of its own name.
    pub operations: Vec<CheckedOperation>,
    /// Calls in order that must come out as said.
    pub scenarios: Vec<CheckedScenario>,
    /// What it may do to the world outside itself, in core's words; none when it says nothing.
    pub effects: Option<Vec<String>>,
    /// What it must be allowed.
    pub permissions: Vec<Permission>,
    /// Limits on any call of any operation.
    pub budgets: Vec<CheckedBudget>,
}

impl CheckedTool {
    /// The operation of that name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&CheckedOperation> {
        self.operations.iter().find(|o| o.name == name)
    }
}

/// An operation.
#[derive(Debug, Clone)]
pub struct CheckedOperation {
    /// Its name.
    pub name: String,
    /// What it does.
    pub doc: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// Its inputs in order.
    pub inputs: Vec<Slot>,
    /// Its outputs in order.
    pub outputs: Vec<Slot>,
    /// What the caller owes.
    pub requires: Vec<CheckedClause>,
    /// When it must refuse.
    pub fails: Vec<CheckedClause>,
    /// What it owes.
    pub ensures: Vec<CheckedClause>,
    /// Inputs and what must come of them.
    pub examples: Vec<CheckedExample>,
    /// How its cost grows. The name that a `complexity` member gives to a single operation need not be the tool's.
    pub complexity: Vec<CheckedComplexity>,
    /// What a call may cost.
    pub budgets: Vec<CheckedBudget>,
}

/// A name with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The name.
    pub name: String,
    /// Its type.
    pub type_: Type,
    /// Where it is declared.
    pub span: Span,
}

/// A labelled condition, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct CheckedClause {
    /// Who owes it.
    pub kind: ClauseKind,
    /// What it is called.
    pub label: String,
    /// The condition as a formatted text.
    pub text: String,
    /// The condition.
    pub condition: Typed,
}

/// An example with its constants evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedExample {
    /// What it is called: its label or `example 1`.
    pub label: String,
    /// One value per input, in the operation's order.
    pub inputs: Vec<Value>,
    /// The outputs that are given, by number; `None` when it must fail.
    pub outputs: Option<Vec<(usize, Value)>>,
    /// Where it stands.
    pub span: Span,
}

/// Calls in order on one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedScenario {
    /// What it is called.
    pub label: String,
    /// Number of the operation, and the call; its `outputs` are empty when anything may come.
    pub steps: Vec<(usize, CheckedExample)>,
}

/// A bound on growth.
#[derive(Debug, Clone)]
pub struct CheckedComplexity {
    /// The operation's name as written.
    pub operation: String,
    /// The bound.
    pub bound: Bound,
    /// Its variables: whole numbers made of inputs and state.
    pub variables: Vec<(String, Typed)>,
    /// Where it stands.
    pub span: Span,
}

/// A limit on cost.
#[derive(Debug, Clone)]
pub struct CheckedBudget {
    /// Of what.
    pub kind: BudgetKind,
    /// Nanoseconds or bytes.
    pub limit: i64,
    /// For which inputs.
    pub when: Option<Typed>,
    /// Where it stands.
    pub span: Span,
}
