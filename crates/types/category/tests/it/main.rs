//! Laws of every instance, and that breakers of laws are caught.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod algebra;
mod derives;
mod exact_sum;
mod functor;
mod functor_of_functions;
mod optics;
mod stream;
mod tool;
mod ui;
mod window;

use voidstate_properties::Error;
use voidstate_properties::laws::Settings;

/// Enough to catch what is planted, in a second.
fn settings() -> Settings {
    Settings::default().with_cases(192)
}

/// The law that is broken.
#[track_caller]
fn broken<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.unwrap_err().violation().unwrap().law
}
