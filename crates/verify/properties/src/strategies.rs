//! Strategies for `proptest` that give values of the core types, hostile and shaped ones among them.
//!
//! Three kinds, each with its parameters in a plain struct that has defaults:
//! - values: [`signal`], [`finding`], [`series_key`], [`value`], [`tool_meta`] and so on, within [`Sizes`];
//! - shapes: [`Seasonal`], [`Counter`], [`Bursts`], [`LevelShift`], [`Ramp`], and [`Disorder`] of what they give;
//! - traces: [`Traces`], well formed or with a [`TraceFault`].
//!
//! Everything that is given passes core's own checks, except where a function's name says otherwise
//! ([`broken_tool_meta`], [`misfitting_value`]). Values shrink towards 0, the empty text and the empty list; shapes towards
//! few points without noise. The same seed gives the same values.

mod config;
mod finding;
mod name;
mod number;
mod series;
mod shape;
mod signal;
mod text;
mod time;
mod tool;
mod trace;
mod value;

pub use config::{config_field, config_fields, fitting_config, misfitting_value};
pub use finding::{confidence, evidence, finding};
pub use name::{glob, glob_that_matches, hook_name, label_name, metric_name, not_a_name, tool_id};
pub use number::{finite, hostile_number, number};
pub use series::{point, series_info, series_key, unit};
pub use shape::{Bursts, Counter, Disorder, Gaps, Grid, LevelShift, Ramp, Seasonal, Shaped};
pub use signal::{event, sample, signal, span, state};
pub use text::{hostile_text, text};
pub use time::{time_range, timestamp};
pub use tool::{
    MetaFault, broken_tool_meta, budget, effect_set, permission, session, subscription, tool_meta,
};
pub use trace::{TraceFault, Traces, trace_fault};
pub use value::{attributes, value};

/// How large values get. Limits of core hold whatever stands here: a key has no more labels than
/// [`LABELS_MAX`](voidstate_core::LABELS_MAX) and a value nests no deeper than
/// [`NESTING_MAX`](voidstate_core::NESTING_MAX).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Most characters of a text that is not a name.
    pub text_chars_max: usize,
    /// Most items of a list, entries of a map, attributes, pieces of evidence.
    pub items_max: usize,
    /// Deepest nesting of a value.
    pub nesting_max: usize,
    /// Most labels of a series.
    pub labels_max: usize,
}

impl Default for Sizes {
    /// Texts of 16 characters, 4 items, values 3 deep, 4 labels.
    fn default() -> Self {
        Self {
            text_chars_max: 16,
            items_max: 4,
            nesting_max: 3,
            labels_max: 4,
        }
    }
}

impl Sizes {
    /// As large as core allows: nesting and labels at its limits, texts of 2000 characters, 8 items.
    #[must_use]
    pub const fn largest() -> Self {
        Self {
            text_chars_max: 2000,
            items_max: 8,
            nesting_max: voidstate_core::NESTING_MAX,
            labels_max: voidstate_core::LABELS_MAX,
        }
    }
}
