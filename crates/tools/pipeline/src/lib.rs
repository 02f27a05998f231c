//! The tool `pipeline`: tells when a series is above a limit.
//!
//! It is *not* a detector: it learns nothing and knows no usual band.
//!
//! ```
//! use voidstate_tool_pipeline::{Factory, ToolFactory};
//!
//! let factory = Factory::new()?;
//! assert!(factory.meta().check().is_ok());
//! assert_eq!(factory.meta().id.to_string(), "pipeline");
//! # Ok::<(), voidstate_tool_pipeline::Error>(())
//! ```
//!
//! # Items
//! [`Factory`] makes the tool; [`ToolFactory`] and [`Error`] are core's.
//!
//! # Invariants
//! - A rise above the limit opens one finding, the return closes it: `an_episode_opens_and_closes_once`.
//! - What is open when the tool ends is closed: `finish_closes_what_is_open`.
//! - A value that is not a number changes nothing: `nan_changes_nothing`.
//!
//! # Cost and limits
//! O(log n) per sample and about 40 bytes per series that is above its limit, for n such series.

#![forbid(unsafe_code)]

mod tool;

pub use tool::Factory;
pub use voidstate_core::{Error, ToolFactory};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
