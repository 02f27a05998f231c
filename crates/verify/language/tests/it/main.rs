//! Tests of the language from outside.

mod depth;
mod documents;
mod errors;
mod fuzz;
mod parsing;
mod round_trips;
mod schema;
mod soak;
