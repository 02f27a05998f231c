//! Handlers that perform effects themselves.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::cap::Cap;
use crate::error::Error;
use crate::row::{Cons, Effect, Row, Sum};
use crate::send::SendCap;

/// Handles the effect `E` in front of the capability `C`: programs see the row of `C` with `E` before it. The handler is
/// lent `C`, and may perform its effects; to abort, it performs [`Perform::abort`](crate::Perform::abort).
///
/// `F` is an async closure (`async |effect: E, c: &mut C| ..`), or a [`SendHandler`] for the `Send` twin.
pub struct With<E, F, C> {
    handler: F,
    inner: C,
    effect: PhantomData<fn(E)>,
}

impl<E: Effect, F, C> With<E, F, C> {
    /// Handles `E` with `handler`, everything else with `inner`.
    #[inline]
    pub const fn new(inner: C, handler: F) -> Self {
        Self {
            handler,
            inner,
            effect: PhantomData,
        }
    }

    /// The capability behind.
    pub fn into_inner(self) -> C {
        self.inner
    }
}

impl<E, F, C> fmt::Debug for With<E, F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("With").finish_non_exhaustive()
    }
}

/// A handler that performs effects of `C`, and whose future can be sent.
pub trait SendHandler<E: Effect, C>: Send {
    /// Answers `effect`.
    fn handle(&mut self, effect: E, cap: &mut C) -> impl Future<Output = E::Out> + Send;
}

impl<E, F, C> Cap for With<E, F, C>
where
    E: Effect,
    C: Cap,
    F: AsyncFnMut(E, &mut C) -> E::Out,
{
    type R = Cons<E, C::R>;

    #[inline]
    fn raw(
        &mut self,
        op: Sum<E, <C::R as Row>::Op>,
    ) -> impl Future<Output = Sum<E::Out, <C::R as Row>::Out>> {
        match op {
            Sum::Here(effect) => Either::Handled {
                future: (self.handler)(effect, &mut self.inner),
            },
            Sum::There(op) => Either::Passed {
                future: self.inner.raw(op),
            },
        }
    }

    fn stop(&mut self, error: Error) {
        self.inner.stop(error);
    }
}

impl<E, F, C> SendCap for With<E, F, C>
where
    E: Effect<Out: Send> + Send,
    C: SendCap,
    F: SendHandler<E, C>,
{
    type R = Cons<E, C::R>;

    #[inline]
    fn raw_send(
        &mut self,
        op: Sum<E, <C::R as Row>::Op>,
    ) -> impl Future<Output = Sum<E::Out, <C::R as Row>::Out>> + Send {
        match op {
            Sum::Here(effect) => Either::Handled {
                future: self.handler.handle(effect, &mut self.inner),
            },
            Sum::There(op) => Either::Passed {
                future: self.inner.raw_send(op),
            },
        }
    }

    fn stop_send(&mut self, error: Error) {
        self.inner.stop_send(error);
    }
}

pin_project! {
    /// The future of the handler, or that of the capability behind.
    #[project = Projected]
    enum Either<A, B> {
        Handled { #[pin] future: A },
        Passed { #[pin] future: B },
    }
}

impl<A: Future, B: Future> Future for Either<A, B> {
    type Output = Sum<A::Output, B::Output>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Handled { future } => future.poll(cx).map(Sum::Here),
            Projected::Passed { future } => future.poll(cx).map(Sum::There),
        }
    }
}
