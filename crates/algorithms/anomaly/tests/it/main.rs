//! Integration tests of the crate's public surface.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod adwin;
mod complexity;
mod delays;
mod drift_streams;
mod false_episodes;
mod input;
mod laws;
mod panel;
mod plots;
mod recorded;
#[cfg(feature = "serde")]
mod resume;
mod soak;
mod spec;
mod worlds;
