//! Sources: where signals come from.

use serde::{Deserialize, Serialize};

use crate::{HookName, Result, SeriesId, SeriesKey, Signal, Timestamp, Unit};

/// What is known of a series besides its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesInfo {
    /// Its identity.
    pub key: SeriesKey,
    /// The hook at which its samples are fired.
    pub hook: HookName,
    /// What its numbers are.
    pub unit: Unit,
    /// The value that it cannot pass, where one is known: memory size, file descriptors, quota.
    #[serde(default, with = "crate::number::option")]
    pub limit: Option<f64>,
}

/// What a source does when the engine cannot keep up.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// It waits; nothing is lost (files).
    Wait,
    /// The newest signals are dropped and counted (live systems).
    Drop,
}

/// What a source says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceInfo {
    /// Its name, for people and for counters.
    pub name: String,
    /// What it brings, in a sentence.
    pub description: String,
    /// What happens when the engine cannot keep up.
    pub overflow: Overflow,
}

/// When a source wants to be polled again.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// At once: there is more.
    Now,
    /// At this time; when it has passed, at once.
    At(Timestamp),
    /// Never: there is nothing more.
    Done,
}

/// Brings signals. Called by the engine on a thread of its own; implemented by the crates under `sources/`.
pub trait Source: Send {
    /// What it says about itself; always the same.
    fn info(&self) -> SourceInfo;

    /// Hands over what there is at `now` (the engine's clock), in at most about 50 ms, and says when to ask again.
    ///
    /// # Errors
    /// [`Error::Source`](crate::Error::Source) when it cannot bring anything any more; parts that fail are reported
    /// through [`Emitter::degraded`] instead.
    fn poll(&mut self, now: Timestamp, out: &mut dyn Emitter) -> Result<Next>;
}

/// Takes signals from a source. Called by sources; implemented by the engine and by test doubles.
pub trait Emitter {
    /// The number of a series, issued at the first call with its key; later calls may refine `unit` and `limit`.
    fn series(&mut self, info: &SeriesInfo) -> SeriesId;

    /// Fires a sample at the hook of its series.
    fn sample(&mut self, series: SeriesId, time: Timestamp, value: f64);

    /// Fires any signal at a hook.
    fn signal(&mut self, hook: &HookName, signal: Signal);

    /// Reports that `count` inputs were not usable, and why; they are counted and shown.
    fn rejected(&mut self, count: u64, reason: &str);

    /// Reports that a part cannot be read, and why; said once per part and reason.
    fn degraded(&mut self, part: &str, reason: &str);

    /// Whether the source should return as soon as it can.
    fn is_cancelled(&self) -> bool;
}
