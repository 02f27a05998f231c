//! Laws, strategies and checkers for property tests.
//!
//! It is *not* a test framework: it draws with proptest, prints nothing, writes no files and leaves to the caller what a
//! broken law means.
//!
//! ```
//! use proptest::prelude::*;
//! use voidstate_properties::laws::{self, Settings};
//!
//! // Equal but for their order: not what `PartialEq` of lists says, but what these sets mean.
//! let same = |a: &Vec<u8>, b: &Vec<u8>| a.iter().all(|x| b.contains(x)) && b.iter().all(|x| a.contains(x));
//! let lists = proptest::collection::vec(0_u8..9, 0..4);
//! let union = |a: &Vec<u8>, b: &Vec<u8>| [a.as_slice(), b].concat();
//! let report = laws::semilattice(&Settings::default(), &lists, union, same)?;
//! assert_eq!(report.laws.len(), 3);
//!
//! let error = laws::semilattice(&Settings::default(), &lists, union, PartialEq::eq).unwrap_err();
//! let broken = error.violation().unwrap();
//! assert_eq!((broken.law, broken.value_of("a")), ("idempotence", Some("[0]")));
//! # Ok::<(), voidstate_properties::Error>(())
//! ```
//!
//! # Items
//! ## Laws
//! [`laws`]: suites of algebra, containers, optics, arrows, orders, codecs and replicated data as functions, each of which
//! gives a [`Report`](laws::Report) or a [`Violation`](laws::Violation) with a small counterexample;
//! [`Suite`](laws::Suite) for laws of your own; [`Fun`](laws::Fun), functions that can be drawn, printed and shrunk.
//! ## Tools
//! [`tool::check`] holds [`tool::LAWS`], what every tool must keep, against anything that is a `ToolFactory`.
//!
//! # Invariants
//! - Every suite accepts its lawful instances: `lawful_instances_pass`.
//! - Every suite catches its planted breakers, by the name of the law: `planted_breakers_are_caught`.
//! - Counterexamples are as small as the golden list says: `counterexamples_are_minimal`.
//! - Equal settings give equal answers: `answers_are_deterministic`.
//! - A law that was never put to the test is an error: `a_law_never_exercised_is_an_error`.
//! - A panic of the operations breaks the law and is told: `panics_are_violations`.
//! - Each law of a tool catches a tool that breaks it: `each_planted_fault_is_caught_by_the_name_of_its_law`.
//!
//! # Cost
//! A law takes `cases` draws and as many runs of its operations; the README says what that is beside a test written by
//! hand. A broken one takes at most `shrink_steps_max` runs more for each of up to `1 + rivals_max` counterexamples.
//!
//! # Limits
//! A suite that passes has found no counterexample: that is no proof. One instance of a type constructor is seen at a
//! time. A shrunk counterexample is a local minimum.
//!
//! # Sources
//! Claessen, Hughes, QuickCheck (2000) and Shrinking and showing functions (2012); Foster et al., Combinators for
//! bidirectional tree transformations (2007, lenses); Jaskelioff, Rypáček, An investigation of the laws of traversals
//! (2012); Hughes, Generalising monads to arrows (2000); Shapiro et al., Conflict-free replicated data types (2011).

#![forbid(unsafe_code)]

mod error;
pub mod growth;
pub mod laws;
pub mod linearizability;
pub mod registry_machine;
pub mod strategies;
pub mod tool;

pub use error::Error;
/// What the strategies are made of, so that this crate can be used alone.
pub use proptest;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
