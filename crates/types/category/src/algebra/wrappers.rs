//! Which of a number's many operations is meant.

use std::cmp::Ordering;
use std::num::Wrapping;

use super::{Group, Monoid, Semigroup, Semilattice};

macro_rules! wrappers {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<A>(pub A);
    )* };
}

wrappers! {
    /// A number that is added.
    Sum
    /// A number that is multiplied.
    Product
    /// The least is kept.
    Min
    /// The greatest is kept.
    Max
    /// The earliest is kept.
    First
    /// The latest is kept.
    Last
}

/// True while all are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct And(pub bool);

/// True once one is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Or(pub bool);

macro_rules! wrapping {
    ($($number:ty)*) => { $(
        impl Semigroup for Sum<Wrapping<$number>> {
            fn combine(self, other: Self) -> Self { Self(self.0 + other.0) }
        }
        impl Monoid for Sum<Wrapping<$number>> {
            fn empty() -> Self { Self(Wrapping(0)) }
        }
        impl Group for Sum<Wrapping<$number>> {
            fn inverse(self) -> Self { Self(-self.0) }
        }
        impl Semigroup for Product<Wrapping<$number>> {
            fn combine(self, other: Self) -> Self { Self(self.0 * other.0) }
        }
        impl Monoid for Product<Wrapping<$number>> {
            fn empty() -> Self { Self(Wrapping(1)) }
        }
        impl Monoid for Min<$number> {
            fn empty() -> Self { Self(<$number>::MAX) }
        }
        impl Monoid for Max<$number> {
            fn empty() -> Self { Self(<$number>::MIN) }
        }
    )* };
}

wrapping!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl<A: Ord> Semigroup for Min<A> {
    fn combine(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
}
impl<A: Ord> Semilattice for Min<A> {}

impl<A: Ord> Semigroup for Max<A> {
    fn combine(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}
impl<A: Ord> Semilattice for Max<A> {}

impl<A> Semigroup for First<A> {
    fn combine(self, _: Self) -> Self {
        self
    }
}

impl<A> Semigroup for Last<A> {
    fn combine(self, other: Self) -> Self {
        other
    }
}

impl Semigroup for And {
    fn combine(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
impl Monoid for And {
    fn empty() -> Self {
        Self(true)
    }
}
impl Semilattice for And {}

impl Semigroup for Or {
    fn combine(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
impl Monoid for Or {
    fn empty() -> Self {
        Self(false)
    }
}
impl Semilattice for Or {}

/// A float in the order of `f64::total_cmp`: −NaN, −∞, … −0, +0, … +∞, +NaN.
///
/// Equal only where every bit is, so that -0 is not 0 and a NaN is itself.
#[derive(Debug, Clone, Copy)]
pub struct ByTotal(pub f64);

impl Ord for ByTotal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for ByTotal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByTotal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByTotal {}

impl Monoid for Min<ByTotal> {
    /// The greatest of the order, which is a NaN: the least of nothing is no number.
    fn empty() -> Self {
        Self(ByTotal(f64::from_bits(u64::MAX >> 1)))
    }
}

impl Monoid for Max<ByTotal> {
    /// The least of the order, which is a NaN: the greatest of nothing is no number.
    fn empty() -> Self {
        Self(ByTotal(f64::from_bits(u64::MAX)))
    }
}
