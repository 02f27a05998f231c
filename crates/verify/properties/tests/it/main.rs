//! Laws, strategies and checkers, put to the test themselves.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking; the lints' own exception does not cover its helpers"
)]

mod growth;
mod linearizability;
mod registry_machine;
mod strategies;
mod tool;
