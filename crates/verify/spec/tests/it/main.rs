//! Specs and their implementations, right ones and wrong ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "generate")]
mod complexity;
mod conversion;
mod functions;
#[cfg(feature = "generate")]
mod generate;
mod methods;
mod release;
#[cfg(feature = "generate")]
mod right;
mod shapes;
#[cfg(feature = "generate")]
mod spec;
#[cfg(feature = "generate")]
mod statics;
#[cfg(feature = "tool")]
mod tool;
mod ui;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The text of the panic that `call` ends in.
fn breach_of<R>(call: impl FnOnce() -> R) -> String {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(_) => panic!("the contract held"),
        Err(payload) => payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| {
                payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
            })
            .expect("a text"),
    }
}
