//! Contracts of tools: what a tool sees, says and uses in one call, held against a spec.
//!
//! A spec of a tool has an operation for each method of [`voidstate_core::Tool`] that it speaks about: `observe`, `tick`
//! and `finish`. It declares the records and enums that it reads, with as many of the fields of [`VOCABULARY`] as it
//! needs, so that the file stands alone; names and types are held against the vocabulary while compiling.

mod agrees;
mod run;
mod seen;
mod signals;
mod views;
mod vocabulary;

pub use agrees::disagreements;
pub use run::{Contract, finish, observe, tick};
pub use views::{Given, Named};
pub use vocabulary::VOCABULARY;

/// What the attribute compares a spec's types with.
#[doc(hidden)]
pub mod types {
    pub use super::signals::SignalView as Signal;
    pub use super::views::{Given, Named};
    pub use voidstate_core::{Evidence, Finding, FindingKind, Severity, Stage, Timestamp};
}
