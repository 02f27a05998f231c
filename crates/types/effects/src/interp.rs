//! Handlers that answer where they stand.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use crate::error::Error;
use crate::row::{Cons, Effect, Nil, Row, Sum, Void};

/// What a handler does with an operation: answer it, or abort the program (`Break`).
pub type Flow<T> = ControlFlow<Error, T>;

/// Answers every operation of the row `R`, at once. Object-safe: `&mut dyn Interp<R>` is the erased form of whatever stands
/// behind a program, and is an interpreter itself.
///
/// Law: an operation is answered at the place of its effect.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer the row `{R}`",
    label = "every effect of the row needs a handler, in the order of the row"
)]
pub trait Interp<R: Row> {
    /// Answers one operation, or aborts.
    fn step(&mut self, op: R::Op) -> Flow<R::Out>;
}

impl<R: Row, H: Interp<R> + ?Sized> Interp<R> for &mut H {
    #[inline]
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        (**self).step(op)
    }
}

impl<R: Row, H: Interp<R> + ?Sized> Interp<R> for Box<H> {
    #[inline]
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        (**self).step(op)
    }
}

/// Answers the row without effects: the end of every list of handlers.
#[derive(Debug, Clone, Copy, Default)]
pub struct End;

impl Interp<Nil> for End {
    #[inline]
    fn step(&mut self, op: Void) -> Flow<Void> {
        match op {}
    }
}

/// Handles the first effect of a row with `F` and the others with `T`; written [`handlers!`](crate::handlers!).
#[derive(Clone, Copy)]
pub struct On<F, T> {
    pub(crate) first: F,
    pub(crate) others: T,
}

impl<F, T> On<F, T> {
    /// `first` handles the first effect, `others` the others.
    #[inline]
    pub const fn new(first: F, others: T) -> Self {
        Self { first, others }
    }
}

impl<F, T> fmt::Debug for On<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("On").finish_non_exhaustive()
    }
}

/// Handles one effect at once. Implemented by [`answer`] (always answers) and [`flow`] (may abort).
pub trait Handler<E: Effect> {
    /// Answers, or aborts.
    fn handle(&mut self, effect: E) -> Flow<E::Out>;
}

impl<E: Effect, T: Row, F: Handler<E>, G: Interp<T>> Interp<Cons<E, T>> for On<F, G> {
    #[inline]
    fn step(&mut self, op: Sum<E, T::Op>) -> Flow<Sum<E::Out, T::Out>> {
        match op {
            Sum::Here(effect) => self.first.handle(effect).map_continue(Sum::Here),
            Sum::There(op) => self.others.step(op).map_continue(Sum::There),
        }
    }
}

/// A handler that always answers. Made by [`answer`].
#[derive(Clone, Copy)]
pub struct Answer<E, F>(F, PhantomData<fn(E)>);

/// A handler that may abort. Made by [`flow`].
#[derive(Clone, Copy)]
pub struct MayAbort<E, F>(F, PhantomData<fn(E)>);

/// Handles `E` with a closure that always answers: `answer(|Clock| 7)`.
pub const fn answer<E: Effect, F: FnMut(E) -> E::Out>(f: F) -> Answer<E, F> {
    Answer(f, PhantomData)
}

/// Handles `E` with a closure that answers or aborts: `flow(|Random| ControlFlow::Break(Error::aborted("no dice")))`.
pub const fn flow<E: Effect, F: FnMut(E) -> Flow<E::Out>>(f: F) -> MayAbort<E, F> {
    MayAbort(f, PhantomData)
}

impl<E: Effect, F: FnMut(E) -> E::Out> Handler<E> for Answer<E, F> {
    #[inline]
    fn handle(&mut self, effect: E) -> Flow<E::Out> {
        ControlFlow::Continue((self.0)(effect))
    }
}

impl<E: Effect, F: FnMut(E) -> Flow<E::Out>> Handler<E> for MayAbort<E, F> {
    #[inline]
    fn handle(&mut self, effect: E) -> Flow<E::Out> {
        (self.0)(effect)
    }
}

impl<E, F> fmt::Debug for Answer<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}

impl<E, F> fmt::Debug for MayAbort<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MayAbort").finish_non_exhaustive()
    }
}

/// Handlers for every effect of a row, in its order: `handlers![answer(|Clock| 7), answer(|_: Log| ())]`;
/// `handlers![first, ..others]` puts handlers in front of an interpreter.
#[macro_export]
macro_rules! handlers {
    () => { $crate::End };
    (.. $rest:expr) => { $rest };
    ($handler:expr $(,)?) => { $crate::On::new($handler, $crate::End) };
    ($handler:expr, $($rest:tt)+) => { $crate::On::new($handler, $crate::handlers![$($rest)+]) };
}
