//! The suspended runner: the program stops at every operation, and goes on when it is answered.

mod exchange;

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub use exchange::{Exchange, Local, Shared};

use crate::cap::Cap;
use crate::error::Error;
use crate::interp::Interp;
use crate::row::Row;
use crate::send::SendCap;
use crate::suspended::exchange::{Exchanging, Held};

/// Where a program stands: it asks for something, has come to its end, or will never go on.
#[must_use = "a program that is dropped here is aborted"]
pub enum Turn<X: Exchange, F: Future> {
    /// It performs this, and goes on when [`Resume`] is answered.
    Asks(<X::R as Row>::Op, Resume<X, F>),
    /// It ended.
    Done(F::Output),
    /// It was dropped: it gave up, or awaits what no operation answers.
    Stopped(Box<Error>),
}

/// A program that waits for one answer: a one-shot continuation. Answering consumes it, so that no operation can be answered
/// twice; dropping it aborts the program, and the destructors of what it holds run.
#[must_use = "a program that is dropped here is aborted"]
pub struct Resume<X, F> {
    exchange: X,
    running: Pin<Box<F>>,
}

/// The capability of a suspended program.
pub struct Suspended<X> {
    exchange: X,
}

/// Starts a program and stops at its first operation: `suspend(|mut c| async move { p(&mut c).await })`.
///
/// One allocation for the program and one for the exchange; none per operation.
pub fn suspend<R, F>(program: impl FnOnce(Suspended<Local<R>>) -> F) -> Turn<Local<R>, F>
where
    R: Row,
    F: Future,
{
    start(Local::new(), program)
}

/// As [`suspend`], for a program over a [`SendCap`]: program and continuation can be sent to another thread between any two
/// operations. Each operation takes an uncontended lock four times.
pub fn suspend_send<R, F>(program: impl FnOnce(Suspended<Shared<R>>) -> F) -> Turn<Shared<R>, F>
where
    R: Row<Op: Send, Out: Send>,
    F: Future + Send,
{
    start(Shared::new(), program)
}

fn start<X: Exchange, F: Future>(
    exchange: X,
    program: impl FnOnce(Suspended<X>) -> F,
) -> Turn<X, F> {
    let cap = Suspended {
        exchange: exchange.clone(),
    };
    let running = Box::pin(program(cap));
    Resume { exchange, running }.go_on()
}

impl<X: Exchange, F: Future> Resume<X, F> {
    /// Answers the operation and runs to the next one.
    ///
    /// An answer for another place of the row than that of the operation stops the program with [`Error::Stalled`];
    /// [`Has::answer`](crate::Has::answer) makes the right one.
    #[inline]
    pub fn answer(self, out: <X::R as Row>::Out) -> Turn<X, F> {
        self.exchange.swap(Held::Answer(out));
        self.go_on()
    }

    #[inline]
    fn go_on(mut self) -> Turn<X, F> {
        let mut cx = Context::from_waker(Waker::noop());
        match self.running.as_mut().poll(&mut cx) {
            Poll::Ready(out) => Turn::Done(out),
            Poll::Pending => match (self.exchange.stopped(), self.exchange.swap(Held::Nothing)) {
                (None, Held::Op(op)) => Turn::Asks(op, self),
                (Some(error), _) => Turn::Stopped(error),
                (None, Held::Nothing | Held::Answer(_)) => Turn::Stopped(Box::new(Error::Stalled)),
            },
        }
    }
}

impl<X: Exchange, F: Future> Turn<X, F> {
    /// Lets `handler` answer from here to the end.
    ///
    /// # Errors
    /// What the handler or the program aborted with; [`Error::Stalled`].
    #[inline]
    pub fn finish(mut self, mut handler: impl Interp<X::R>) -> Result<F::Output, Error> {
        loop {
            match self {
                Self::Asks(op, resume) => match handler.step(op) {
                    ControlFlow::Continue(out) => self = resume.answer(out),
                    ControlFlow::Break(error) => return Err(error),
                },
                Self::Done(out) => return Ok(out),
                Self::Stopped(error) => return Err(*error),
            }
        }
    }

    /// Lets `handler` answer the next `n` operations: with a [`Replay`](crate::Replay) as handler, the program is brought to
    /// where it stood at operation `n` of the journal, and can be looked at or answered otherwise from there.
    ///
    /// A handler that aborts leaves [`Turn::Stopped`]; a program that ends before leaves [`Turn::Done`].
    pub fn advance(mut self, n: usize, mut handler: impl Interp<X::R>) -> Self {
        for _ in 0..n {
            match self {
                Self::Asks(op, resume) => match handler.step(op) {
                    ControlFlow::Continue(out) => self = resume.answer(out),
                    ControlFlow::Break(error) => return Self::Stopped(Box::new(error)),
                },
                ended => return ended,
            }
        }
        self
    }
}

impl<X: Exchange> Cap for Suspended<X> {
    type R = X::R;

    #[inline]
    fn raw(&mut self, op: <X::R as Row>::Op) -> impl Future<Output = <X::R as Row>::Out> {
        Exchanging::new(&self.exchange, op)
    }

    fn stop(&mut self, error: Error) {
        self.exchange.stop(Box::new(error));
    }
}

impl<R: Row<Op: Send, Out: Send>> SendCap for Suspended<Shared<R>> {
    type R = R;

    #[inline]
    fn raw_send(&mut self, op: R::Op) -> impl Future<Output = R::Out> + Send {
        Exchanging::new(&self.exchange, op)
    }

    fn stop_send(&mut self, error: Error) {
        self.exchange.stop(Box::new(error));
    }
}

impl<X: Exchange, F: Future> fmt::Debug for Turn<X, F>
where
    <X::R as Row>::Op: fmt::Debug,
    F::Output: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asks(op, _) => f.debug_tuple("Asks").field(op).finish_non_exhaustive(),
            Self::Done(out) => f.debug_tuple("Done").field(out).finish(),
            Self::Stopped(error) => f.debug_tuple("Stopped").field(error).finish(),
        }
    }
}

impl<X, F> fmt::Debug for Resume<X, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resume").finish_non_exhaustive()
    }
}

impl<X> fmt::Debug for Suspended<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suspended").finish_non_exhaustive()
    }
}
