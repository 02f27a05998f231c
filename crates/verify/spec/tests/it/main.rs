//! Tests of specs from outside.

#[cfg(feature = "generate")]
mod complexity;
#[cfg(feature = "generate")]
mod statics;
