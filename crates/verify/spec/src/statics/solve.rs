//! One question: can these conditions hold together?

use std::collections::BTreeMap;

use voidstate_language::Type;

use crate::smt::{self, Verdict};

use super::condition::{Condition, Key, Values};
use super::refute::refute;
use super::search::{Searched, search};
use super::{Checks, Settings};

/// The answer.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// Values satisfy all of them, or the solver does not rule them out.
    Possible,
    /// The conditions of these numbers exclude each other.
    Impossible(Vec<usize>),
    /// Neither was found.
    Unknown,
}

impl Answer {
    /// The conditions that exclude each other.
    pub(super) fn core(&self) -> Option<&[usize]> {
        match self {
            Self::Impossible(core) => Some(core),
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
    if matches!(searched, Searched::Found) {
        return Answer::Possible;
    }
    if let Some(core) = refute(conditions, fixed) {
        return Answer::Impossible(core);
    }
    if matches!(searched, Searched::Nothing) {
        return Answer::Impossible((0..conditions.len()).collect());
    }
    if let Some(solver) = &settings.solver {
        match solver.solve(&smt::problem(conditions, types, fixed)) {
            Verdict::Satisfiable => return Answer::Possible,
            Verdict::Unsatisfiable(core) => return Answer::Impossible(core),
            Verdict::Unknown => {}
        }
    }
    checks.unknown.push(question.to_owned());
    Answer::Unknown
}
