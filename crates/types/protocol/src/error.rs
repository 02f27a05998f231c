//! What can go wrong beside the text.

use crate::project::Clash;
use crate::{Diagnostic, Role};

/// Why a role cannot play its part.
pub type ProjectionError = Error;

/// What can go wrong with a protocol, a machine or a run.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The protocol has no such role.
    #[error("role `{role}` is not in protocol `{protocol}`; its roles are {known}")]
    UnknownRole {
        /// The role that was asked for.
        role: Role,
        /// The protocol.
        protocol: String,
        /// The roles that it has.
        known: String,
    },
    /// The protocol cannot be written out: a parameter without a value, an index outside its family, a loop without a
    /// message.
    #[error("{0}")]
    Malformed(Box<Diagnostic>),
    /// The role cannot know a choice that it depends on.
    #[error("{0}")]
    Unknowable(Box<Clash>),
    /// The local type would have more states than the limit.
    #[error(
        "role `{role}` would have more than {limit} states; write the choices that it sees with fewer different continuations"
    )]
    TooManyStates {
        /// The role.
        role: Role,
        /// The limit.
        limit: usize,
    },
    /// A machine that was put together by hand does not hang together.
    #[error("state {state} of machine `{machine}`: {why}")]
    Machine {
        /// The role of the machine.
        machine: String,
        /// The state.
        state: usize,
        /// What is wrong, and the way out.
        why: String,
    },
    /// Machines that do not belong together.
    #[error("these machines are no system: {why}")]
    System {
        /// What is wrong, and the way out.
        why: String,
    },
}

impl Error {
    /// The error at its place in the text that the protocol was read from; none for errors that have no place.
    #[must_use]
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        match self {
            Self::Malformed(diagnostic) => Some((**diagnostic).clone()),
            Self::Unknowable(clash) => Some(clash.diagnostic()),
            _ => None,
        }
    }
}

impl From<Box<Diagnostic>> for Error {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Malformed(diagnostic)
    }
}
