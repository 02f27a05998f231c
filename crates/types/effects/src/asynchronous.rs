//! The async runner: handlers may wait, on whatever executor polls.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::cap::Cap;
use crate::error::Error;
use crate::interp::{End, Flow, On};
use crate::row::{Cons, Effect, Nil, Row, Sum, Void};
use crate::send::SendCap;

/// Answers every operation of the row `R` in its own time. Implemented for lists ([`handlers!`](crate::handlers!)) of
/// [`answer_async`], and by `async fn step` for types of your own; [`SendAsyncInterp`] is the `Send` twin.
///
/// Law: an operation is answered at the place of its effect.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer the row `{R}` in its own time",
    label = "every effect of the row needs an async handler, in the order of the row"
)]
pub trait AsyncInterp<R: Row> {
    /// Answers one operation, or aborts.
    fn step(&mut self, op: R::Op) -> impl Future<Output = Flow<R::Out>>;
}

/// [`AsyncInterp`] whose futures can be sent: what stands behind a [`SendCap`] that waits.
pub trait SendAsyncInterp<R: Row>: Send {
    /// Answers one operation, or aborts.
    fn step_send(&mut self, op: R::Op) -> impl Future<Output = Flow<R::Out>> + Send;
}

impl<R: Row, H: AsyncInterp<R> + ?Sized> AsyncInterp<R> for &mut H {
    fn step(&mut self, op: R::Op) -> impl Future<Output = Flow<R::Out>> {
        H::step(self, op)
    }
}

impl<R: Row, H: SendAsyncInterp<R> + ?Sized> SendAsyncInterp<R> for &mut H {
    fn step_send(&mut self, op: R::Op) -> impl Future<Output = Flow<R::Out>> + Send {
        H::step_send(self, op)
    }
}

/// Handles one effect in its own time.
pub trait AsyncHandler<E: Effect> {
    /// Answers, or aborts.
    fn handle(&mut self, effect: E) -> impl Future<Output = Flow<E::Out>>;
}

/// A handler made by [`answer_async`].
#[derive(Clone, Copy)]
pub struct AsyncAnswer<E, F>(F, PhantomData<fn(E)>);

/// Handles `E` with an async closure that answers or aborts.
pub const fn answer_async<E: Effect, F: AsyncFnMut(E) -> Flow<E::Out>>(f: F) -> AsyncAnswer<E, F> {
    AsyncAnswer(f, PhantomData)
}

impl<E: Effect, F: AsyncFnMut(E) -> Flow<E::Out>> AsyncHandler<E> for AsyncAnswer<E, F> {
    fn handle(&mut self, effect: E) -> impl Future<Output = Flow<E::Out>> {
        (self.0)(effect)
    }
}

impl<E, F> fmt::Debug for AsyncAnswer<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncAnswer").finish_non_exhaustive()
    }
}

impl AsyncInterp<Nil> for End {
    async fn step(&mut self, op: Void) -> Flow<Void> {
        match op {}
    }
}

impl<E: Effect, T: Row, F: AsyncHandler<E>, G: AsyncInterp<T>> AsyncInterp<Cons<E, T>>
    for On<F, G>
{
    fn step(&mut self, op: Sum<E, T::Op>) -> impl Future<Output = Flow<Sum<E::Out, T::Out>>> {
        match op {
            Sum::Here(effect) => Either::First {
                future: self.first.handle(effect),
            },
            Sum::There(op) => Either::Others {
                future: self.others.step(op),
            },
        }
    }
}

pin_project! {
    /// The future of the first handler, or that of the others.
    #[project = Projected]
    enum Either<A, B> {
        First { #[pin] future: A },
        Others { #[pin] future: B },
    }
}

impl<A, B, S, T> Future for Either<A, B>
where
    A: Future<Output = Flow<S>>,
    B: Future<Output = Flow<T>>,
{
    type Output = Flow<Sum<S, T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::First { future } => future.poll(cx).map(|flow| flow.map_continue(Sum::Here)),
            Projected::Others { future } => {
                future.poll(cx).map(|flow| flow.map_continue(Sum::There))
            }
        }
    }
}

/// The capability of [`run_async`].
pub struct Async<R, H> {
    handler: H,
    stopped: Arc<OnceLock<Error>>,
    row: PhantomData<fn() -> R>,
}

impl<R, H> fmt::Debug for Async<R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Async")
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl<R: Row, H: AsyncInterp<R>> Cap for Async<R, H> {
    type R = R;

    fn raw(&mut self, op: R::Op) -> impl Future<Output = R::Out> {
        OrStop {
            future: self.handler.step(op),
            stopped: &self.stopped,
        }
    }

    fn stop(&mut self, error: Error) {
        // The first error counts.
        let _ = self.stopped.set(error);
    }
}

impl<R, H> SendCap for Async<R, H>
where
    R: Row<Op: Send, Out: Send>,
    H: SendAsyncInterp<R>,
{
    type R = R;

    fn raw_send(&mut self, op: R::Op) -> impl Future<Output = R::Out> + Send {
        OrStop {
            future: self.handler.step_send(op),
            stopped: &self.stopped,
        }
    }

    fn stop_send(&mut self, error: Error) {
        let _ = self.stopped.set(error);
    }
}

pin_project! {
    /// Waits for an answer; leaves an abort with the runner and waits for ever.
    struct OrStop<'s, F> {
        #[pin]
        future: F,
        stopped: &'s OnceLock<Error>,
    }
}

impl<T, F: Future<Output = Flow<T>>> Future for OrStop<'_, F> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        if this.stopped.get().is_some() {
            return Poll::Pending;
        }
        match this.future.poll(cx) {
            Poll::Ready(ControlFlow::Continue(out)) => Poll::Ready(out),
            Poll::Ready(ControlFlow::Break(error)) => {
                let _ = this.stopped.set(error);
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Runs `program` with `handler`; both may wait. The future works under any executor, and can be sent when program and
/// handlers can.
///
/// On an abort the program is dropped where it stands.
///
/// # Errors
/// What a handler or the program aborted with.
pub async fn run_async<R, H, T>(
    handler: H,
    program: impl AsyncFnOnce(&mut Async<R, H>) -> T,
) -> Result<T, Error>
where
    R: Row,
{
    let stopped = Arc::new(OnceLock::new());
    let mut cap = Async {
        handler,
        stopped: Arc::clone(&stopped),
        row: PhantomData,
    };
    let finished = Watched {
        program: program(&mut cap),
        stopped: &stopped,
    }
    .await;
    drop(cap);
    let error = || Arc::into_inner(stopped).and_then(OnceLock::into_inner);
    finished.ok_or_else(|| error().unwrap_or(Error::Stalled))
}

pin_project! {
    /// The program, until it ends (`Some`) or was stopped (`None`).
    struct Watched<'s, F> {
        #[pin]
        program: F,
        stopped: &'s OnceLock<Error>,
    }
}

impl<F: Future> Future for Watched<'_, F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        match this.program.poll(cx) {
            Poll::Ready(out) => Poll::Ready(Some(out)),
            Poll::Pending if this.stopped.get().is_some() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
