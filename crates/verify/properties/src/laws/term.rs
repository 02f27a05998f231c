//! Values that can be put together and taken apart, for laws that need products.

use std::fmt;

use proptest::prelude::any;
use proptest::strategy::Strategy;

/// A type that holds pairs of itself.
///
/// Laws of applicative functors and arrows speak of `(A, B)` beside `A`. One instance at a time has only one type, so
/// that type must contain its own pairs. Law: `a.pair(&b).split()` is `(a, b)`.
pub trait Paired: Clone + fmt::Debug {
    /// Both in one.
    #[must_use]
    fn pair(&self, other: &Self) -> Self;

    /// The halves; what is no pair gives itself twice.
    fn split(&self) -> (Self, Self);

    /// The left half.
    #[must_use]
    fn left(&self) -> Self {
        self.split().0
    }

    /// The right half.
    #[must_use]
    fn right(&self) -> Self {
        self.split().1
    }
}

/// The free [`Paired`] type over bytes: two terms are equal only when they were made in the same way.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// A value.
    Leaf(u8),
    /// Two terms.
    Pair(Box<(Term, Term)>),
}

impl Paired for Term {
    fn pair(&self, other: &Self) -> Self {
        Self::Pair(Box::new((self.clone(), other.clone())))
    }

    fn split(&self) -> (Self, Self) {
        match self {
            Self::Leaf(_) => (self.clone(), self.clone()),
            Self::Pair(both) => (**both).clone(),
        }
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf(value) => write!(f, "{value}"),
            Self::Pair(both) => write!(f, "({:?}, {:?})", both.0, both.1),
        }
    }
}

/// Leaves.
pub fn terms() -> impl Strategy<Value = Term> + Clone {
    any::<u8>().prop_map(Term::Leaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_pair_are_what_went_in() {
        let (a, b) = (Term::Leaf(1), Term::Leaf(2).pair(&Term::Leaf(3)));
        assert_eq!(a.pair(&b).split(), (a.clone(), b.clone()));
        assert_eq!((a.left(), b.right()), (a.clone(), Term::Leaf(3)));
        assert_eq!(format!("{:?}", a.pair(&b)), "(1, (2, 3))");
    }
}
