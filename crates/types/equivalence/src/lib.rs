//! Evidence that one tool may replace another.

#![forbid(unsafe_code)]

mod error;
pub mod evidence;
pub mod finite;
pub mod generate;
mod iso;
pub mod optimise;
pub mod path;
pub mod pipeline;
pub mod rules;
mod transport;

pub use error::Error;
pub use iso::Iso;
pub use transport::{Behaviour, Of, Reindex, Stepping, Transported, transport};
