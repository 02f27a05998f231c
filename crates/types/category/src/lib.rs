//! Semigroups, monads, optics and stream machines whose laws are checked, without higher-kinded types.

#![forbid(unsafe_code)]

pub mod algebra;
mod error;
pub mod stream;

pub use algebra::{
    And, ByTotal, Endo, ExactSum, First, Group, Last, Max, Min, Monoid, Or, Product, Semigroup,
    Semilattice, Sum, fold, fold_map, reduce,
};
pub use error::Error;
pub use stream::{Machine, Saved};
