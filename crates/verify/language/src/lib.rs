//! A small, total, typed, deterministic language that says what a tool must do.
//!
//! It is *not* a programming language: nothing in it loops for ever, has effects or names anything of the system it
//! speaks about.

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
