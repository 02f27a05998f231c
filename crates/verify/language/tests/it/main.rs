//! Tests of the language from outside.

mod builtins;
mod checks;
mod depth;
mod documents;
mod errors;
mod evaluation;
mod explaining;
mod fuzz;
mod parsing;
mod round_trips;
mod schema;
mod soak;
mod values;
