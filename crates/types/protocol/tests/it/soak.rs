//! Long runs: `VOIDSTATE_SOAK_SEED` moves every seed, `VOIDSTATE_SOAK_SCALE` multiplies the cases.

/// The seed of a test: the fixed one, moved where a soak says so.
pub(crate) fn seed(fixed: u64) -> u64 {
    fixed ^ read("VOIDSTATE_SOAK_SEED", 0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// How many cases a test runs: its own count, times the scale.
pub(crate) fn cases(own: u32) -> u32 {
    own.saturating_mul(u32::try_from(read("VOIDSTATE_SOAK_SCALE", 1).max(1)).unwrap_or(u32::MAX))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a soak moves the seeds of tests by its environment"
)]
fn read(name: &str, unset: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no whole number")),
        Err(_) => unset,
    }
}
