//! The tool as the engine drives it: samples, process states and ticks in, findings out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod context;
mod findings;
mod laws;
mod properties;
mod spec;
