//! Runs of unusual samples, told as one thing with start, peak and end.

use crate::verdict::Direction;

/// What an episode has turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum EpisodeKind {
    /// The series returned, or has not settled yet.
    Anomaly,
    /// The series stayed where it went: a new regime.
    Drift,
}

/// The sample farthest from what was expected.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Peak {
    /// When.
    pub time_ns: i64,
    /// The value seen.
    pub value: f64,
    /// The score of that sample, in [0, 1].
    pub score: f64,
}

/// One unusual stretch of one series.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Episode {
    /// Unique within the panel, rising, starting at [`PanelConfig::first_id`](crate::PanelConfig::first_id).
    pub id: u64,
    /// Index of the series in its panel.
    pub series: usize,
    /// Time of the first sample of the run.
    pub start_ns: i64,
    /// Time of the last unusual sample so far.
    pub end_ns: i64,
    /// The sample farthest from expectation.
    pub peak: Peak,
    /// Anomaly or drift.
    pub kind: EpisodeKind,
    /// Which way, at the peak.
    pub direction: Direction,
    /// Samples from start to end.
    pub samples: u64,
    /// Value that was expected when the run began.
    pub expected: f64,
    /// Lower edge of the usual band (99 %) when the run began.
    pub low: f64,
    /// Upper edge of that band.
    pub high: f64,
    /// Mean of the values from start to end.
    pub observed: f64,
    /// How unusual: expected number of such runs per sample if nothing had happened, the smallest so far.
    pub false_rate: f64,
}

/// What happened to an episode. Each carries the episode as it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum EpisodeEvent {
    /// The evidence has just become sufficient.
    Opened(Episode),
    /// The kind changed, or the peak moved to twice the distance.
    Updated(Episode),
    /// The series was calm for long enough, became a new regime, fell silent, or the episode reached its longest.
    Closed(Episode),
}

impl EpisodeEvent {
    /// The episode as it stands after the event.
    #[must_use]
    pub fn episode(&self) -> &Episode {
        match self {
            Self::Opened(episode) | Self::Updated(episode) | Self::Closed(episode) => episode,
        }
    }
}

/// The run of surprise a series is in; becomes an episode when the evidence suffices.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Run {
    pub(crate) episode: Episode,
    pub(crate) open: bool,
    pub(crate) distance: f64,
    pub(crate) told_distance: f64,
    pub(crate) seen: f64,
}
