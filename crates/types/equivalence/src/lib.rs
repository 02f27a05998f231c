//! Evidence that one tool may replace another.

#![forbid(unsafe_code)]

mod error;
pub mod generate;
pub mod optimise;
pub mod path;
pub mod pipeline;
pub mod rules;

pub use error::Error;
