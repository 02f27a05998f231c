//! Holds Rust functions, types and tools against what a specification says that they must do.
//!
//! It is *not* a prover: what it says of an implementation it says of calls that happened. The language of the specs is
//! [`language`], a crate of its own.
//!
//! ```
//! use voidstate_spec::implements;
//!
//! #[implements(inline = r#"
//! tool half "divides by two" {
//!   input n: int
//!   output half: int
//!   fails "odd": n % 2 != 0
//!   ensures "twice it is n": half * 2 == n
//! }"#)]
//! fn half(n: i64) -> Result<i64, String> {
//!     if n % 2 == 0 { Ok(n / 2) } else { Err(format!("{n} is odd")) }
//! }
//!
//! assert_eq!(half(42), Ok(21));
//! assert!(half(7).is_err());
//! ```
//!
//! # Items
//! - [`macro@implements`] on a function, an inherent impl, an `impl TypedTool for X` or an `impl Tool for X`: names, types
//!   and the row of effects are compared with the spec while compiling, contracts run around every call.
//! - [`SpecValue`] and [`FromSpec`], with a derive: Rust values as values of the language and back.
//! - [`Implements`] and [`subject!`]: the spec of an implementation, and the implementation as a [`Subject`] that can be
//!   called with values.
//! - [`Breach`]: what a broken contract says. [`without_contracts`], [`too_costly`].
//! - [`tool`] (feature `tool`): the vocabulary of specs of tools, and a tool's metadata against its spec.
//!
//! # Contracts
//! Before a call: when a `fails` clause holds, the implementation must refuse; else every `requires` must hold, or the
//! caller broke the contract. After it: with every `requires` and no `fails`, the call must have succeeded and every
//! `ensures` must hold; every `invariant` must hold, whether it succeeded or not. A breach is a panic whose message names
//! tool, operation, clause, both sides of the failed comparison, the values, the spec's line and the caller's.
//!
//! A clause that has no value (out of range, overflow) is a breach of its own kind. A clause that takes more than a
//! million steps is left out, said once on standard error and listed by [`too_costly`].
//!
//! # Invariants
//! - Names and types are refused at the parameter: `refusals_are_at_the_parameter`.
//! - A breach names clause, inputs and both sides:
//!   `an_off_by_one_is_a_breach_that_names_clause_inputs_and_both_sides`.
//! - Refusals are held both ways: `refusals_are_held_both_ways`; the caller is blamed where it calls:
//!   `the_caller_is_blamed_where_it_calls`.
//! - Nothing is left in release builds: `release_keeps_the_function_alone` (in `voidstate-spec-macros`); `always` keeps
//!   it: `always_means_always`.
//! - A panic of the implementation stays the only one: `a_panic_in_the_body_stays_the_only_one`.
//! - Inside an operation, another of the same instance may find invariants broken:
//!   `inner_operations_may_break_invariants_for_a_while`.
//! - Values come back as they went, or are refused: `values_come_back_as_they_went`,
//!   `what_does_not_fit_is_inexpressible`.
//!
//! # Cost
//! Where contracts run: turning inputs, outputs and the state that clauses read into values, and evaluating the clauses.
//! Of a tool only what a clause reads is kept and turned. Elsewhere nothing.
//!
//! # Limits
//! Concrete types: no generic or `async` functions, no `&mut` parameters besides `self`. `Result` is known by its name.
//! An operation that another thread begins on the same instance is judged on its own.
//!
//! # Sources
//! Meyer, *Object-Oriented Software Construction*, chapter 11 (who owes what; invariants between calls).
//!
//! # Features
//! `tool`: contracts of [`voidstate_core`] tools. `generate`: tests made of specs, static checks, complexity. `cli`: the
//! program `voidstate-spec` and its pages. `always`: contracts in release builds, too.

#![forbid(unsafe_code)]

mod bind;
mod breach;
#[cfg(feature = "generate")]
pub mod complexity;
mod contract;
mod convert;
mod error;
#[cfg(feature = "generate")]
pub mod generate;
#[cfg(feature = "cli")]
pub mod pages;
mod show;
#[cfg(feature = "generate")]
pub mod smt;
#[cfg(feature = "generate")]
pub mod statics;
mod subject;
#[cfg(feature = "tool")]
pub mod tool;

pub use bind::{Implements, Spec};
pub use breach::{Blame, Breach};
pub use contract::{too_costly, without_contracts};
pub use convert::{FromSpec, SpecValue};
pub use error::Error;
pub use subject::{Called, Subject};
pub use voidstate_spec_macros::{SpecValue, implements};

/// The language of the specs.
pub use voidstate_language as language;

/// What the attribute and the derive write; no part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::bind::{Fallible, Function, Instance, attempt, ended, input, returned, value};
    pub use crate::contract::Call;
    pub use crate::convert::{
        Message, Shape, Way, alternative, argument, fields, in_unit, outputs_misfit, payload,
        record, slot_misfit, unknown, variant,
    };
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
