//! Tests of the language from outside.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test that fails says where"
)]

mod builtins;
mod checks;
mod depth;
mod documents;
mod errors;
mod evaluation;
mod explaining;
mod fuzz;
mod parsing;
mod protocols;
mod readme;
mod round_trips;
mod schema;
mod soak;
mod values;
