//! Rewrite rules of pipelines, each admitted only after a test.
//!
//! A [`Rule`] says that a few adjacent stages may be replaced by others. [`admit`] draws stages it applies to and streams
//! with NaN, infinities, both zeros, denormals, repeated and backward times, and runs both sides; only what it returns
//! can enter [`Rules`]. [`Rules::standard`] are the ones of this crate, admitted when they are first asked for.

mod admit;
mod conditions;
mod fold;
mod monotone;
mod order;
mod rule;
mod set;
mod simplify;
mod windows;

pub use admit::{Counterexample, admit};
pub use rule::{Admitted, Kind, Rule};
pub use set::Rules;

pub(crate) use monotone::{key, threshold_places, unkey};
pub(crate) use simplify::simplified as normal_expr;
