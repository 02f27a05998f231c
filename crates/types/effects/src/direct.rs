//! The direct runner: handlers answer in place, and the program never waits.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::cap::Cap;
use crate::error::Error;
use crate::interp::Interp;
use crate::row::Row;

/// The capability of [`direct`]: performing is a call of the handler.
pub struct Direct<R, H> {
    handler: H,
    stopped: Option<Error>,
    row: PhantomData<fn() -> R>,
}

impl<R, H> fmt::Debug for Direct<R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct")
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

/// Runs `program` with `handler` in place.
///
/// On an abort the program is dropped where it stands, so the destructors of what it holds run, each once.
///
/// # Errors
/// What the handler or the program aborted with; [`Error::Stalled`] when the program awaits a future of its own.
#[inline]
pub fn direct<R, H, T>(
    handler: H,
    program: impl AsyncFnOnce(&mut Direct<R, H>) -> T,
) -> Result<T, Error>
where
    R: Row,
    H: Interp<R>,
{
    let mut cap = Direct {
        handler,
        stopped: None,
        row: PhantomData,
    };
    {
        let running = pin!(program(&mut cap));
        if let Poll::Ready(out) = running.poll(&mut Context::from_waker(Waker::noop())) {
            return Ok(out);
        }
    }
    Err(cap.stopped.unwrap_or(Error::Stalled))
}

impl<R: Row, H: Interp<R>> Direct<R, H> {
    #[inline]
    pub(crate) fn answered(&mut self, op: R::Op) -> Answered<R::Out> {
        match self.handler.step(op) {
            ControlFlow::Continue(out) => Answered(Some(out)),
            ControlFlow::Break(error) => {
                self.note(error);
                Answered(None)
            }
        }
    }

    pub(crate) fn note(&mut self, error: Error) {
        self.stopped.get_or_insert(error);
    }
}

impl<R: Row, H: Interp<R>> Cap for Direct<R, H> {
    type R = R;

    #[inline]
    fn raw(&mut self, op: R::Op) -> impl Future<Output = R::Out> {
        self.answered(op)
    }

    fn stop(&mut self, error: Error) {
        self.note(error);
    }
}

/// An answer that is there; waits for ever where there is none, or when it was taken.
pub(crate) struct Answered<T>(pub(crate) Option<T>);

impl<T> Unpin for Answered<T> {}

impl<T> Future for Answered<T> {
    type Output = T;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        self.0.take().map_or(Poll::Pending, Poll::Ready)
    }
}
