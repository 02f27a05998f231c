//! Integration tests of the runtime.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail by panicking; the lints' own exception covers test functions but not their helpers"
)]

mod bus;
mod engine;
mod pipeline;
mod process;
mod record;
mod registry;
mod sessions;
mod soak;
mod ui;
