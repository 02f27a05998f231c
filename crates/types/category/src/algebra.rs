//! Values that can be put together: semigroups, monoids, groups, semilattices.
//!
//! | | what `combine` does | `empty` | more |
//! |---|---|---|---|
//! | [`Sum`], [`Product`] of integers in [`Wrapping`](std::num::Wrapping) | adds, multiplies | 0, 1 | `Sum` is a [`Group`] |
//! | [`Min`], [`Max`] | the lesser, the greater | the type's ends | [`Semilattice`] |
//! | [`And`], [`Or`] | | true, false | [`Semilattice`] |
//! | [`First`], [`Last`] | the earlier, the later | | |
//! | `Option<A>` | of what is there | `None` | |
//! | `String`, `Vec` | one after the other | nothing | |
//! | `Ordering` | the first that is not equal | `Equal` | |
//! | tuples | each place for itself | each empty | as their parts |
//! | `BTreeMap` | key by key | nothing | as its values |
//! | `BTreeSet` | union | nothing | [`Semilattice`] |
//! | [`Endo`] | the first function, then the second | identity | |
//! | [`ExactSum`] | adds floats without rounding | 0 | [`Group`] |
//!
//! # Floats
//! Addition of floats is not associative: `(0.1 + 0.2) + 0.3` is not `0.1 + (0.2 + 0.3)`, so there is no `Sum<f64>`.
//! [`ExactSum`] adds without rounding and rounds once, when it is read. Minimum and maximum need a total order:
//! [`ByTotal`] orders floats as `f64::total_cmp` does, NaN included. Plain integers may overflow, which would make
//! addition partial; wrap them in [`Wrapping`](std::num::Wrapping), or take a wider type.

mod collections;
mod endo;
mod exact_sum;
mod fold;
mod wrappers;

pub use endo::Endo;
pub use exact_sum::ExactSum;
pub use fold::{fold, fold_map, reduce};
pub use wrappers::{And, ByTotal, First, Last, Max, Min, Or, Product, Sum};

/// Values any two of which make a third.
///
/// Law: `a.combine(b).combine(c)` is `a.combine(b.combine(c))`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no associative `combine`",
    note = "say which one is meant by a wrapper: `Sum`, `Product`, `Min`, `Max`, `And`, `Or`, `First`, `Last`; floats are \
            added by `ExactSum` and ordered by `ByTotal`, integers that may overflow go into `Wrapping`"
)]
pub trait Semigroup {
    /// `self`, then `other`.
    #[must_use]
    fn combine(self, other: Self) -> Self;
}

/// Semigroups with a neutral value.
///
/// Law: `empty().combine(a)` and `a.combine(empty())` are `a`.
pub trait Monoid: Semigroup {
    /// The neutral value.
    #[must_use]
    fn empty() -> Self;
}

/// Monoids in which everything can be undone.
///
/// Law: `a.inverse().combine(a)` and `a.combine(a.inverse())` are `empty()`.
pub trait Group: Monoid {
    /// What undoes `self`.
    #[must_use]
    fn inverse(self) -> Self;
}

/// Semigroups in which neither order nor repetition counts.
///
/// Laws: `a.combine(b)` is `b.combine(a)`; `a.combine(a)` is `a`.
pub trait Semilattice: Semigroup {}
