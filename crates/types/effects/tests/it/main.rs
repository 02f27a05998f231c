//! Programs, rows, runners, interpreters and journals.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod branches;
mod interpreters;
mod journal;
mod programs;
mod replay;
mod rows;
mod runners;
mod simulated;
mod ui;
