//! Streams, stages and pipelines drawn from a seed.
//!
//! What is drawn is what breaks rules: NaN, infinities, both zeros, denormals, the largest values, whole numbers,
//! constants of the pipelines at hand and their neighbours; times that repeat and run backward.

mod rng;
mod stages;
mod streams;

pub use rng::Rng;
pub use stages::{pipeline, stage};
pub use streams::{constants, shrink, stream};
