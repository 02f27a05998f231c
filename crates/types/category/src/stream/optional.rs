//! Machines that leave something out.

use std::fmt;

use super::saved::saved_in_two;
use super::{Machine, Saved};
use crate::Error;

/// What passes a test; see [`filter`].
#[derive(Clone, Copy)]
pub struct Filter<P>(P);

/// The machine that answers the inputs which `keep` is true of, and `None` to the others.
///
/// ```
/// use voidstate_category::stream::{Machine, filter, scan};
///
/// let count = scan(0, |n, _: f64| { *n += 1; *n });
/// let mut high = filter(|x: &f64| *x > 0.5).then_some(count);
/// assert_eq!(high.run([0.7, 0.1, 0.9]), [Some(1), None, Some(2)]);
/// ```
pub fn filter<A, P: Fn(&A) -> bool>(keep: P) -> Filter<P> {
    Filter(keep)
}

impl<A, P: Fn(&A) -> bool> Machine<A> for Filter<P> {
    type Out = Option<A>;

    #[inline]
    fn step(&mut self, input: A) -> Option<A> {
        (self.0)(&input).then_some(input)
    }
}

impl<P> Saved for Filter<P> {
    type State = ();

    fn save(&self) {}

    fn accepts(&self, (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn load(&mut self, (): ()) {}
}

impl<P> fmt::Debug for Filter<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter")
    }
}

/// The second machine on what the first lets through; see [`Machine::then_some`].
#[derive(Debug, Clone, Copy)]
pub struct ThenSome<M, N> {
    first: M,
    second: N,
}

impl<M, N> ThenSome<M, N> {
    pub(super) const fn new(first: M, second: N) -> Self {
        Self { first, second }
    }
}

impl<A, T, M: Machine<A, Out = Option<T>>, N: Machine<T>> Machine<A> for ThenSome<M, N> {
    type Out = Option<N::Out>;

    #[inline]
    fn step(&mut self, input: A) -> Self::Out {
        self.first.step(input).map(|t| self.second.step(t))
    }
}

saved_in_two!(ThenSome<M, N>);

/// As [`ThenSome`] where the second may leave out something too; see [`Machine::then_flat`].
#[derive(Debug, Clone, Copy)]
pub struct ThenFlat<M, N> {
    first: M,
    second: N,
}

impl<M, N> ThenFlat<M, N> {
    pub(super) const fn new(first: M, second: N) -> Self {
        Self { first, second }
    }
}

impl<A, T, U, M, N> Machine<A> for ThenFlat<M, N>
where
    M: Machine<A, Out = Option<T>>,
    N: Machine<T, Out = Option<U>>,
{
    type Out = Option<U>;

    #[inline]
    fn step(&mut self, input: A) -> Option<U> {
        self.first.step(input).and_then(|t| self.second.step(t))
    }
}

saved_in_two!(ThenFlat<M, N>);
