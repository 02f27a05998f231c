//! How a tool can fail, and how what it leaves is handled without failing in turn.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use voidstate_core::{Effect, Error};

/// Why a tool is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Requested,
    Effect,
    /// It broke the protocol of a session.
    Session,
    /// What did its work is not there any more.
    Gone,
    Errors,
    Panic,
    Hang,
    Memory,
    Time,
    Create,
}

impl Cause {
    /// Whether waiting may help.
    pub(crate) const fn is_retried(self) -> bool {
        !matches!(self, Self::Requested | Self::Effect)
    }
}

/// What a tool did in a call that it may not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Violation {
    /// It used an effect that it did not declare.
    Effect(Effect),
    /// It broke the protocol of a session, as told.
    Session(String),
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Self {
        match violation {
            Violation::Effect(effect) => Self {
                cause: Cause::Effect,
                reason: format!("it used the effect {effect} without declaring it"),
            },
            Violation::Session(reason) => Self {
                cause: Cause::Session,
                reason,
            },
        }
    }
}

/// A tool failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    pub(crate) reason: String,
}

impl Failure {
    /// What follows from an error after which calling the instance again cannot help.
    pub(crate) fn gone(error: &Error) -> Option<Self> {
        match error {
            Error::Gone { reason, .. } => Some(Self {
                cause: Cause::Gone,
                reason: reason.clone(),
            }),
            _ => None,
        }
    }
}

/// Drops a foreign value whose destructor may panic, with a payload whose destructor may panic.
pub(crate) fn discard<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        std::mem::forget(payload);
    }
}

/// The message of a panic, at most 512 bytes of it.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic whose payload is no text");
    text.chars().take(512).collect()
}
