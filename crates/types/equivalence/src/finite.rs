//! Finite machines: which states do the same, and a shortest word that tells two machines apart.
//!
//! [`Lts`] are labelled transition systems, nondeterministic if need be; [`Mealy`] are complete deterministic machines
//! that give an output for each input.

mod lts;
mod mealy;
mod partition;

pub use lts::Lts;
pub use mealy::{Mealy, Sameness, compare};

/// Most states of a machine, and most transitions.
pub const SIZE_MAX: usize = 1 << 26;
