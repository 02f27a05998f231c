//! Tests of the language from outside.
