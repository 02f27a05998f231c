//! A small, total, typed, deterministic language that says what a tool must do.
//!
//! It is *not* a programming language: nothing in it loops for ever, has effects or names anything of the system it
//! speaks about.
//!
//! ```
//! use voidstate_language::{Scope, Steps, Value, compile, format, parse};
//!
//! let source = r#"tool largest {
//!   input xs: [int]
//!   output y: int
//!   ensures "is the largest": y in xs and all(xs, |x| x <= y)
//! }
//! "#;
//! let checked = compile(source)?;
//! let clause = &checked.tools[0].operations[0].ensures[0];
//! let (inputs, outputs) = ([Value::list([Value::Int(3), Value::Int(5)])], [Value::Int(5)]);
//! let scope = Scope { inputs: &inputs, outputs: &outputs, ..Scope::default() };
//! assert!(clause.holds(&scope, &mut Steps::default())?);
//! assert_eq!(format(&parse(source)?), source);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Main items
//! - [`parse`], [`format`](format()): between source text and [`Document`]; [`to_json`], [`from_json`], [`SCHEMA`].
//! - [`check`], [`compile`]: names and types; a [`Checked`] is what the rest works with.
//! - [`CheckedClause::holds`](checked::CheckedClause::holds), [`Explanation`]: evaluation, and why a condition does not
//!   hold. [`Scope`] and [`Steps`] are what an evaluation is given.
//! - [`Diagnostics`]: every mistake of a text with excerpt, caret and advice. [`Builtin`]: the functions.
//!
//! # Invariants
//! - What is formatted is read back as it was: `what_is_formatted_is_read_back`; so is JSON: `json_is_read_back`.
//! - No comment is lost: `no_comment_is_lost`, `a_comment_at_any_place_is_kept`.
//! - No source and no JSON makes it panic or hang: `hostile_sources_never_panic`, `hostile_json_never_panics`,
//!   `a_megabyte_of_anything_ends_fast`, `deep_json_is_refused`.
//! - The schema takes what the code takes: `every_document_fits_the_schema`,
//!   `wrong_json_is_refused_by_schema_and_code`.
//!
//! # Cost
//! Reading and writing take time and memory linear in the text (`time_grows_with_the_source`). An evaluation takes at
//! most the steps that it is given.
//!
//! # Limits
//! Sources up to 64 MiB; trees up to 128 levels, brackets too (`the_limit_is_128_levels`): a chain of 128 operators is
//! one such tree. The first 50 mistakes of a text are reported. Names are ASCII.
//!
//! # Sources
//! Operator precedence by V. Pratt, *Top down operator precedence*, 1973; layout after D. Oppen, *Prettyprinting*, 1980;
//! suggestions by F. Damerau's distance, 1964.
//!
//! # Features
//! None.

#![forbid(unsafe_code)]

mod abbreviate;
pub mod ast;
pub mod builtin;
mod check;
pub mod checked;
mod diagnostic;
mod error;
mod eval;
mod explain;
mod format;
mod json;
mod lex;
pub mod node;
mod operators;
mod parse;
mod scope;
mod span;
mod unit;
mod validate;
mod value;
mod words;

pub use ast::Document;
pub use builtin::Builtin;
pub use check::{check, compile};
pub use checked::{
    Checked, CheckedBudget, CheckedClause, CheckedComplexity, CheckedExample, CheckedOperation,
    CheckedScenario, CheckedTool, Slot,
};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use error::Error;
pub use explain::{Explanation, Witness};
pub use format::format;
pub use json::{SCHEMA, from_json, to_json};
pub use node::{Node, Typed};
pub use parse::parse;
pub use scope::{Scope, Steps};
pub use span::Span;
pub use unit::{Dimension, Unit};
pub use value::{EnumType, RecordType, Type, Value};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
