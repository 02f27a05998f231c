//! Tests of the language from outside.

mod checks;
mod depth;
mod documents;
mod errors;
mod evaluation;
mod explaining;
mod fuzz;
mod laws;
mod parsing;
mod schema;
mod soak;
mod values;
