//! Contracts of tools: what a tool sees, says and uses in one call, held against a spec.
//!
//! A spec of a tool has an operation for each method of [`voidstate_core::TypedTool`] (or [`voidstate_core::Tool`]) that
//! it speaks about: `observe`, `tick` and `finish`. What it says of effects must be the row of a typed tool, while
//! compiling; a tool without a row is held to it when it runs. It declares the records and enums that it reads, with as many of the fields of [`VOCABULARY`] as it
//! needs, so that the file stands alone; names and types are held against the vocabulary while compiling.

mod agrees;
mod row;
mod run;
mod seen;
mod signals;
pub mod typed;
mod views;
mod vocabulary;

pub use agrees::disagreements;
pub use run::{Contract, finish, observe, tick};
pub use views::{Given, Named};
pub use vocabulary::VOCABULARY;

/// What the attribute compares a spec's types with.
#[doc(hidden)]
pub mod types {
    pub use super::row::row_misfit;
    pub use super::signals::SignalView as Signal;
    pub use super::views::{Given, Named};
    pub use voidstate_core::{
        Effect, EffectRow, Evidence, Finding, FindingKind, Severity, Stage, Timestamp, TypedTool,
    };
}
