//! Contracts, generated tests, complexity and mutation checks from specs.

#![forbid(unsafe_code)]

#[cfg(feature = "generate")]
pub mod complexity;
mod error;
mod subject;

pub use error::Error;
pub use subject::{Called, Subject};

/// The language of the specs.
pub use voidstate_language as language;
