//! One question: can these conditions hold together?

use std::collections::BTreeMap;

use voidstate_language::Type;

use crate::smt::{self, Verdict};

use super::condition::{Condition, Key, Values};
use super::refute::refute;
use super::search::{Searched, search};
use super::{Checks, Settings};

/// How a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Solving {
    /// Values were found.
    Example,
    /// Every value there is was tried.
    Exhaustion,
    /// By the order of the numbers.
    Order,
    /// By the solver.
    Solver,
}

/// The answer.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// These values satisfy all of them; none when only the solver knows that there are some.
    Possible(Option<Values>),
    /// The conditions of these numbers exclude each other.
    Impossible(Vec<usize>, Solving),
    /// Neither was found.
    Unknown,
}

impl Answer {
    /// The conditions that exclude each other.
    pub(super) fn core(&self) -> Option<&[usize]> {
        match self {
            Self::Impossible(core, _) => Some(core),
            _ => None,
        }
    }
}

/// Asks whether the conditions can hold together, with the given values; `question` says it in words.
pub(super) fn ask(
    question: &str,
    conditions: &[Condition<'_>],
    types: &BTreeMap<Key, Type>,
    fixed: &Values,
    settings: &Settings,
    checks: &mut Checks,
) -> Answer {
    checks.questions += 1;
    let searched = search(conditions, types, fixed, settings.evaluations_max);
    if let Searched::Found(values) = searched {
        return Answer::Possible(Some(values));
    }
    if let Some(core) = refute(conditions, fixed) {
        return Answer::Impossible(core, Solving::Order);
    }
    if let Some(solver) = &settings.solver {
        match solver.solve(&smt::problem(conditions, types, fixed)) {
            Verdict::Satisfiable => return Answer::Possible(None),
            Verdict::Unsatisfiable(core) => return Answer::Impossible(core, Solving::Solver),
            Verdict::Unknown => {}
        }
    }
    if matches!(searched, Searched::Nothing) {
        return Answer::Impossible((0..conditions.len()).collect(), Solving::Exhaustion);
    }
    checks.unknown.push(question.to_owned());
    Answer::Unknown
}
