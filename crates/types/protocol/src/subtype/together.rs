//! Synchronous subtyping: both machines move together.

use std::collections::{BTreeMap, VecDeque};

use super::{Difference, may_replace};
use crate::machine::{Direction, Machine};

/// A state of each machine.
type Pair = (usize, usize);

/// The first difference by the length of its trace; none for a subtype.
pub(super) fn subtype(sub: &Machine, sup: &Machine) -> Option<Difference> {
    let mut parents: BTreeMap<Pair, Option<(Pair, String)>> = BTreeMap::from([((0, 0), None)]);
    let mut open = VecDeque::from([(0, 0)]);
    while let Some(pair) = open.pop_front() {
        match compare(sub, sup, pair) {
            Err(reason) => {
                let mut trace = Vec::new();
                let mut at = pair;
                while let Some(Some((before, step))) = parents.get(&at) {
                    trace.push(step.clone());
                    at = *before;
                }
                trace.reverse();
                return Some(Difference { trace, reason });
            }
            Ok(next) => {
                for (after, step) in next {
                    parents.entry(after).or_insert_with(|| {
                        open.push_back(after);
                        Some((pair, step))
                    });
                }
            }
        }
    }
    None
}

type Next = Vec<(Pair, String)>;

/// The pairs of states behind a pair, or what is different.
fn compare(sub: &Machine, sup: &Machine, (s, u): (usize, usize)) -> Result<Next, String> {
    let (ours, theirs) = (sub.transitions(s), sup.transitions(u));
    let has = |list: &[crate::Transition], send: bool| {
        list.iter()
            .any(|t| (t.direction == Direction::Send) == send)
    };
    if ours.is_empty() != theirs.is_empty() {
        let which = if ours.is_empty() {
            "the first is done and the other is not"
        } else {
            "the other is done and the first is not"
        };
        return Err(which.to_owned());
    }
    if has(theirs, true) && !has(ours, true) {
        return Err("the first never sends what the other would send".to_owned());
    }
    if has(ours, false) && !has(theirs, false) {
        return Err("the first waits for what nobody sends to the other".to_owned());
    }
    let may_crash = |m: &Machine, at: usize| m.states().get(at).is_some_and(|s| s.may_crash);
    if may_crash(sub, s) && !may_crash(sup, u) {
        return Err("the first may be gone where nobody is prepared for it".to_owned());
    }
    let mut next = Vec::new();
    for t in ours.iter().filter(|t| t.direction == Direction::Send) {
        match sup.find(u, t.direction, t.peer, &t.label) {
            Some(other) if may_replace(t, other) => {
                next.push(((t.target, other.target), sub.describe(t)))
            }
            Some(other) => {
                return Err(format!(
                    "the first does `{}` where the other does `{}`",
                    sub.describe(t),
                    sup.describe(other)
                ));
            }
            None => return Err(format!("only the first does `{}`", sub.describe(t))),
        }
    }
    for other in theirs.iter().filter(|t| t.direction != Direction::Send) {
        match sub.find(s, other.direction, other.peer, &other.label) {
            Some(t) if may_replace(t, other) => {
                next.push(((t.target, other.target), sub.describe(t)))
            }
            Some(t) => {
                return Err(format!(
                    "the first does `{}` where the other does `{}`",
                    sub.describe(t),
                    sup.describe(other)
                ));
            }
            None => return Err(format!("only the other does `{}`", sup.describe(other))),
        }
    }
    Ok(next)
}
