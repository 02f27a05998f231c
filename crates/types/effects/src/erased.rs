//! Erased forms: programs and capabilities behind `dyn`.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use crate::cap::Cap;
use crate::direct::{Direct, direct};
use crate::error::Error;
use crate::interp::Interp;
use crate::row::Row;

/// The capability that an erased program runs with: every operation is one call through `dyn`.
pub type Erased<'a, R> = Direct<R, &'a mut dyn Interp<R>>;

/// An object-safe program: it is run by whatever answers the row `R`. [`program`] makes one of an async closure.
pub trait Program<R: Row> {
    /// What it comes to.
    type Out;

    /// Runs it once with `performer` in place.
    ///
    /// # Errors
    /// As [`direct`].
    fn run(&mut self, performer: &mut dyn Interp<R>) -> Result<Self::Out, Error>;
}

/// An async closure over an [`Erased`] capability as an object-safe [`Program`].
///
/// ```
/// use voidstate_effects::{Cap, Interp, Perform, Program, answer, handlers, program, row, standard::Clock};
///
/// async fn twice<C: Cap<R = row![Clock]>>(c: &mut C) -> i64 {
///     c.perform(Clock).await + c.perform(Clock).await
/// }
/// let mut tools: Vec<Box<dyn Program<row![Clock], Out = i64>>> = vec![Box::new(program(async |c| twice(c).await))];
/// let mut surroundings: Box<dyn Interp<row![Clock]>> = Box::new(handlers![answer(|Clock| 21)]);
/// assert_eq!(tools[0].run(&mut *surroundings)?, 42);
/// # Ok::<(), voidstate_effects::Error>(())
/// ```
pub fn program<R, T, F>(f: F) -> impl Program<R, Out = T>
where
    R: Row,
    F: AsyncFnMut(&mut Erased<'_, R>) -> T,
{
    Closure {
        f,
        types: PhantomData,
    }
}

struct Closure<F, R, T> {
    f: F,
    types: PhantomData<fn() -> (R, T)>,
}

impl<R, T, F> Program<R> for Closure<F, R, T>
where
    R: Row,
    F: AsyncFnMut(&mut Erased<'_, R>) -> T,
{
    type Out = T;

    fn run(&mut self, performer: &mut dyn Interp<R>) -> Result<T, Error> {
        direct(performer, async |cap| (self.f)(cap).await)
    }
}

/// [`Cap`] as an object: `&mut dyn DynCap<R>` is a capability. Each operation allocates its future; where handlers answer at
/// once, `&mut dyn Interp<R>` costs one call instead.
pub trait DynCap<R: Row> {
    /// Performs an operation.
    fn raw_boxed(&mut self, op: R::Op) -> Pin<Box<dyn Future<Output = R::Out> + '_>>;

    /// As [`Cap::stop`].
    fn stop_dyn(&mut self, error: Error);
}

impl<C: Cap> DynCap<C::R> for C {
    fn raw_boxed(
        &mut self,
        op: <C::R as Row>::Op,
    ) -> Pin<Box<dyn Future<Output = <C::R as Row>::Out> + '_>> {
        Box::pin(self.raw(op))
    }

    fn stop_dyn(&mut self, error: Error) {
        self.stop(error);
    }
}

impl<R: Row> Cap for dyn DynCap<R> + '_ {
    type R = R;

    fn raw(&mut self, op: R::Op) -> impl Future<Output = R::Out> {
        self.raw_boxed(op)
    }

    fn stop(&mut self, error: Error) {
        self.stop_dyn(error);
    }
}

impl<R> fmt::Debug for dyn DynCap<R> + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynCap")
    }
}
