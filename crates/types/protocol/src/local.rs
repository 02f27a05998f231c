//! What one role does: its local type.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Span;
use crate::ast::{Payload, Role};
use crate::machine::{Direction, Machine, State, Transition, named_payload};
use crate::show::Time;

/// The local type of a role, as equations: one type for each set of places of the protocol that the role cannot tell apart.
///
/// The first is where the role begins. Its [`Display`](fmt::Display) has one line an equation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// The protocol.
    pub protocol: String,
    /// All roles of the protocol.
    pub roles: Arc<[Role]>,
    /// Which of them this is.
    pub role: usize,
    /// The equations.
    pub types: Vec<LocalType>,
}

/// What a role may do at a place: nothing when it is done, else send one of several messages, or receive one of several
/// from one role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalType {
    /// The alternatives.
    pub branches: Vec<LocalBranch>,
    /// Whether the others are prepared for the role to be gone here.
    pub may_crash: bool,
}

/// One alternative of a [`LocalType`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalBranch {
    /// Sent, received, or noticed.
    pub direction: Direction,
    /// To whom or from whom, by number; who is gone, for a crash.
    pub peer: usize,
    /// What the message is called; empty for a crash.
    pub label: Arc<str>,
    /// What it carries.
    pub payload: Arc<[Payload]>,
    /// How long it may take.
    pub within: Option<Duration>,
    /// The number of the type behind it.
    pub target: usize,
    /// Which messages of the text it stands for.
    pub spans: Vec<Span>,
}

impl Local {
    /// The machine: types that nobody can tell apart are one state, numbered in the order in which they are reached.
    ///
    /// Time O(branches · log types · types) in the worst case.
    #[must_use]
    pub fn machine(&self) -> Machine {
        let states = self.types.iter().map(|t| State {
            transitions: t
                .branches
                .iter()
                .map(|b| Transition {
                    direction: b.direction,
                    peer: b.peer,
                    label: Arc::clone(&b.label),
                    payload: Arc::clone(&b.payload),
                    within: b.within,
                    target: b.target,
                })
                .collect(),
            may_crash: t.may_crash,
        });
        Machine::smallest(
            self.protocol.clone(),
            Arc::clone(&self.roles),
            self.role,
            states.collect(),
        )
    }

    /// The role whose type this is.
    #[must_use]
    pub fn own_role(&self) -> Option<&Role> {
        self.roles.get(self.role)
    }
}

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |at: usize| {
            self.roles
                .get(at)
                .map_or_else(|| at.to_string(), ToString::to_string)
        };
        for (i, t) in self.types.iter().enumerate() {
            write!(f, "T{i} = ")?;
            if t.branches.is_empty() {
                f.write_str("end")?;
            }
            for (k, b) in t.branches.iter().enumerate() {
                f.write_str(match (k, b.direction) {
                    (0, _) => "",
                    (_, Direction::Send) => " + ",
                    _ => " & ",
                })?;
                match b.direction {
                    Direction::Send => write!(f, "{}!", name(b.peer))?,
                    Direction::Receive => write!(f, "{}?", name(b.peer))?,
                    Direction::Crash => write!(f, "{}†", name(b.peer))?,
                }
                if b.direction != Direction::Crash {
                    write!(f, "{}", named_payload(&b.label, &b.payload))?;
                }
                if let Some(time) = b.within {
                    write!(f, " within {}", Time(time))?;
                }
                write!(f, ".T{}", b.target)?;
            }
            f.write_str("\n")?;
        }
        Ok(())
    }
}
