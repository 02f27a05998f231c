//! Evidence that one tool may replace another.

#![forbid(unsafe_code)]

mod error;
pub mod pipeline;

pub use error::Error;
