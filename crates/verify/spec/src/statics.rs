//! What is wrong with a spec before anything is held against it.
//!
//! Clauses that contradict each other or say nothing, inputs that nothing reads, promises that do not speak of the
//! result, examples that break their own clauses, units that types cannot see. Contradictions are proved: by the order
//! of the numbers in the clauses, and, where it is installed, by the solver `z3`; a bounded search for values looks for
//! the opposite first. What is neither found nor proved is no finding and is counted in [`Checks::unknown`].

mod budgets;
mod clauses;
mod condition;
mod examples;
mod known;
mod order;
mod pool;
mod reader;
mod refute;
mod search;
mod solve;
mod units;
mod usage;

use voidstate_language::{Checked, CheckedTool, Diagnostic, Diagnostics, Severity, Span};

pub(crate) use clauses::types as types_of;
pub(crate) use condition::{Condition, Key, Part, Values, key};
pub(crate) use known::known;
pub(crate) use reader::reflexive;

use crate::smt::Solver;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// No input satisfies the preconditions.
    ContradictoryRequires,
    /// No output, or no state, satisfies what is promised.
    ContradictoryEnsures,
    /// No state satisfies the invariants, or an operation cannot keep them.
    ContradictoryInvariants,
    /// Whatever is allowed must be refused.
    NeverSucceeds,
    /// A clause that holds whatever happens, or a `fails` that never does.
    SaysNothing,
    /// A promise whose condition never comes true.
    NeverApplies,
    /// A precondition that follows from the others.
    Redundant,
    /// An `ensures` that speaks neither of an output nor of the state.
    SilentEnsures,
    /// An input that nothing reads.
    UnusedInput,
    /// An output of which nothing is promised.
    UnusedOutput,
    /// A state variable that nothing reads.
    UnusedState,
    /// An example that breaks a clause.
    BrokenExample,
    /// Two examples of the same inputs with different outcomes.
    ConflictingExamples,
    /// Names that tell of different units.
    Units,
    /// A variable of a bound that does not depend on the inputs or that the bound does not use.
    ComplexityVariable,
    /// Budgets that contradict each other or never apply.
    Budgets,
}

impl Rule {
    /// As it is written in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContradictoryRequires => "contradictory-requires",
            Self::ContradictoryEnsures => "contradictory-ensures",
            Self::ContradictoryInvariants => "contradictory-invariants",
            Self::NeverSucceeds => "never-succeeds",
            Self::SaysNothing => "says-nothing",
            Self::NeverApplies => "never-applies",
            Self::Redundant => "redundant",
            Self::SilentEnsures => "silent-ensures",
            Self::UnusedInput => "unused-input",
            Self::UnusedOutput => "unused-output",
            Self::UnusedState => "unused-state",
            Self::BrokenExample => "broken-example",
            Self::ConflictingExamples => "conflicting-examples",
            Self::Units => "units",
            Self::ComplexityVariable => "complexity-variable",
            Self::Budgets => "budgets",
        }
    }

    /// Whether the spec cannot stand with it.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Redundant
            | Self::UnusedInput
            | Self::UnusedOutput
            | Self::UnusedState
            | Self::SaysNothing
            | Self::ComplexityVariable => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// Where it is.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// Other places that take part in it, each with a word on it.
    pub related: Vec<(Span, String)>,
}

impl Finding {
    pub(crate) fn new(
        rule: Rule,
        span: Span,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            advice: advice.into(),
            related: Vec::new(),
        }
    }

    /// As the language shows its own.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = match self.rule.severity() {
            Severity::Error => Diagnostic::error(self.span, &*self.message),
            Severity::Warning => Diagnostic::warning(self.span, &*self.message),
        }
        .label(self.rule.name())
        .advice(&*self.advice);
        for (span, word) in &self.related {
            diagnostic = diagnostic.related(*span, &**word);
        }
        diagnostic
    }
}

/// How hard the checks try.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Evaluations of clauses per question.
    pub evaluations_max: u64,
    /// The solver; bounded search and the order of numbers alone without it.
    pub solver: Option<Solver>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            evaluations_max: 20_000,
            solver: Solver::find(),
        }
    }
}

/// Outcome of the checks.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Checks {
    /// What is wrong, in the order of the text.
    pub findings: Vec<Finding>,
    /// Questions that were asked of the clauses.
    pub questions: usize,
    /// Those that neither search nor proof could answer, in words.
    pub unknown: Vec<String>,
    /// Whether the solver took part.
    pub solver: bool,
}

impl Checks {
    /// The findings as the language shows its own.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        let mut out = Diagnostics::new();
        for finding in &self.findings {
            out.push(finding.diagnostic());
        }
        out
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|f| f.rule.severity() == Severity::Error)
    }
}

/// Checks every tool of a spec. Deterministic but for the solver, which may run out of time.
#[must_use]
pub fn check(checked: &Checked, settings: &Settings) -> Checks {
    let mut checks = Checks {
        solver: settings.solver.is_some(),
        ..Checks::default()
    };
    for tool in &checked.tools {
        check_tool(tool, settings, &mut checks);
    }
    checks
        .findings
        .sort_by_key(|f| (f.span.start, f.span.end, f.rule));
    checks.findings.dedup();
    checks
}

fn check_tool(tool: &CheckedTool, settings: &Settings, checks: &mut Checks) {
    usage::check(tool, checks);
    units::check(tool, checks);
    budgets::check(tool, settings, checks);
    examples::check(tool, checks);
    clauses::check(tool, settings, checks);
}
