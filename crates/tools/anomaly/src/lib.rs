//! The anomaly tool: watches every series it is shown and tells episodes of unusual behaviour in sentences.
//!
//! It is *not* a detector of its own: the mathematics is `voidstate-anomaly`'s. The tool gives every series a detector in
//! one panel under one budget of false alarms, joins episodes that open together into one incident, and names the process
//! whose use of the resource rose most.
//!
//! ```
//! use voidstate_core::ToolFactory;
//! use voidstate_tool_anomaly::AnomalyFactory;
//!
//! let factory = AnomalyFactory::new()?;
//! assert_eq!(factory.meta().id.as_str(), "anomaly");
//! assert!(factory.meta().subscriptions.iter().any(|s| s.pattern.matches("host.cpu")));
//! # Ok::<(), voidstate_core::Error>(())
//! ```
//!
//! # Findings
//! Kind `anomaly` while it lasts or when it passed, `drift` when the series stayed where it went. An incident is said
//! when it opens, again when more is known, and when it closes; `episode` is its number. Evidence: the peak, the usual
//! band, how many samples, how often chance alone brings about such an episode over everything watched, the process and
//! the device that stand out.
//!
//! # Outputs and metrics
//! Per sample the output `score` (real, in `[0, 1]`); once a second the metrics `learning_percent` (how much of the
//! warm-up the average series has behind it), `series` and `open_episodes`.
//!
//! # Invariants
//! - A process that rose is named, one that is always high is not: `the_one_that_rose_is_named_not_the_one_that_is_always_high`.
//! - Saved and restored, it goes on as if nothing had happened: `suspend_and_resume_equals_uninterrupted`.
//! - Of the host, only what a person would care about is told: `a_departure_too_small_to_care_about_is_not_told`.
//! - What opens closes, once: `every_incident_opens_once_and_closes_once`.
//! - Bytes that are no state are refused and change nothing: `hostile_state_is_refused`.
//!
//! # Cost and limits
//! One detector update per sample and nothing allocated on the way; at most 512 processes and 50,000 series.

#![forbid(unsafe_code)]

mod chance;
mod effect_size;
mod error;
mod factory;
mod family;
mod incident;
mod phrase;
mod processes;
mod tool;

pub use factory::{AnomalyFactory, FALSE_EPISODES_PER_HOUR, LENGTH_MAX_SECONDS, MERGE_GAP_SECONDS};

/// The tool's id.
pub const ID: &str = "anomaly";

/// The vocabulary, so that this crate can be used alone.
pub use voidstate_core;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
