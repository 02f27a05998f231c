//! Members of a tool or an operation.

use serde::{Deserialize, Serialize};

use super::{Expr, Field, Name};
use crate::{Span, Unit};

/// The members between braces, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body {
    /// The members.
    pub members: Vec<Member>,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Comment lines before it, without `//`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    /// What it is.
    pub kind: MemberKind,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MemberKind {
    /// `input samples: [real]`
    Input(Field),
    /// `output positions: [int]`
    Output(Field),
    /// `state width: int`; tools only.
    State(Field),
    /// `requires`, `fails`, `ensures` or `invariant`.
    Clause(Clause),
    /// `complexity match: O(n + m) where n = len(text), m = len(pattern)`
    Complexity(Complexity),
    /// `budget time 100 ms when len(samples) <= 10000`
    Budget(Budget),
    /// `effects clock, log`
    Effects(Vec<Name>),
    /// `permissions read_file "/proc/**"`
    Permissions(Vec<Permission>),
    /// `example (text: "abab", pattern: "ab") => (positions: [0, 2])`
    Example(Example),
    /// `scenario "fills up" { new(capacity: 1); push(x: 7) => (dropped: 0); }`
    Scenario(Scenario),
    /// `operation push { … }`; tools only.
    Operation(Operation),
}

/// A labelled condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// What it promises.
    pub kind: ClauseKind,
    /// What it is called in reports.
    pub label: String,
    /// The condition.
    pub condition: Expr,
}

/// Who owes what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    /// The caller owes it. When all hold and no `fails` does, the operation must succeed.
    Requires,
    /// When it holds, the operation must refuse with an error.
    Fails,
    /// The operation owes it when it succeeds.
    Ensures,
    /// Holds after every operation that is over.
    Invariant,
}

/// How the cost of an operation grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complexity {
    /// The operation.
    pub operation: Name,
    /// The bound.
    pub bound: Bound,
    /// What the bound's variables are: whole numbers made of inputs and state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<(Name, Expr)>,
}

/// The inside of `O(…)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Bound {
    /// `1`, or a whole constant.
    Constant(u32),
    /// `n`
    Variable(Name),
    /// `log n`, `log(n + m)`
    Log(Box<Bound>),
    /// `sqrt(n)`
    Sqrt(Box<Bound>),
    /// `n^2`
    Power(Box<Bound>, u32),
    /// `2^n`
    Exponential(u32, Box<Bound>),
    /// `n!`
    Factorial(Box<Bound>),
    /// `n m`, `n * m`; at least two
    Product(Vec<Bound>),
    /// `n + m`; at least two
    Sum(Vec<Bound>),
}

/// What an operation may cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Of what.
    pub kind: BudgetKind,
    /// How much at most: a constant duration or size.
    pub limit: Expr,
    /// For which inputs; always when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
}

/// What is budgeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetKind {
    /// CPU time of one call.
    Time,
    /// Bytes that it holds.
    Memory,
}

impl BudgetKind {
    /// Whether a limit in this unit can be held against it.
    #[must_use]
    pub fn measured_in(self, unit: Unit) -> bool {
        match self {
            Self::Time => unit.dimension() == crate::Dimension::Time,
            Self::Memory => unit.dimension() == crate::Dimension::Size,
        }
    }
}

/// Something that a tool must be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// What it does, for example `read_file`.
    pub action: Name,
    /// To what: a glob.
    pub resource: String,
}

/// Inputs and what must come of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it is called; numbered when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Every input with a constant.
    pub inputs: Vec<(Name, Expr)>,
    /// What must come.
    pub outcome: Outcome,
}

/// What must come of an example or a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Success, and these outputs equal these constants.
    Gives(Vec<(Name, Expr)>),
    /// `fails`: an error.
    Fails,
}

/// Calls in order on one instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is called.
    pub label: String,
    /// The calls.
    pub steps: Vec<Step>,
}

/// One call of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The operation.
    pub operation: Name,
    /// Every input with a constant.
    pub inputs: Vec<(Name, Expr)>,
    /// What must come; anything when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// One operation of a tool that has several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its name.
    pub name: Name,
    /// What it does, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Its members.
    pub body: Body,
}
