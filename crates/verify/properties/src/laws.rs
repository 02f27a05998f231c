//! Laws of algebra, containers, optics, arrows, orders, codecs and replicated data, as functions.
//!
//! A suite takes [`Settings`], strategies for the values and the operations as closures; equality is an argument, so
//! that values can be compared approximately or by what they do. It answers with a [`Report`] or with the first law that
//! is broken, as a [`Violation`] with a counterexample made small. Nothing is printed, no file is written, no
//! environment is read: equal arguments give equal answers.
//!
//! ```
//! use proptest::prelude::*;
//! use voidstate_properties::laws::{self, Settings};
//!
//! let settings = Settings::default();
//! laws::monoid(&settings, &any::<i64>(), &0, |a, b| a.wrapping_add(*b), PartialEq::eq)?;
//!
//! let error = laws::semigroup(&settings, &(-9_i64..9), |a, b| a - b, PartialEq::eq).unwrap_err();
//! let broken = error.violation().unwrap();
//! assert_eq!(broken.law, "associativity");
//! assert_eq!(broken.value_of("c"), Some("1"));
//! # Ok::<(), voidstate_properties::Error>(())
//! ```
//!
//! # Suites
//! | of | suites |
//! |---|---|
//! | algebra | [`semigroup`] [`monoid`] [`commutative_monoid`] [`group`] [`semilattice`] [`bounded_semilattice`] [`lattice`] |
//! | containers | [`functor`] [`applicative`] [`monad`] [`comonad`] |
//! | optics | [`isomorphism`] [`lens`] [`prism`] [`affine_traversal`] [`traversal`] |
//! | processes | [`category`] [`arrow`] |
//! | relations | [`equivalence`] [`partial_order`] [`total_order`] [`partial_ord`] [`ord`] [`hash_eq`] [`metric`] |
//! | codecs | [`round_trip`] |
//! | replicas | [`state_crdt`] [`operation_crdt`] |
//!
//! [`Suite`] runs laws of your own in the same way; [`functions`] draws functions that can be printed and shrunk.
//!
//! # How values are drawn
//! Rust has no type of type constructors, so a suite sees one instance at a time (`Vec<u8>`, not `Vec`). A quarter of the
//! drawn values are made simpler by a random number of shrink steps first, and every fourth case repeats a value in
//! other variables, so that small, equal and boundary values meet. A law with a premise counts the cases that met it,
//! and a suite in which none did is an error: [`Error::Vacuous`](crate::Error::Vacuous).

mod algebra;
mod arrow;
mod category;
mod crdt;
mod draw;
mod fun;
mod functor;
mod hash;
mod metric;
mod monad;
mod operation_crdt;
mod optics;
mod order;
mod over;
mod report;
mod round_trip;
mod settings;
mod state_crdt;
mod suite;
mod term;
mod traversal;
mod violation;

pub use algebra::{
    bounded_semilattice, commutative_monoid, group, lattice, monoid, semigroup, semilattice,
};
pub use arrow::{Arrow, Wiring, arrow};
pub use category::{Category, category};
pub use draw::{Several, SeveralTree, Softened, several, softened};
pub use fun::{Fun, functions};
pub use functor::{applicative, functor};
pub use hash::{hash_eq, hash_eq_by};
pub use metric::metric;
pub use monad::{comonad, monad};
pub use operation_crdt::operation_crdt;
pub use optics::{affine_traversal, isomorphism, lens, prism};
pub use order::{comparator, equivalence, ord, partial_ord, partial_order, total_order};
pub use report::{Checked, Report};
pub use round_trip::{Codec, round_trip};
pub use settings::Settings;
pub use state_crdt::state_crdt;
pub use suite::{Outcome, Suite, agree, holds, implies, within};
pub use term::{Paired, Term, terms};
pub use traversal::traversal;
pub use violation::{Binding, Violation};
