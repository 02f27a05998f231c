//! Where a suspended program leaves its operation and finds its answer.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use crate::error::Error;
use crate::row::Row;

/// What lies between a suspended program and its runner. Cannot be named outside, which seals [`Exchange`].
#[expect(missing_debug_implementations, reason = "cannot be named outside")]
pub enum Held<R: Row> {
    Nothing,
    Op(R::Op),
    Answer(R::Out),
    Stopped(Error),
}

/// How a suspended program and its runner exchange operations and answers. Sealed: [`Local`] or [`Shared`].
pub trait Exchange: Clone {
    /// The effects.
    type R: Row;

    #[doc(hidden)]
    fn swap(&self, held: Held<Self::R>) -> Held<Self::R>;
}

/// Within one thread.
pub struct Local<R: Row>(Rc<Cell<Held<R>>>);

/// Between threads.
pub struct Shared<R: Row>(Arc<Mutex<Held<R>>>);

impl<R: Row> Local<R> {
    pub(crate) fn new() -> Self {
        Self(Rc::new(Cell::new(Held::Nothing)))
    }
}

impl<R: Row> Shared<R> {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Held::Nothing)))
    }
}

impl<R: Row> Exchange for Local<R> {
    type R = R;

    #[inline]
    fn swap(&self, held: Held<R>) -> Held<R> {
        self.0.replace(held)
    }
}

impl<R: Row> Exchange for Shared<R> {
    type R = R;

    #[inline]
    fn swap(&self, held: Held<R>) -> Held<R> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *place, held)
    }
}

impl<R: Row> Clone for Local<R> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<R: Row> Clone for Shared<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Row> fmt::Debug for Local<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Local")
    }
}

impl<R: Row> fmt::Debug for Shared<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

/// The first error counts.
pub(crate) fn stop<X: Exchange>(exchange: &X, error: Error) {
    if let first @ Held::Stopped(_) = exchange.swap(Held::Stopped(error)) {
        exchange.swap(first);
    }
}

/// Leaves the operation at the first poll, and waits for an answer afterwards.
pub(crate) struct Exchanging<'x, X: Exchange> {
    exchange: &'x X,
    op: Option<<X::R as Row>::Op>,
}

impl<'x, X: Exchange> Exchanging<'x, X> {
    #[inline]
    pub(crate) fn new(exchange: &'x X, op: <X::R as Row>::Op) -> Self {
        Self {
            exchange,
            op: Some(op),
        }
    }
}

impl<X: Exchange> Unpin for Exchanging<'_, X> {}

impl<X: Exchange> Future for Exchanging<'_, X> {
    type Output = <X::R as Row>::Out;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(op) = self.op.take() {
            self.exchange.swap(Held::Op(op));
            return Poll::Pending;
        }
        match self.exchange.swap(Held::Nothing) {
            Held::Answer(out) => Poll::Ready(out),
            other => {
                self.exchange.swap(other);
                Poll::Pending
            }
        }
    }
}
