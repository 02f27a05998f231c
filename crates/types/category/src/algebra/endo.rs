//! Functions from a type to itself.

use std::fmt;
use std::rc::Rc;

use super::{Monoid, Semigroup};

/// A function from `A` to `A`; combined, the first is applied first.
///
/// Applying a fold of n functions takes a stack of O(n) where they were combined from the left, so fold thousands, not
/// millions.
///
/// ```
/// use voidstate_category::{Endo, fold};
///
/// let steps = [Endo::new(|n: u32| n + 1), Endo::new(|n| n * 10)];
/// assert_eq!(fold(steps).apply(2), 30);
/// ```
pub struct Endo<A>(Rc<dyn Fn(A) -> A>);

impl<A> Endo<A> {
    /// `f` as a value.
    pub fn new(f: impl Fn(A) -> A + 'static) -> Self {
        Self(Rc::new(f))
    }

    /// `f(a)`.
    pub fn apply(&self, a: A) -> A {
        (self.0)(a)
    }
}

impl<A: 'static> Semigroup for Endo<A> {
    fn combine(self, other: Self) -> Self {
        Self::new(move |a| other.apply(self.apply(a)))
    }
}

impl<A: 'static> Monoid for Endo<A> {
    fn empty() -> Self {
        Self::new(|a| a)
    }
}

impl<A> Clone for Endo<A> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<A> fmt::Debug for Endo<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Endo")
    }
}
