//! Laws of the vocabulary: round trips, order, globs, selectors, schemas, golden files; typed tools.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod golden;
mod laws;
mod round_trips;
mod schemas;
mod strategies;
mod typed;
