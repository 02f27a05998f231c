//! Where a suspended program leaves its operation and finds its answer.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
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
}

/// How a suspended program and its runner exchange operations and answers. Sealed: [`Local`] or [`Shared`].
pub trait Exchange: Clone {
    /// The effects.
    type R: Row;

    #[doc(hidden)]
    fn swap(&self, held: Held<Self::R>) -> Held<Self::R>;

    /// The first error counts.
    #[doc(hidden)]
    fn stop(&self, error: Box<Error>);

    #[doc(hidden)]
    fn stopped(&self) -> Option<Box<Error>>;
}

/// Within one thread.
pub struct Local<R: Row>(Rc<LocalPlace<R>>);

/// Between threads.
pub struct Shared<R: Row>(Arc<SharedPlace<R>>);

/// The error lies apart, so that what is moved with every operation is no larger than operation and answer.
struct LocalPlace<R: Row> {
    held: Cell<Held<R>>,
    stopped: Cell<Option<Box<Error>>>,
}

struct SharedPlace<R: Row> {
    held: Mutex<Held<R>>,
    stopped: Mutex<Option<Box<Error>>>,
    is_stopped: AtomicBool,
}

impl<R: Row> Local<R> {
    pub(crate) fn new() -> Self {
        Self(Rc::new(LocalPlace {
            held: Cell::new(Held::Nothing),
            stopped: Cell::new(None),
        }))
    }
}

impl<R: Row> Shared<R> {
    pub(crate) fn new() -> Self {
        Self(Arc::new(SharedPlace {
            held: Mutex::new(Held::Nothing),
            stopped: Mutex::new(None),
            is_stopped: AtomicBool::new(false),
        }))
    }
}

impl<R: Row> Exchange for Local<R> {
    type R = R;

    #[inline]
    fn swap(&self, held: Held<R>) -> Held<R> {
        self.0.held.replace(held)
    }

    fn stop(&self, error: Box<Error>) {
        let first = self.0.stopped.take().unwrap_or(error);
        self.0.stopped.set(Some(first));
    }

    #[inline]
    fn stopped(&self) -> Option<Box<Error>> {
        self.0.stopped.take()
    }
}

impl<R: Row> Exchange for Shared<R> {
    type R = R;

    #[inline]
    fn swap(&self, held: Held<R>) -> Held<R> {
        let mut place = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *place, held)
    }

    fn stop(&self, error: Box<Error>) {
        let mut stopped = self
            .0
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        stopped.get_or_insert(error);
        self.0.is_stopped.store(true, Ordering::Release);
    }

    #[inline]
    fn stopped(&self) -> Option<Box<Error>> {
        if !self.0.is_stopped.load(Ordering::Acquire) {
            return None;
        }
        self.0
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
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
