//! An interpreter that writes down what another one answers.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use crate::asynchronous::AsyncInterp;
use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::journal::{Entry, Journal, Journalled, Key, Outcome};

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
        Self {
            inner,
            journal: Journal::of::<R>(),
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

impl<R: Journalled, H> Record<R, H> {
    fn kept(&mut self, key: Key, flow: Flow<R::Out>) -> Flow<R::Out> {
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

impl<R: Journalled, H> Record<R, H> {
    /// Performs through `other`, and keeps that.
    pub(crate) fn through(&mut self, other: &mut impl Interp<R>, op: R::Op) -> Flow<R::Out> {
        match R::key(&op) {
            Ok(key) => {
                let flow = other.step(op);
                self.kept(key, flow)
            }
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl<R: Journalled, H: Interp<R>> Interp<R> for Record<R, H> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match R::key(&op) {
            Ok(key) => {
                let flow = self.inner.step(op);
                self.kept(key, flow)
            }
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl<R: Journalled, H: AsyncInterp<R>> AsyncInterp<R> for Record<R, H> {
    async fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match R::key(&op) {
            Ok(key) => {
                let flow = self.inner.step(op).await;
                self.kept(key, flow)
            }
            Err(error) => ControlFlow::Break(error),
        }
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
