//! What a program holds to perform its effects with.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::error::Error;
use crate::member::{Embed, Has};
use crate::row::{Effect, Row};

/// The right to perform the effects of a row. Programs are `async fn p(c: &mut impl Cap<R = row![..]>)`, and perform
/// through [`Perform`].
///
/// Law: an operation is answered at the place of its effect. An answer elsewhere leaves the program waiting, and its
/// runner reports [`Error::Stalled`].
pub trait Cap {
    /// The effects.
    type R: Row;

    /// Performs an operation.
    fn raw(&mut self, op: <Self::R as Row>::Op) -> impl Future<Output = <Self::R as Row>::Out>;

    /// Tells the runner to drop the program with this error as soon as it waits. The first error counts.
    fn stop(&mut self, error: Error);
}

impl<C: Cap + ?Sized> Cap for &mut C {
    type R = C::R;

    #[inline]
    fn raw(&mut self, op: <Self::R as Row>::Op) -> impl Future<Output = <Self::R as Row>::Out> {
        C::raw(self, op)
    }

    fn stop(&mut self, error: Error) {
        C::stop(self, error);
    }
}

/// What programs call.
pub trait Perform: Cap {
    /// Performs `effect` and waits for its answer.
    #[inline]
    fn perform<E: Effect, I>(&mut self, effect: E) -> impl Future<Output = E::Out>
    where
        Self::R: Has<E, I>,
    {
        Performing::<_, Self::R, E, I>::new(self.raw(Self::R::inject(effect)))
    }

    /// Gives up: what the program holds is dropped and its runner returns `error`.
    fn abort<T>(&mut self, error: Error) -> impl Future<Output = T> {
        self.stop(error);
        std::future::pending()
    }

    /// The same capability with fewer effects, or with its effects in another order.
    #[inline]
    fn narrow<S, Is>(&mut self) -> Narrow<'_, Self, S, Is>
    where
        S: Row,
        Self: Sized,
        Self::R: Embed<S, Is>,
    {
        Narrow::new(self)
    }
}

impl<C: Cap + ?Sized> Perform for C {}

pin_project! {
    /// Waits for an answer of a row and takes out that of one effect.
    pub(crate) struct Performing<F, R, E, I> {
        #[pin]
        inner: F,
        place: PhantomData<fn() -> (R, E, I)>,
    }
}

impl<F, R, E, I> Performing<F, R, E, I> {
    #[inline]
    pub(crate) fn new(inner: F) -> Self {
        Self {
            inner,
            place: PhantomData,
        }
    }
}

impl<F, R, E, I> Future for Performing<F, R, E, I>
where
    F: Future<Output = R::Out>,
    R: Has<E, I>,
    E: Effect,
{
    type Output = E::Out;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<E::Out> {
        match self.project().inner.poll(cx) {
            Poll::Ready(out) => match R::project(out) {
                Ok(out) => Poll::Ready(out),
                Err(_) => Poll::Pending,
            },
            Poll::Pending => Poll::Pending,
        }
    }
}

/// A capability with fewer effects: the row `S` within the row of `C`. Made by [`Perform::narrow`].
pub struct Narrow<'c, C: ?Sized, S, Is> {
    pub(crate) inner: &'c mut C,
    row: PhantomData<fn() -> (S, Is)>,
}

impl<'c, C: ?Sized, S, Is> Narrow<'c, C, S, Is> {
    #[inline]
    pub(crate) fn new(inner: &'c mut C) -> Self {
        Self {
            inner,
            row: PhantomData,
        }
    }
}

impl<C: ?Sized, S, Is> fmt::Debug for Narrow<'_, C, S, Is> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Narrow").finish_non_exhaustive()
    }
}

impl<C, S, Is> Cap for Narrow<'_, C, S, Is>
where
    C: Cap,
    S: Row,
    C::R: Embed<S, Is>,
{
    type R = S;

    #[inline]
    fn raw(&mut self, op: S::Op) -> impl Future<Output = S::Out> {
        Lowered::<_, C::R, S, Is>::new(self.inner.raw(C::R::up(op)))
    }

    fn stop(&mut self, error: Error) {
        self.inner.stop(error);
    }
}

pin_project! {
    /// Waits for an answer of the row `R` and makes it one of the row `S`.
    pub(crate) struct Lowered<F, R, S, Is> {
        #[pin]
        inner: F,
        rows: PhantomData<fn() -> (R, S, Is)>,
    }
}

impl<F, R, S, Is> Lowered<F, R, S, Is> {
    #[inline]
    pub(crate) fn new(inner: F) -> Self {
        Self {
            inner,
            rows: PhantomData,
        }
    }
}

impl<F, R, S, Is> Future for Lowered<F, R, S, Is>
where
    F: Future<Output = R::Out>,
    R: Embed<S, Is>,
    S: Row,
{
    type Output = S::Out;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Out> {
        match self.project().inner.poll(cx) {
            Poll::Ready(out) => match R::down(out) {
                Ok(out) => Poll::Ready(out),
                Err(_) => Poll::Pending,
            },
            Poll::Pending => Poll::Pending,
        }
    }
}
