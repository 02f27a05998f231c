//! What came of a replay.

use std::fmt;

use voidstate_core::{Finding, Timestamp, ToolId};

use super::journal::same;
use super::wire::first_series;

/// The first place where a replayed tool did something else than the recorded one.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// Which tool.
    pub tool: ToolId,
    /// On which shard.
    pub shard: usize,
    /// Which call of the shard: firings, ticks and ends are counted together.
    pub call: u64,
    /// What it did when it was recorded.
    pub recorded: String,
    /// What it did now.
    pub replayed: String,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "tool {} on shard {}, call {}: recorded {}, replayed {}",
            self.tool, self.shard, self.call, self.recorded, self.replayed
        )
    }
}

/// How a recording ends.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With the engine.
    Whole,
    /// Before the engine did, with a mark that says why and when.
    Stopped {
        /// Why.
        why: String,
        /// When, by the engine's clock.
        at: Timestamp,
    },
    /// Without a mark: the program was killed, or the file was cut.
    Torn {
        /// Where the last whole record ends, in bytes.
        offset: u64,
    },
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the recording is whole"),
            Self::Stopped { why, at } => write!(
                f,
                "the recording ends early, at {at}: {why}; what comes before was replayed"
            ),
            Self::Torn { offset } => write!(
                f,
                "the recording is cut off after byte {offset}, as when the program is killed; what comes before was replayed"
            ),
        }
    }
}

/// What came of a replay.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The findings of the replay, ordered by time, series, tool and sequence; the engine's own are those of the recording.
    pub findings: Vec<Finding>,
    /// The findings of the recording, in the same order.
    pub recorded: Vec<Finding>,
    /// Where the replay first did something else; it ends there.
    pub divergence: Option<Divergence>,
    /// How the recording ends.
    pub ending: Ending,
    /// How many signals were fired.
    pub signals: u64,
    /// How many accepted signals the recorded engine dropped.
    pub dropped: u64,
}

impl Replayed {
    /// Whether every finding is the recorded one, to the last bit.
    #[must_use]
    pub fn is_identical(&self) -> bool {
        self.divergence.is_none() && self.first_difference().is_none()
    }

    /// The first place where the findings differ, and both sides of it.
    #[must_use]
    pub fn first_difference(&self) -> Option<(usize, Option<&Finding>, Option<&Finding>)> {
        let most = self.findings.len().max(self.recorded.len());
        (0..most).find_map(|at| {
            let (now, then) = (self.findings.get(at), self.recorded.get(at));
            let is_same = matches!((now, then), (Some(now), Some(then)) if same(now, then));
            (!is_same).then_some((at, then, now))
        })
    }
}

/// A finding and where it was said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) finding: Finding,
    pub(crate) position: u64,
    pub(crate) shard: usize,
    pub(crate) ordinal: u64,
}

/// The findings by time, series, tool, sequence.
pub(crate) fn ordered(mut said: Vec<Said>) -> Vec<Finding> {
    said.sort_by(|a, b| {
        let (x, y) = (&a.finding, &b.finding);
        x.start
            .cmp(&y.start)
            .then_with(|| first_series(x).cmp(&first_series(y)))
            .then_with(|| x.tool.cmp(&y.tool))
            .then_with(|| (a.position, a.shard, a.ordinal).cmp(&(b.position, b.shard, b.ordinal)))
    });
    said.into_iter().map(|said| said.finding).collect()
}
