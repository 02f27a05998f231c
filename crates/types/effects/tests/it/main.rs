//! Programs, rows, runners, interpreters and journals.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod journal;
mod programs;
mod replay;
mod rows;
