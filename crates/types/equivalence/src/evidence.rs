//! How much is known about whether two tools do the same, and how it came to be known.

mod compare;
mod control;
mod distance;
mod grade;
mod opaque;
mod separation;
mod verdict;

pub use compare::{Effort, compare};
pub use distance::{Distance, Distances, distance};
pub use grade::Grade;
pub use opaque::{compare_behaviours, compare_opaque};
pub use separation::Separation;
pub use verdict::{Tests, Verdict};
