//! The smallest part of a history that shows that it has no order.

use std::collections::HashSet;
use std::fmt::Debug;

use super::search::{Search, only_observes};
use super::{Model, Operation};

/// Operations that cannot have taken effect one at a time, whichever of `starts` the object was in.
///
/// Only such operations are left out that cannot have made the difference, so what is left is the fault itself and not
/// one that the leaving-out made: those after the first answer that no order explains (and answers that came later
/// than it), those before the last moment at which nobody waited for an answer (their results are in `starts`), and
/// those that only observe.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterexample<S, Op, Ret> {
    /// What the object may have remembered when the first of the operations was called, by their texts.
    pub starts: Vec<S>,
    /// In order of their calls.
    pub operations: Vec<Operation<Op, Ret>>,
    /// Position among the operations of the one whose answer no order explains; all answers before it can be explained.
    pub culprit: usize,
    /// Whether the limits sufficed for leaving out all that can be left out.
    pub is_minimal: bool,
}

type Operations<M> = Vec<Operation<<M as Model>::Op, <M as Model>::Ret>>;

/// What was known at `at`: later calls and answers are not there yet.
fn known<M: Model>(part: &[&Operation<M::Op, M::Ret>], at: u64) -> Operations<M> {
    let called = part.iter().filter(|operation| operation.call <= at);
    called
        .map(|operation| match &operation.answer {
            Some((_, answered)) if *answered > at => (*operation).clone().forget_answer(),
            _ => (*operation).clone(),
        })
        .collect()
}

/// Whether there is no order; `None` when `steps` does not suffice.
fn is_broken<M: Model>(
    model: &M,
    starts: &[M::State],
    operations: &[Operation<M::Op, M::Ret>],
    steps: &mut u64,
) -> Option<bool> {
    let operations: Vec<_> = operations.iter().collect();
    let found = Search::new(model, &operations).order(starts, steps)?;
    Some(found.is_none())
}

/// `part` has no order.
pub(super) fn smallest<M: Model>(
    model: &M,
    part: &[&Operation<M::Op, M::Ret>],
    steps: &mut u64,
) -> Counterexample<M::State, M::Op, M::Ret> {
    let mut is_minimal = true;
    let starts = vec![model.init()];
    let at = first_unexplained(model, &starts, part, steps, &mut is_minimal);
    let mut operations = known::<M>(part, at);
    let mut starts = starts;
    match since_quiet(model, &starts, &operations, steps) {
        Some((states, first)) => {
            starts = states;
            operations.drain(..first);
        }
        None => is_minimal = false,
    }
    if leave_out_observers(model, &starts, &mut operations, at, steps).is_none() {
        is_minimal = false;
    }
    starts.sort_by_cached_key(|state| format!("{state:?}"));
    let culprit = operations
        .iter()
        .position(|operation| answered_at(operation) == Some(at));
    Counterexample {
        starts,
        culprit: culprit.unwrap_or(0),
        operations,
        is_minimal,
    }
}

fn answered_at<Op, Ret>(operation: &Operation<Op, Ret>) -> Option<u64> {
    operation.answer.as_ref().map(|(_, at)| *at)
}

/// The time of the first answer up to which there is no order. What holds for a history holds for all that was known
/// earlier, so halving finds it.
fn first_unexplained<M: Model>(
    model: &M,
    starts: &[M::State],
    part: &[&Operation<M::Op, M::Ret>],
    steps: &mut u64,
    is_minimal: &mut bool,
) -> u64 {
    let mut times: Vec<u64> = part.iter().filter_map(|o| answered_at(o)).collect();
    times.sort_unstable();
    // Up to `times[high]` there is no order; up to those before `low` there is one.
    let (mut low, mut high) = (0, times.len().saturating_sub(1));
    while low < high {
        let middle = low.midpoint(high);
        match is_broken(model, starts, &known::<M>(part, times[middle]), steps) {
            Some(true) => high = middle,
            Some(false) => low = middle + 1,
            None => {
                *is_minimal = false;
                break;
            }
        }
    }
    times.get(high).copied().unwrap_or(u64::MAX)
}

/// The states at the last moment at which nobody waited, and the position of the first operation after it.
fn since_quiet<M: Model>(
    model: &M,
    starts: &[M::State],
    operations: &[Operation<M::Op, M::Ret>],
    steps: &mut u64,
) -> Option<(Vec<M::State>, usize)> {
    let mut states = starts.to_vec();
    let (mut first, mut latest) = (0, Some(0));
    for (number, operation) in operations.iter().enumerate() {
        if number > first && latest.is_some_and(|latest| latest < operation.call) {
            let segment: Vec<_> = operations.get(first..number)?.iter().collect();
            let ends = Search::new(model, &segment).ends(&states, steps)?;
            states = ends.into_iter().collect();
            (first, latest) = (number, Some(0));
        }
        // An answer that never comes leaves somebody waiting for ever.
        latest = latest.zip(answered_at(operation)).map(|(a, b)| a.max(b));
    }
    Some((states, first))
}

fn leave_out_observers<M: Model>(
    model: &M,
    starts: &[M::State],
    operations: &mut Operations<M>,
    culprit_at: u64,
    steps: &mut u64,
) -> Option<()> {
    let states: HashSet<M::State> = {
        let all: Vec<_> = operations.iter().collect();
        let mut search = Search::new(model, &all);
        search.order(starts, steps)?;
        search.states().chain(starts).cloned().collect()
    };
    let mut at = 0;
    while let Some(operation) = operations.get(at) {
        if answered_at(operation) != Some(culprit_at)
            && only_observes(model, operation, states.iter())
        {
            let left_out = operations.remove(at);
            if !is_broken(model, starts, operations, steps)? {
                operations.insert(at, left_out);
                at += 1;
            }
        } else {
            at += 1;
        }
    }
    Some(())
}
