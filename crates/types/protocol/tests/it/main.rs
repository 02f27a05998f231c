//! The crate from outside.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests may fail")]

mod checking;
mod examples;
mod golden;
mod hostile;
mod made;
mod mutants;
mod projecting;
mod properties;
mod soak;
mod walk;
