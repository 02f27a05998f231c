//! Semigroups, monads, optics and stream machines whose laws are checked, without higher-kinded types.

#![forbid(unsafe_code)]

pub mod algebra;
mod error;
pub mod functor;
pub mod optics;
pub mod stream;
pub mod tool;
mod verdict;

pub use algebra::{
    And, ByTotal, Endo, ExactSum, First, Group, Last, Max, Min, Monoid, Or, Product, Semigroup,
    Semilattice, Sum, fold, fold_map, reduce,
};
pub use error::Error;
pub use functor::{
    Applicative, Comonad, Functor, Monad, NaturalTransformation, Reader, State, Store, Validation,
    Window,
};
pub use optics::{AffineTraversal, Iso, Lens, Optic, Prism, Traversal};
pub use stream::{Machine, Saved};
pub use tool::{Morphism, ToolCategory, ToolFunctor, ToolTransformation, Traced};
pub use verdict::{Checked, Counterexample, Unverified};
pub use voidstate_category_macros::{Lenses, Prisms};

// The derives name the crate by its own name, in its own tests too.
extern crate self as voidstate_category;
