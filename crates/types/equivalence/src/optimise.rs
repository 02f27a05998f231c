//! Cheaper pipelines that do the same, with the proof.

mod cost;
mod egraph;
mod search;
mod term;

pub use cost::cost;
pub use egraph::Saturation;
pub use search::{Budget, Optimised, Search, optimise, optimise_with, prove, prove_with};
