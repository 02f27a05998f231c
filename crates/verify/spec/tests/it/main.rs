//! Tests of specs from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "generate")]
mod generate;
