//! An interpreter that writes down what another one answers.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::journal::{Entry, Journal, Journalled, Outcome};

/// Performs through `H` and keeps a [`Journal`] of operations and answers.
///
/// Law: what was recorded replays to the same result, and its replay is the same journal.
pub struct Record<R, H> {
    inner: H,
    journal: Journal,
    row: PhantomData<fn() -> R>,
}

impl<R: Journalled, H> Record<R, H> {
    /// Records what `inner` answers.
    #[must_use]
    pub fn new(inner: H) -> Self {
        Self::going_on(inner, Journal::of::<R>())
    }

    pub(crate) fn going_on(inner: H, journal: Journal) -> Self {
        Self {
            inner,
            journal,
            row: PhantomData,
        }
    }

    /// What was recorded so far.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What was recorded so far, to be drained or added to.
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// What was recorded.
    #[must_use]
    pub fn into_journal(self) -> Journal {
        self.journal
    }

    /// The interpreter that answers.
    pub fn inner_mut(&mut self) -> &mut H {
        &mut self.inner
    }
}

impl<R: Journalled, H: Interp<R>> Interp<R> for Record<R, H> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        let key = match R::key(&op) {
            Ok(key) => key,
            Err(error) => return ControlFlow::Break(error),
        };
        let flow = self.inner.step(op);
        let outcome = match &flow {
            ControlFlow::Continue(out) => match R::encode(out) {
                Ok(bytes) => Outcome::Answered(bytes),
                Err(error) => return ControlFlow::Break(error),
            },
            ControlFlow::Break(error) => Outcome::Aborted(reason(error)),
        };
        self.journal.push(Entry { key, outcome });
        flow
    }
}

/// The reason of an abort, so that recording a replay of it gives the same journal.
fn reason(error: &Error) -> Box<str> {
    match error {
        Error::Aborted { reason } => Box::from(&**reason),
        other => other.to_string().into(),
    }
}

impl<R, H> fmt::Debug for Record<R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("journal", &self.journal)
            .finish_non_exhaustive()
    }
}
