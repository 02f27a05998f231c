//! Right implementations of complete specs: `cargo xtask spec mutate spec --files tests/it/right` plants faults in them,
//! and the tests made of the specs must find them.

pub(crate) mod intervals;
pub(crate) mod limiter;
pub(crate) mod median;
pub(crate) mod merging;
pub(crate) mod pattern;
pub(crate) mod ring;
pub(crate) mod runs;
pub(crate) mod searching;
