//! What may happen to replicas: histories of updates and deliveries.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::{Just, any};
use proptest::prop_oneof;
use proptest::strategy::Strategy;

use super::{Outcome, agree, softened};
use crate::Error;

/// Most steps of a history; each update has a bit in a [`Seen`].
pub(super) const STEPS_MAX: usize = 24;
/// Most replicas of a history.
const REPLICAS_MAX: usize = 8;

/// The updates that reached a state, one bit each.
pub(super) type Seen = u64;

/// One thing that happens.
#[derive(Clone)]
pub(super) enum Step<U> {
    /// A client updates replica `at`.
    Update { at: usize, update: U },
    /// Replica `to` gets something from `from`: `choice` says what.
    Deliver {
        to: usize,
        from: usize,
        choice: usize,
    },
}

impl<U: fmt::Debug> fmt::Debug for Step<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Update { at, update } => write!(f, "{update:?} at {at}"),
            Self::Deliver { to, from, choice } => write!(f, "{from} → {to} ({choice})"),
        }
    }
}

/// Histories of `replicas` replicas.
pub(super) fn histories<U: fmt::Debug + Clone>(
    replicas: usize,
    updates: &impl Strategy<Value = U>,
) -> impl Strategy<Value = Vec<Step<U>>> {
    let update =
        (0..replicas, softened(updates)).prop_map(|(at, update)| Step::Update { at, update });
    // Half of the deliveries carry the newest there is.
    let choice = prop_oneof![Just(0), 0..STEPS_MAX];
    let deliver = (0..replicas, 0..replicas, choice).prop_map(|(to, from, choice)| Step::Deliver {
        to,
        from,
        choice,
    });
    softened(vec(prop_oneof![update, deliver], 0..=STEPS_MAX))
}

/// A number for each replica, from which orders of delivery and sides of a partition are made.
pub(super) fn keys(replicas: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(softened(any::<u8>()), replicas)
}

/// `0..keys.len()` in the order of the keys, started at `at`: each replica has an order of its own.
pub(super) fn order(keys: &[u8], at: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|i| keys.get(*i));
    if !order.is_empty() {
        let turn = at % order.len();
        order.rotate_left(turn);
    }
    order
}

/// Refuses numbers of replicas outside `least..=8`.
pub(super) fn check_replicas(
    suite: &'static str,
    replicas: usize,
    least: usize,
    expected: &'static str,
) -> Result<(), Error> {
    if (least..=REPLICAS_MAX).contains(&replicas) {
        return Ok(());
    }
    Err(Error::Parameter {
        suite,
        name: "replicas",
        value: replicas.to_string(),
        expected,
    })
}

/// A state of some replica and what had reached it.
#[derive(Debug, Clone)]
pub(super) struct Point<S> {
    pub(super) replica: usize,
    pub(super) state: S,
    pub(super) seen: Seen,
}

/// States of different replicas that the same updates reached are equal; vacuous where there are no two such.
pub(super) fn same_seen_same_state<S: fmt::Debug>(
    points: &[&Point<S>],
    eq: &impl Fn(&S, &S) -> bool,
) -> Outcome {
    let mut outcome = Outcome::Vacuous;
    for (i, a) in points.iter().enumerate() {
        for b in points.iter().skip(i + 1) {
            if a.replica == b.replica || a.seen != b.seen || a.seen == 0 {
                continue;
            }
            outcome = agree(eq, &a.state, &b.state);
            if outcome != Outcome::Holds {
                return outcome;
            }
        }
    }
    outcome
}
