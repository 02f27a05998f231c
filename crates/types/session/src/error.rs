//! Why a session ended before its protocol did.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

/// Why an operation of an endpoint failed. The endpoint is gone, and every other party is told who ended the session.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A party dropped its endpoint, or failed, before the protocol was over.
    #[error("the session was cancelled by role `{by}`; start a new one")]
    Cancelled {
        /// The role that left first, whoever passed it on.
        by: &'static str,
    },
    /// The channel to a party ended without a word: its process died, its connection was cut, or it thinks it is done.
    #[error(
        "role `{peer}` is gone without a word; start a new session, or give the protocol a crash branch for it"
    )]
    Closed {
        /// The role that is gone.
        peer: &'static str,
    },
    /// A message came that the protocol does not foresee here.
    #[error("role `{peer}` sent `{found}` where the protocol expects {expected}")]
    Unexpected {
        /// Who sent it.
        peer: &'static str,
        /// Its label.
        found: String,
        /// The labels that are foreseen.
        expected: &'static str,
    },
    /// A message did not come within the time that the protocol gives it.
    #[error("role `{peer}` sent nothing within {limit:?}, the protocol's limit")]
    Timeout {
        /// Who should have sent it.
        peer: &'static str,
        /// The protocol's limit.
        limit: Duration,
    },
    /// The channel to a party failed, or what came through it was refused.
    #[error("the channel to role `{peer}` failed: {fault}")]
    Channel {
        /// The role at its other end.
        peer: &'static str,
        /// What went wrong.
        #[source]
        fault: Fault,
    },
}

/// What a channel says instead of a message.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The other end finished its part of the protocol; nothing more will come.
    #[error("the other end is done; nothing more comes from it")]
    Done,
    /// The other end is gone without a word.
    #[error("the other end is gone without a word")]
    Closed,
    /// The other end says that the session is over.
    #[error("role `{by}` cancelled the session")]
    Cancelled {
        /// The role that left first.
        by: Cow<'static, str>,
    },
    /// The other end names a role that the protocol does not have.
    #[error("the other end names role `{role}`, which the protocol does not have")]
    UnknownRole {
        /// The name it gave.
        role: String,
    },
    /// A message bears a label that the protocol does not have.
    #[error("the message is labelled `{label}`, which the protocol does not have")]
    UnknownLabel {
        /// The label that came.
        label: String,
    },
    /// A message was lost, doubled or moved.
    #[error(
        "message {found} came where message {expected} was due; one was lost, doubled or moved"
    )]
    Sequence {
        /// The number it bears.
        found: u64,
        /// The number that was due.
        expected: u64,
    },
    /// A frame is longer than allowed.
    #[error("a frame claims {bytes} bytes, the limit is {limit}; raise the limit or send less")]
    TooLong {
        /// Bytes it takes or claims.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A party did what its machine does not allow.
    #[error("the protocol is violated: {0}")]
    Violation(
        /// What was expected and what came.
        #[source]
        Box<voidstate_protocol::Violation>,
    ),
    /// A party sends on although nobody can receive it yet.
    #[error(
        "{limit} messages are on their way, the limit; the receiver has something else to do first"
    )]
    Flooded {
        /// The limit.
        limit: usize,
    },
    /// A frame or its payload cannot be read or written.
    #[error("the frame is not sound: {0}")]
    Codec(
        /// What the codec says.
        #[from]
        voidstate_codec::Error,
    ),
    /// Reading or writing failed.
    #[error("input or output failed: {0}")]
    Io(
        /// What the system says.
        #[from]
        io::Error,
    ),
}
