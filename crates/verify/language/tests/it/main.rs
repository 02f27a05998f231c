//! Tests of the language from outside.

mod parsing;

mod checks;
