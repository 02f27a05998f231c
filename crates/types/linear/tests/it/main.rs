//! Promises of the policies and of the tokens.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod built;
mod fence;
mod graded;
mod ledger;
mod lock;
mod once;
mod policies;
mod region;
mod ui;
