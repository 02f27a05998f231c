//! Whether what concurrent clients saw could have happened one operation at a time.
//!
//! A [`Model`] says what an object does when nobody else is there. A [`History`] says who called what, when, and what was
//! answered; [`Recorder`] takes one from real threads, [`interleaved`] from a schedule. [`check`] looks for an order in
//! which every operation takes effect at one moment between its call and its answer; it gives that order or a
//! [`Counterexample`]. [`check_by_key`] does so key by key, which is much cheaper where keys do not meet.
//!
//! The search is that of J. Wing and C. Gong, *Testing and Verifying Concurrent Objects*, JPDC 17, 1993, with what
//! was tried before remembered as in G. Lowe, *Testing for linearizability*, CCPE 29(4), 2017: the pair of what took effect
//! and the state that it left is never gone through twice. Partition by key: A. Horn and D. Kroening, *Faster
//! linearizability checking via P-compositionality*, FORTE 2015.
//!
//! # Cost
//! Exponential in the number of operations that overlap, linear in the length of a history whose overlap is bounded;
//! memory is one state and a few words for each pair gone through. [`Limits`] bounds both.

mod counterexample;
mod done;
mod drawing;
mod history;
pub mod models;
mod recorder;
mod schedule;
mod search;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;

pub use counterexample::Counterexample;
pub use history::{Event, History, Operation};
pub use recorder::{Client, Recorder};
pub use schedule::{Progress, interleaved, schedules};

use crate::Error;
use search::Search;

/// What an object does when its operations come one at a time.
///
/// # Laws
/// - `allows(state, op, answer)` is the state after `step(state, op)` when that answers `answer`.
/// - The state after an operation is a function of the state before, the operation and its answer.
/// - Every state that an operation without an answer may leave is in `outcomes`.
pub trait Model {
    /// What the object remembers.
    type State: Clone + Eq + Hash + Debug;
    /// What can be asked of it.
    type Op: Clone + Debug;
    /// What it answers.
    type Ret: Clone + Debug + PartialEq;

    /// What it remembers at first.
    fn init(&self) -> Self::State;

    /// What it remembers after `op`, and what it answers.
    fn step(&self, state: &Self::State, op: &Self::Op) -> (Self::State, Self::Ret);

    /// What it remembers after `op` was answered with `answer`, or `None` where that cannot be the answer. Override it
    /// for an object that may answer in several ways.
    fn allows(
        &self,
        state: &Self::State,
        op: &Self::Op,
        answer: &Self::Ret,
    ) -> Option<Self::State> {
        let (next, expected) = self.step(state, op);
        (expected == *answer).then_some(next)
    }

    /// What it may remember after `op` whose answer nobody saw. Override it together with [`allows`](Self::allows).
    fn outcomes(&self, state: &Self::State, op: &Self::Op) -> Vec<Self::State> {
        vec![self.step(state, op).0]
    }
}

/// How far a check goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most operations tried, all partitions and the making of a counterexample together.
    pub steps_max: u64,
}

impl Default for Limits {
    /// Ten million, some seconds.
    fn default() -> Self {
        Self {
            steps_max: 10_000_000,
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Verdict<S, Op, Ret> {
    /// Positions in [`History::operations`] in an order in which they may have taken effect. Operations without an
    /// answer stand in it only where somebody saw what they did.
    Linearizable(Vec<usize>),
    /// There is no such order.
    Broken(Box<Counterexample<S, Op, Ret>>),
}

impl<S, Op, Ret> Verdict<S, Op, Ret> {
    /// Whether there is an order.
    #[must_use]
    pub const fn is_linearizable(&self) -> bool {
        matches!(self, Self::Linearizable(_))
    }

    /// The counterexample, where there is no order.
    #[must_use]
    pub fn counterexample(&self) -> Option<&Counterexample<S, Op, Ret>> {
        match self {
            Self::Linearizable(_) => None,
            Self::Broken(counterexample) => Some(counterexample),
        }
    }
}

/// The verdict over a history of a model.
pub type VerdictOf<M> = Verdict<<M as Model>::State, <M as Model>::Op, <M as Model>::Ret>;

/// The history of a model.
pub type HistoryOf<M> = History<<M as Model>::Op, <M as Model>::Ret>;

/// Looks for an order in which the operations of `history` may have taken effect one at a time.
///
/// # Errors
/// [`Error::Undecided`] when `limits` does not suffice.
pub fn check<M: Model>(
    model: &M,
    history: &HistoryOf<M>,
    limits: Limits,
) -> Result<VerdictOf<M>, Error> {
    let mut steps = limits.steps_max;
    let operations: Vec<_> = history.operations().iter().collect();
    let all: Vec<usize> = (0..operations.len()).collect();
    one_part(model, &operations, &all, &mut steps, limits)
}

/// As [`check`], for an object made of parts that do not know of each other: the operations of each key are checked by
/// themselves, each part beginning with [`Model::init`].
///
/// The order given is one for each key, key after key; where a key has none, the counterexample is that key's.
///
/// # Errors
/// [`Error::Undecided`] when `limits` does not suffice.
pub fn check_by_key<M: Model, K: Ord>(
    model: &M,
    history: &HistoryOf<M>,
    key: impl Fn(&M::Op) -> K,
    limits: Limits,
) -> Result<VerdictOf<M>, Error> {
    let mut parts: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (position, operation) in history.operations().iter().enumerate() {
        parts.entry(key(&operation.op)).or_default().push(position);
    }
    let mut steps = limits.steps_max;
    let mut order = Vec::with_capacity(history.operations().len());
    for positions in parts.into_values() {
        let part: Vec<_> = positions
            .iter()
            .filter_map(|position| history.operations().get(*position))
            .collect();
        match one_part(model, &part, &positions, &mut steps, limits)? {
            Verdict::Linearizable(found) => order.extend(found),
            broken @ Verdict::Broken(_) => return Ok(broken),
        }
    }
    Ok(Verdict::Linearizable(order))
}

fn one_part<M: Model>(
    model: &M,
    part: &[&Operation<M::Op, M::Ret>],
    positions: &[usize],
    steps: &mut u64,
    limits: Limits,
) -> Result<VerdictOf<M>, Error> {
    let undecided = || Error::Undecided {
        steps: limits.steps_max,
    };
    let found = Search::new(model, part)
        .order(&[model.init()], steps)
        .ok_or_else(undecided)?;
    Ok(match found {
        Some(order) => Verdict::Linearizable(
            order
                .into_iter()
                .filter_map(|at| positions.get(at).copied())
                .collect(),
        ),
        None => Verdict::Broken(Box::new(counterexample::smallest(model, part, steps))),
    })
}
