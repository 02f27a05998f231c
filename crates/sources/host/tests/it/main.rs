//! The host source against made-up machines and against this one.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod counters;
mod hostile;
mod machine;
mod parts;
mod peer;
mod processes;
mod support;
