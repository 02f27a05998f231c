//! The tool pipeline: makes new series of series, by a line of text such as `window mean 10 | where value > 0.9`.
//!
//! It is *not* a detector: what it makes is seen by detectors like any source's samples. The language, its meaning and the
//! proofs are `voidstate-equivalence`'s; here a pipeline becomes an arrow of `voidstate-category` for every series.
//!
//! ```
//! use voidstate_tool_pipeline::{PipelineFactory, ToolFactory};
//!
//! let factory = PipelineFactory::new("busy", "host.cpu.*", "where value > 90 | where value < 101")?;
//! assert_eq!(factory.meta().id.as_str(), "busy");
//! let run = factory.rewritten("where value > 90 | where value < 101")?;
//! assert_eq!(run.rules, ["fuse-where"], "two filters became one, by a rule that was checked again");
//! # Ok::<(), voidstate_tool_pipeline::Error>(())
//! ```
//!
//! # Items
//! [`PipelineFactory`] makes the tool and tells how its steps are [`Rewritten`], [`Arrow`] is a pipeline alone; [`ToolFactory`] and [`Error`] are core's.
//!
//! # Metrics
//! Of the series `m{l="x"}` the tool `t` makes `tool.t.m{l="x"}`, fired at the hook `engine.derived`.
//!
//! # Invariants
//! - The arrow answers what the definition of the pipeline says: `arrows_do_what_the_definition_says`.
//! - Saved and restored, it goes on as if nothing had happened: `a_restored_tool_goes_on`.
//! - Only series that are selected are touched, and never what it made itself: `it_does_not_eat_its_own_tail`.
//! - What is wrong with the configuration is told at once: `all_that_is_wrong_is_said_together`.
//!
//! # Cost and limits
//! A step of the pipeline per sample; at most 10,000 series.

#![forbid(unsafe_code)]

mod arrow;
mod factory;
mod tool;

pub use arrow::Arrow;
pub use factory::{CATEGORY, PipelineFactory, Rewritten, SERIES, STEPS};
pub use voidstate_core::{Error, ToolFactory};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
