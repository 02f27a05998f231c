//! The `Send` twin: for programs that a multi-threaded executor moves between threads.
//!
//! Import [`SendPerform`] from here where programs over a [`SendCap`] are written. Its methods have the names of those of
//! [`Perform`](crate::Perform), so that a program's text need not change; on a capability that is both (a concrete one),
//! both in scope are ambiguous.

use std::future::Future;

use crate::cap::{Lowered, Narrow, Performing};
use crate::direct::Direct;
use crate::error::Error;
use crate::interp::Interp;
use crate::member::{Embed, Has};
use crate::row::{Effect, Row};

/// [`Cap`](crate::Cap) whose futures can be sent: `async fn p(c: &mut impl SendCap<R = row![..]>)` is a program that can be
/// spawned wherever it stands. The text of the program stays the same; [`SendPerform`] has the methods of
/// [`Perform`](crate::Perform).
pub trait SendCap: Send {
    /// The effects.
    type R: Row<Op: Send, Out: Send>;

    /// Performs an operation.
    fn raw_send(
        &mut self,
        op: <Self::R as Row>::Op,
    ) -> impl Future<Output = <Self::R as Row>::Out> + Send;

    /// Tells the runner to drop the program with this error as soon as it waits. The first error counts.
    fn stop_send(&mut self, error: Error);
}

impl<C: SendCap> SendCap for &mut C {
    type R = C::R;

    #[inline]
    fn raw_send(
        &mut self,
        op: <Self::R as Row>::Op,
    ) -> impl Future<Output = <Self::R as Row>::Out> + Send {
        C::raw_send(self, op)
    }

    fn stop_send(&mut self, error: Error) {
        C::stop_send(self, error);
    }
}

/// What programs over a [`SendCap`] call.
pub trait SendPerform: SendCap {
    /// Performs `effect` and waits for its answer.
    #[inline]
    fn perform<E: Effect, I>(&mut self, effect: E) -> impl Future<Output = E::Out> + Send
    where
        Self::R: Has<E, I>,
    {
        Performing::<_, Self::R, E, I>::new(self.raw_send(Self::R::inject(effect)))
    }

    /// Gives up: what the program holds is dropped and its runner returns `error`.
    fn abort<T: Send>(&mut self, error: Error) -> impl Future<Output = T> + Send {
        self.stop_send(error);
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

impl<C: SendCap + ?Sized> SendPerform for C {}

impl<C, S, Is> SendCap for Narrow<'_, C, S, Is>
where
    C: SendCap,
    S: Row<Op: Send, Out: Send>,
    C::R: Embed<S, Is>,
{
    type R = S;

    #[inline]
    fn raw_send(&mut self, op: S::Op) -> impl Future<Output = S::Out> + Send {
        Lowered::<_, C::R, S, Is>::new(self.inner.raw_send(C::R::up(op)))
    }

    fn stop_send(&mut self, error: Error) {
        self.inner.stop_send(error);
    }
}

impl<R, H> SendCap for Direct<R, H>
where
    R: Row<Op: Send, Out: Send>,
    H: Interp<R> + Send,
{
    type R = R;

    #[inline]
    fn raw_send(&mut self, op: R::Op) -> impl Future<Output = R::Out> + Send {
        self.answered(op)
    }

    fn stop_send(&mut self, error: Error) {
        self.note(error);
    }
}
