//! Tests of the language from outside.

mod depth;
mod documents;
mod errors;
mod fuzz;
mod laws;
mod parsing;
mod checks;
mod schema;
mod soak;
