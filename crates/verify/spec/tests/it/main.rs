//! Tests of specs from outside.

#[cfg(feature = "generate")]
mod complexity;
