//! Laws, strategies and checkers, put to the test themselves: what is right passes, planted faults are caught.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking; the lints' own exception does not cover its helpers"
)]

mod algebra;
mod catalogue;
mod codecs;
mod containers;
mod engine;
mod growth;
mod linearizability;
mod machines;
mod optics;
mod processes;
mod registry_machine;
mod relations;
mod replicas;
mod replicas_lawful;
mod strategies;
mod tool;
