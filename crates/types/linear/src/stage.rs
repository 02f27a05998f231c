//! A value that goes through declared stages to a declared end.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;

use crate::linear::Linear;
use crate::policy::{Bomb, Policy, Scope, Unscoped};
use crate::scope::Done;

/// From the stage `Self` a step leads to `To`. Called by nobody; implemented by whoever declares the stages.
#[diagnostic::on_unimplemented(
    message = "no step leads from `{Self}` to `{To}`",
    label = "this transition is not declared",
    note = "a legal step is declared by `impl Leads<{To}> for {Self}`"
)]
pub trait Leads<To> {}

/// A life may begin in this stage.
#[diagnostic::on_unimplemented(message = "nothing begins as `{Self}`", label = "no first stage")]
pub trait First {}

/// A life may end in this stage.
#[diagnostic::on_unimplemented(message = "nothing ends as `{Self}`", label = "no last stage")]
pub trait Last {}

/// A value in the stage `S`, which goes on only where [`Leads`] says so and must reach a stage that is [`Last`].
///
/// ```
/// use voidstate_linear::{Affine, First, Last, Leads, Stage};
///
/// enum Draft {}
/// enum Sent {}
/// impl First for Draft {}
/// impl Leads<Sent> for Draft {}
/// impl Last for Sent {}
///
/// let letter = Stage::<Draft, _, Affine>::begin("dear".to_owned());
/// let letter = letter.step_with::<Sent, _>(|text| text + " you");
/// assert_eq!(letter.end(), "dear you");
/// ```
#[must_use = "it must go on to its last stage"]
pub struct Stage<S, T, P: Policy = Bomb> {
    inner: Linear<T, P>,
    stage: PhantomData<fn() -> S>,
}

impl<S, T, P: Policy> Stage<S, T, P> {
    #[inline]
    const fn of(inner: Linear<T, P>) -> Self {
        Self {
            inner,
            stage: PhantomData,
        }
    }

    /// Takes a declared step.
    #[inline]
    pub fn step<To>(self) -> Stage<To, T, P>
    where
        S: Leads<To>,
    {
        Stage::of(self.inner)
    }

    /// Takes a declared step and turns the value into another.
    #[inline]
    pub fn step_with<To, U>(self, change: impl FnOnce(T) -> U) -> Stage<To, U, P>
    where
        S: Leads<To>,
    {
        Stage::of(self.inner.map(change))
    }

    /// Looks at the value.
    #[inline]
    pub const fn get(&self) -> &T {
        self.inner.get()
    }

    /// Changes the value within the stage.
    #[inline]
    pub const fn get_mut(&mut self) -> &mut T {
        self.inner.get_mut()
    }
}

impl<S: First, T, P: Unscoped> Stage<S, T, P> {
    /// Begins a life.
    #[inline]
    #[track_caller]
    pub fn begin(value: T) -> Self {
        Self::of(Linear::new(value))
    }
}

impl<S: First, T> Stage<S, T, Scope<'static>> {
    /// Begins a life that must end within `work`; see [`Linear::with`].
    #[inline]
    pub fn with<R>(
        value: T,
        work: impl for<'id> FnOnce(Stage<S, T, Scope<'id>>) -> Done<'id, R>,
    ) -> R {
        Linear::with(value, |inner| work(Stage::of(inner)))
    }
}

impl<S: Last, T, P: Unscoped> Stage<S, T, P> {
    /// Ends the life.
    #[inline]
    pub fn end(self) -> T {
        self.inner.consume()
    }
}

impl<'id, S: Last, T> Stage<S, T, Scope<'id>> {
    /// Ends the life; the proof is what the scope asks for.
    #[inline]
    pub fn finish(self) -> (T, Done<'id>) {
        self.inner.finish()
    }
}

impl<S, T: fmt::Debug, P: Policy> fmt::Debug for Stage<S, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("stage", &type_name::<S>())
            .field("value", self.inner.get())
            .finish()
    }
}
