//! Whether one machine may stand in for another.

mod postponed;
mod together;

use std::fmt;

use crate::machine::{Direction, Machine, Transition};

/// Whether one machine may stand in for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subtyping {
    /// It may, in every system.
    Yes,
    /// It may not.
    No(Difference),
    /// Nobody knows, and why.
    Unknown(String),
}

/// Why one machine may not stand in for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the first machine does until the difference shows; a shortest such run.
    pub trace: Vec<String>,
    /// What is different then.
    pub reason: String,
}

impl fmt::Display for Subtyping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => f.write_str("yes"),
            Self::No(difference) => write!(f, "no: {difference}"),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.trace.is_empty() {
            write!(f, "after {}, ", self.trace.join(" "))?;
        }
        f.write_str(&self.reason)
    }
}

/// Whether `sub` may stand in for `sup` wherever messages wait in queues.
///
/// First synchronous subtyping is decided (Gay and Hole): `sub` may send less and must receive as much. Where that says no,
/// `sub` may still send earlier: an output may go before inputs and before outputs to others, an input before inputs from
/// others (Ghilezan, Pantović, Prokić, Scalas and Yoshida). That is not decidable; up to `bound` steps may be postponed at once,
/// beyond that the answer is [`Subtyping::Unknown`]. Both other answers are exact.
///
/// Times: who stands in sends no later and waits no shorter. Payloads are equal when their text is.
///
/// Time O(states² · branches) for the synchronous part, and at most 20,000 pairs beyond it.
#[must_use]
pub fn subtype(sub: &Machine, sup: &Machine, bound: usize) -> Subtyping {
    if sub.roles() != sup.roles() || sub.role_index() != sup.role_index() {
        return Subtyping::No(Difference {
            trace: Vec::new(),
            reason: format!(
                "one is the machine of `{}` and the other of `{}`",
                sub.role(),
                sup.role()
            ),
        });
    }
    match together::subtype(sub, sup) {
        None => Subtyping::Yes,
        Some(difference) if bound == 0 => Subtyping::No(difference),
        Some(difference) => postponed::subtype(sub, sup, bound, difference),
    }
}

/// Whether `sub` may stand in for `sup` wherever messages are handed over at once: decided, without a bound.
#[must_use]
pub fn synchronous_subtype(sub: &Machine, sup: &Machine) -> Subtyping {
    subtype(sub, sup, 0)
}

/// Whether a step may stand in for the same step of another machine: it carries the same, and keeps its time.
fn may_replace(sub: &Transition, sup: &Transition) -> bool {
    let in_time = match (sub.direction, sub.within, sup.within) {
        (Direction::Crash, ..) | (Direction::Send, _, None) | (Direction::Receive, None, _) => true,
        (Direction::Send, Some(a), Some(b)) => a <= b,
        (Direction::Receive, Some(a), Some(b)) => a >= b,
        (Direction::Send, None, Some(_)) | (Direction::Receive, Some(_), None) => false,
    };
    in_time && sub.payload == sup.payload
}
