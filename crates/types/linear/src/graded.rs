//! Values that are used a counted number of times.

use std::fmt;
use std::marker::PhantomData;

use crate::linear::Linear;
use crate::policy::{Policy, Scope, Unscoped};
use crate::scope::Done;

mod sealed {
    pub trait Sealed {}
}

/// A number in types: [`Zero`] or [`Next`] of one. Sealed.
pub trait Count: sealed::Sealed {
    /// The number.
    const VALUE: usize;
}

/// No use is left.
#[derive(Debug, Clone, Copy)]
pub enum Zero {}

/// One use more than `N`.
#[derive(Debug, Clone, Copy)]
pub struct Next<N>(PhantomData<fn() -> N>);

impl sealed::Sealed for Zero {}
impl<N: Count> sealed::Sealed for Next<N> {}
impl Count for Zero {
    const VALUE: usize = 0;
}
impl<N: Count> Count for Next<N> {
    const VALUE: usize = N::VALUE + 1;
}

/// A number that can be counted down in types: `0..=16`.
#[derive(Debug, Clone, Copy)]
pub enum Times<const N: usize> {}

/// Which [`Count`] a number is. Sealed; `Times<0>` to `Times<16>` have it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be counted down in types",
    note = "numbers of uses go from 0 to 16"
)]
pub trait Grade: sealed::Sealed {
    /// The number in types.
    type Count: Count;
}

/// The number `N` in types.
pub type Of<const N: usize> = <Times<N> as Grade>::Count;

macro_rules! grades {
    ($count:ty; $n:literal $($rest:literal)*) => {
        impl sealed::Sealed for Times<$n> {}
        impl Grade for Times<$n> {
            type Count = $count;
        }
        grades!(Next<$count>; $($rest)*);
    };
    ($count:ty;) => {};
}
grades!(Zero; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);

/// A value that must be used exactly `N` times and then be ended.
///
/// [`apply`](Use::apply) is there while a use is left, `consume`, `finish` and [`ungraded`](Use::ungraded) only when none is;
/// `P` sees to it that the end is reached.
///
/// ```
/// use voidstate_linear::Linear;
///
/// let votes = Linear::with(0, |tally| {
///     let tally = tally.times::<2>();
///     let ((), tally) = tally.apply(|n| *n += 1);
///     let ((), tally) = tally.apply(|n| *n += 1);
///     tally.finish_by(|n| n)
/// });
/// assert_eq!(votes, 2);
/// ```
#[must_use = "it must be used exactly as often as its type says"]
pub struct Use<T, N: Count, P: Policy> {
    inner: Linear<T, P>,
    left: PhantomData<fn() -> N>,
}

impl<T, P: Policy> Linear<T, P> {
    /// Asks for exactly `N` uses before the one that ends it.
    #[inline]
    pub fn times<const N: usize>(self) -> Use<T, Of<N>, P>
    where
        Times<N>: Grade,
    {
        Use::of(self)
    }
}

impl<T, N: Count, P: Policy> Use<T, N, P> {
    #[inline]
    const fn of(inner: Linear<T, P>) -> Self {
        Self {
            inner,
            left: PhantomData,
        }
    }

    /// How many uses are left.
    pub const fn left(&self) -> usize {
        N::VALUE
    }
}

impl<T, N: Count, P: Policy> Use<T, Next<N>, P> {
    /// One use; one less is left.
    #[inline]
    pub fn apply<R>(self, work: impl FnOnce(&mut T) -> R) -> (R, Use<T, N, P>) {
        // By field, not by pattern: see `Static`.
        let worked = self.inner.apply(work);
        (worked.0, Use::of(worked.1))
    }
}

impl<T, P: Policy> Use<T, Zero, P> {
    /// The value, still linear, after all uses.
    #[inline]
    pub fn ungraded(self) -> Linear<T, P> {
        self.inner
    }
}

impl<T, P: Unscoped> Use<T, Zero, P> {
    /// The value after all uses.
    #[inline]
    pub fn consume(self) -> T {
        self.inner.consume()
    }
}

impl<'id, T> Use<T, Zero, Scope<'id>> {
    /// The value after all uses, and the proof that the scope asks for.
    #[inline]
    pub fn finish(self) -> (T, Done<'id>) {
        self.inner.finish()
    }

    /// As [`Linear::finish_by`].
    #[inline]
    pub fn finish_by<R>(self, work: impl FnOnce(T) -> R) -> Done<'id, R> {
        self.inner.finish_by(work)
    }
}

impl<T: fmt::Debug, N: Count, P: Policy> fmt::Debug for Use<T, N, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Use")
            .field("value", self.inner.get())
            .field("left", &N::VALUE)
            .finish()
    }
}

/// A value that may be used at most `N` times. Nothing asks for the end: this is Rust's own rule, counted.
///
/// ```
/// use voidstate_linear::{Of, UpTo};
///
/// let tries = UpTo::<_, Of<2>>::new(vec!["b", "a"]);
/// let (first, tries) = tries.apply(|v| v.pop());
/// let (second, _) = tries.apply(|v| v.pop());
/// assert_eq!((first, second), (Some("a"), Some("b")));
/// ```
#[derive(Debug)]
pub struct UpTo<T, N: Count> {
    value: T,
    left: PhantomData<fn() -> N>,
}

impl<T, N: Count> UpTo<T, N> {
    /// Allows `N` uses of `value`.
    #[inline]
    pub const fn new(value: T) -> Self {
        Self {
            value,
            left: PhantomData,
        }
    }

    /// How many uses are left.
    pub const fn left(&self) -> usize {
        N::VALUE
    }

    /// Gives the uses up that are left.
    #[inline]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T, N: Count> UpTo<T, Next<N>> {
    /// One use; one less is left.
    #[inline]
    pub fn apply<R>(mut self, work: impl FnOnce(&mut T) -> R) -> (R, UpTo<T, N>) {
        let result = work(&mut self.value);
        (result, UpTo::new(self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bomb;

    #[test]
    fn numbers_mean_themselves() {
        assert_eq!(Of::<0>::VALUE, 0);
        assert_eq!(Of::<5>::VALUE, 5);
        assert_eq!(Of::<16>::VALUE, 16);
        assert_eq!(size_of::<Use<u32, Of<16>, Bomb>>(), 4);
        assert_eq!(size_of::<UpTo<u32, Of<16>>>(), 4);
    }
}
