//! Tests of the language from outside.

mod parsing;

mod checks;
mod explaining;
mod laws;
mod values;
