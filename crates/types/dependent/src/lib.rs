//! Sizes, ranges, orders and budgets said in types, on stable Rust: what does not fit does not build.
//!
//! It is *not* a proof assistant (types here depend on numbers, brands and checked values, not on arbitrary terms), not a
//! linear algebra library and not a substitute for measuring: a declared cost is a promise.
//!
//! ```
//! use voidstate_dependent::{Matrix, Probability, Sorted, Vector};
//!
//! let v = Vector::empty().push_front(2).push_front(1);
//! let (first, rest) = v.pop_front();
//! assert_eq!((first, rest), (1, Vector::new([2])));
//! assert_eq!(Matrix::new([[1, 2], [3, 4], [5, 6]]) * v, Vector::new([5, 11, 17]));
//! assert!(Probability::new(f64::NAN).is_err() && Sorted::new(vec![2, 1]).is_err());
//! ```
//!
//! # Items
//! - Sizes: [`Vector`], [`Matrix`] over a [`Ring`], [`Window`] and [`Filling`], [`Fin`] (an index below `N`), [`peano`].
//! - Numbers fixed while the program runs: [`Count`] and [`Exact`]; indices of one list only: [`BVec`] and [`Idx`].
//! - Exactly so many dependencies: [`Deps`], [`WithDeps`], [`Named`].
//! - Checked values: [`Refined`] by a [`Rule`]: [`Probability`], [`Positive`], [`NonNegative`], [`Finite`], [`Bounded`],
//!   [`NonEmpty`], [`Sorted`].
//! - Costs: [`Cost`], [`Step`], [`Budget`], [`Plan`]; [`Spent`] and [`Meter`] for what is known later. [`Error`].
//!
//! # Invariants
//! - What must not build does not, and its neighbour does: `promises_are_kept_by_the_compiler`.
//! - Concatenation undoes splitting and is associative: `concat_undoes_split`,
//!   `concat_is_associative_and_empty_is_neutral`.
//! - A claimed length is checked: `a_claimed_length_is_checked`.
//! - A vector is as large as its array: `a_vector_takes_no_more_room_than_its_array`.
//! - Square matrices are a ring: `square_matrices_are_a_ring`.
//! - A window holds exactly the last `N` items: `a_window_is_exactly_the_last_n`.
//! - A branded list behaves as the list: `a_branded_list_is_the_list`.
//! - A count accepts only itself: `a_count_accepts_exactly_itself`.
//! - Sorted stays sorted: `sorted_stays_sorted_under_every_operation`.
//! - NaN gets nowhere: `hostile_floats_are_sorted_out`, `hostile_floats_never_get_into_a_sorted_list`.
//! - Nothing invalid is read: `invalid_data_is_refused`, `reading_accepts_exactly_what_checking_does`.
//! - Costs add up, and a lie is found: `spending_is_associative_or_overflows`,
//!   `a_lying_declaration_is_caught_by_the_allocator`.
//!
//! # Cost
//! Types of sizes, brands and proofs take no room. Operations cost what they cost on arrays and lists; a [`Refined`] pays for
//! its rule once, and again only where it is read.
//!
//! # Limits
//! - Promises about sums of sizes and costs are checked when code is generated: by `cargo build` and `cargo test`, not by
//!   `cargo check`, and only for functions that are used. Those about plain types are seen by `check` too.
//! - Lengths are inferred to 32, with the feature `typenum` to 512; any length can be named.
//! - At most 16 dependencies. A [`Count`] and a [`BVec`] live inside a closure.
//! - Nothing here is `unsafe`, so a branded index keeps the bounds check of `Vec`, though it cannot fail.
//!
//! # Sources
//! H. Xi, F. Pfenning, *Dependent types in practical programming*, POPL 1999 (sizes, indices); J. Launchbury,
//! S. Peyton Jones, *Lazy functional state threads*, PLDI 1994 (brands); T. Freeman, F. Pfenning, *Refinement types for ML*,
//! PLDI 1991.
//!
//! # Features
//! None by default. `serde`: reading checks again. `typenum`: inferred lengths beyond 32 and hybrid-array at the edges.
//! `nalgebra`: matrices and vectors to and from its own.

#![forbid(unsafe_code)]

mod brand;
#[cfg(feature = "typenum")]
pub mod bridge;
mod budget;
mod count;
#[cfg(feature = "nalgebra")]
mod dense;
mod deps;
mod error;
mod fin;
mod matrix;
pub mod peano;
mod refine;
mod ring;
mod vector;
mod window;
#[cfg(feature = "serde")]
mod wire;

pub use brand::{BVec, Idx};
pub use budget::{Budget, Cost, Declared, Limit, Meter, Plan, Spent, Step, Then};
pub use count::{Count, Exact};
pub use deps::{Deps, Named, WithDeps, are_distinct};
pub use error::Error;
pub use fin::Fin;
pub use matrix::Matrix;
pub use refine::{
    Bounded, Finite, NonEmpty, NonNegative, Order, Positive, Probability, Refined, Rule, Sorted,
    rule,
};
pub use ring::Ring;
pub use vector::Vector;
pub use window::{Filled, Filling, Window};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
