//! Laws, hostile input and what must not build.

mod allocator;
mod budget;
mod indices;
mod matrix;
mod refine;
#[cfg(feature = "serde")]
mod serde;
mod ui;
mod vector;
mod window;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// The same cases in every run, and no file of failures.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0xDE9E_17DE),
        ..ProptestConfig::default()
    }
}
