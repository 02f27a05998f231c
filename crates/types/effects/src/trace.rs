//! An interpreter that tells what passes through it.

use std::fmt;
use std::ops::ControlFlow;

use crate::asynchronous::AsyncInterp;
use crate::interp::{Flow, Interp};
use crate::row::{Shown, name_of};

/// One operation that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Which operation, counted from 0.
    pub at: u64,
    /// Name of its effect.
    pub effect: &'static str,
    /// Its `Debug` text, cut at [`TEXT_BYTES_MAX`](crate::TEXT_BYTES_MAX).
    pub operation: Box<str>,
    /// The answer's text, cut likewise, or why the program was aborted.
    pub outcome: Result<Box<str>, Box<str>>,
}

/// Performs through `H`, and hands every operation with its outcome to `S`, once it has one.
pub struct Trace<H, S> {
    inner: H,
    sink: S,
    at: u64,
}

impl<H, S: FnMut(Traced)> Trace<H, S> {
    /// Tells `sink` what `inner` was asked.
    pub const fn new(inner: H, sink: S) -> Self {
        Self { inner, sink, at: 0 }
    }

    fn tell<R: Shown>(&mut self, asked: (&'static str, Box<str>), flow: &Flow<R::Out>) {
        let outcome = match flow {
            ControlFlow::Continue(out) => Ok(R::out_text(out)),
            ControlFlow::Break(error) => Err(error.to_string().into()),
        };
        let (effect, operation) = asked;
        (self.sink)(Traced {
            at: self.at,
            effect,
            operation,
            outcome,
        });
        self.at += 1;
    }
}

impl<R: Shown, H: Interp<R>, S: FnMut(Traced)> Interp<R> for Trace<H, S> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        let asked = (name_of::<R>(&op), R::op_text(&op));
        let flow = self.inner.step(op);
        self.tell::<R>(asked, &flow);
        flow
    }
}

impl<R: Shown, H: AsyncInterp<R>, S: FnMut(Traced)> AsyncInterp<R> for Trace<H, S> {
    async fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        let asked = (name_of::<R>(&op), R::op_text(&op));
        let flow = self.inner.step(op).await;
        self.tell::<R>(asked, &flow);
        flow
    }
}

impl<H, S> fmt::Debug for Trace<H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
