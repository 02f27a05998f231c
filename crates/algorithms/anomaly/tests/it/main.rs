//! Integration tests of the crate's public surface.

mod adwin;
mod delays;
mod drift_streams;
mod false_episodes;
mod input;
mod laws;
mod panel;
#[cfg(feature = "serde")]
mod resume;
mod worlds;
