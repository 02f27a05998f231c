//! Laws, invariants and hostile input.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod evidence;
mod finite;
mod isos;
mod optimise;
mod paths;
mod pipelines;
mod rules;
