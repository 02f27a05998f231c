//! Semigroups, monads, optics and stream machines whose laws are checked, without higher-kinded types.

#![forbid(unsafe_code)]

pub mod algebra;
mod error;
pub mod optics;
pub mod stream;

pub use algebra::{
    And, ByTotal, Endo, ExactSum, First, Group, Last, Max, Min, Monoid, Or, Product, Semigroup,
    Semilattice, Sum, fold, fold_map, reduce,
};
pub use error::Error;
pub use optics::{AffineTraversal, Iso, Lens, Optic, Prism, Traversal};
pub use stream::{Machine, Saved};
pub use voidstate_category_macros::{Lenses, Prisms};

// The derives name the crate by its own name, in its own tests too.
extern crate self as voidstate_category;
