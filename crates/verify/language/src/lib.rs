//! A small, total, typed, deterministic language that says what a tool must do.
//!
//! It is *not* a programming language: nothing in it loops for ever, has effects or names anything of the system it
//! speaks about.

#![forbid(unsafe_code)]

pub mod ast;
mod diagnostic;
mod error;
mod format;
mod lex;
mod operators;
mod parse;
mod span;
mod unit;
mod value;
mod words;

pub use ast::Document;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use error::Error;
pub use format::format;
pub use parse::parse;
pub use span::Span;
pub use unit::{Dimension, Unit};
pub use value::{EnumType, RecordType, Type, Value};
