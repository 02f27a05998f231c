//! A corpus of routines that keep and that break their claimed bounds.

#![expect(
    clippy::cast_possible_truncation,
    reason = "sizes of the tests' inputs fit everywhere"
)]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod claims;
mod corpus;
mod instructions;
mod laws;
mod numeric;
mod routine;
mod searches;
mod sorts;
mod structures;
mod texts;
