//! Semigroups, monads, optics and stream machines whose laws are checked, without higher-kinded types.
//!
//! It is *not* a port of Haskell: no brands, no transformers, no do-notation; a trait is here when two instances earn it,
//! and a law is said only where a suite checks it.
//!
//! ```
//! use voidstate_category::stream::{Machine, arr, windowed};
//! use voidstate_category::{Lenses, Max, reduce};
//!
//! #[derive(Lenses)]
//! struct Config { window: Window }
//! #[derive(Lenses)]
//! struct Window { width: usize }
//!
//! let mut config = Config { window: Window { width: 1 } };
//! let width = Config::WINDOW.then(Window::WIDTH);
//! width.modify(&mut config, |w| *w += 1);
//! let highest = windowed(width.get(&config), |last: &[u32]| reduce(last.iter().copied().map(Max)))?;
//! let mut machine = arr(|x: u32| x * 10).then(highest);
//! assert_eq!(machine.run([3, 1, 2]), [Some(Max(30)), Some(Max(30)), Some(Max(20))]);
//! # Ok::<(), voidstate_category::Error>(())
//! ```
//!
//! # Main items
//! - [`algebra`]: [`Semigroup`], [`Monoid`], [`Group`], [`Semilattice`], [`fold`]; [`ExactSum`] for floats.
//! - [`functor`]: [`Functor`], [`Applicative`], [`Monad`], [`Comonad`] with [`State`], [`Reader`], [`Validation`],
//!   [`Store`], [`Window`]; [`NaturalTransformation`].
//! - [`optics`]: [`Lens`], [`Prism`], [`Iso`], [`AffineTraversal`], [`Traversal`], with the derives [`Lenses`] and [`Prisms`].
//! - [`stream`]: [`Machine`] with [`arr`](stream::arr) and the rest of the arrow, [`Saved`] memories.
//! - [`tool`]: [`ToolCategory`], [`ToolFunctor`], [`ToolTransformation`], whose laws are tried and answered by [`Checked`] or
//!   a [`Counterexample`].
//!
//! # Invariants
//! - Each instance keeps its laws: `every_semigroup_is_associative`, `every_monoid_has_a_neutral_value`,
//!   `every_group_has_inverses`, `every_semilattice_forgets_order_and_repetition`, `contexts_are_monads`,
//!   `functions_are_monads`, `stores_are_comonads`, `windows_are_comonads`, `lenses_are_lenses`, `prisms_are_prisms`,
//!   `affine_traversals_are_affine_traversals`, `traversals_are_traversals`, `isos_are_isomorphisms`, `machines_are_arrows`,
//!   `machines_are_profunctors`, `windows_and_traces_are_functors`; and the suites catch what does not: `…_are_caught`.
//! - A sum of floats depends on neither order nor grouping: `neither_order_nor_grouping_counts`.
//! - A stream of windows is the extension of the whole: `extending_is_what_the_stream_does`.
//! - A sliding fold takes at most three combinations a sample: `a_sliding_fold_takes_three_combinations_a_sample_at_most`.
//! - What is restored goes on as what was saved: `what_is_restored_goes_on_as_what_was_saved`.
//! - A law that met no case does not pass: `nothing_to_check_is_said`.
//! - A broken promise of a type does not compile: `broken_promises_do_not_compile`.
//!
//! # Cost and limits
//! Composed optics and machines are plain structs, compiled as the code they stand for; `State`, `Reader` and `Store` take one
//! allocation a function, and a stack as deep as they are nested. Windows keep up to twice their width. Verification of a
//! category takes at most the cases it is given; what it leaves out is counted. Laws are tried, not proved.
//!
//! # Sources
//! Hughes, "Generalising monads to arrows" (2000); McBride and Paterson, "Applicative programming with effects" (2008);
//! Uustalu and Vene, "Comonadic notions of computation" (2008); Pickering, Gibbons, Wu, "Profunctor optics" (2017);
//! Tangwongsan, Hirzel, Schneider, "Low-latency sliding-window aggregation in worst-case constant time" (2017).
//!
//! # Features
//! None.

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

// The derives name the crate by its own name, in its own examples too.
extern crate self as voidstate_category;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
