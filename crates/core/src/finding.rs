//! Findings: what a tool says.

use serde::{Deserialize, Serialize};

use crate::{AttributeValue, Error, Result, SeriesKey, Timestamp, ToolId, Unit};

/// What a finding is about.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Unusual behaviour that may pass.
    Anomaly,
    /// A lasting change of what is usual.
    Drift,
    /// Something that repeats, or never happened before.
    Pattern,
    /// A shape in the data.
    Structure,
    /// What brought something about.
    Cause,
    /// What will come.
    Forecast,
    /// A rule was broken.
    Violation,
    /// The observer itself: a tool suspended, signals dropped.
    Health,
}

/// How much it matters.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Notice,
    /// Worth acting on.
    Warning,
    /// Worth acting on now.
    Critical,
}

/// Where in its life a finding is: one with duration is said when it opens, may be said again, and closes.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A moment; nothing follows.
    Instant,
    /// It began and goes on.
    Opened,
    /// It goes on, and more is known.
    Updated,
    /// It ended.
    Closed,
}

/// How sure a tool is, in `[0, 1]`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Confidence(f64);

impl Confidence {
    /// Checks and wraps.
    ///
    /// # Errors
    /// [`Error::Domain`] when `value` is NaN or outside `[0, 1]`.
    pub fn new(value: f64) -> Result<Self> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(Error::Domain {
                what: "confidence",
                value,
                domain: "[0, 1]",
            })
        }
    }

    /// `value` brought into `[0, 1]`; NaN becomes 0.
    #[must_use]
    pub fn saturating(value: f64) -> Self {
        Self(if value.is_nan() {
            0.0
        } else {
            value.clamp(0.0, 1.0)
        })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Confidence {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<Confidence> for f64 {
    fn from(value: Confidence) -> Self {
        value.0
    }
}

/// One piece of evidence.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    rename_all_fields = "snake_case",
    deny_unknown_fields
)]
pub enum Evidence {
    /// What was seen.
    Value {
        /// Which series.
        series: SeriesKey,
        /// When.
        time: Timestamp,
        /// The number.
        #[serde(with = "crate::number")]
        value: f64,
        /// What the number is.
        unit: Unit,
    },
    /// What was expected, and the band that is usual.
    Expected {
        /// Lower end of the usual band.
        #[serde(with = "crate::number")]
        low: f64,
        /// Centre.
        #[serde(with = "crate::number")]
        mid: f64,
        /// Upper end of the usual band.
        #[serde(with = "crate::number")]
        high: f64,
        /// What the numbers are.
        unit: Unit,
    },
    /// A test and its p-value.
    PValue {
        /// Which test.
        test: String,
        /// Probability of a result at least as extreme when nothing unusual happens.
        #[serde(with = "crate::number")]
        p: f64,
    },
    /// On how many samples the statement rests.
    Samples {
        /// How many.
        count: u64,
    },
    /// A process that stands out at that time.
    Process {
        /// Process id.
        pid: u32,
        /// Its name as the kernel keeps it (at most 15 bytes), never its arguments.
        comm: String,
        /// Which quantity of it stands out, for example `cpu`.
        quantity: String,
        /// How much.
        #[serde(with = "crate::number")]
        value: f64,
        /// What the number is.
        unit: Unit,
    },
    /// A device that stands out at that time.
    Device {
        /// Its name.
        name: String,
        /// Which quantity of it stands out.
        quantity: String,
        /// How much.
        #[serde(with = "crate::number")]
        value: f64,
        /// What the number is.
        unit: Unit,
    },
    /// Anything else with a name and a value.
    Fact {
        /// Its name.
        name: String,
        /// Its value.
        value: AttributeValue,
    },
}

/// What a tool says. JSON schema in `specs/schema/finding.schema.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Who says it.
    pub tool: ToolId,
    /// Number of the episode, unique for the tool; the same from opening to closing.
    pub episode: u64,
    /// What it is about.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// Where in its life it is.
    pub stage: Stage,
    /// Since when.
    pub start: Timestamp,
    /// Until when; absent while it goes on.
    #[serde(default)]
    pub end: Option<Timestamp>,
    /// The series concerned, the most telling first.
    #[serde(default)]
    pub series: Vec<SeriesKey>,
    /// A sentence that a person understands.
    pub sentence: String,
    /// What it rests on.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// How sure the tool is.
    pub confidence: Confidence,
    /// What would show that it is wrong.
    pub refutation: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_keeps_its_domain() {
        assert!(Confidence::new(1.0).is_ok());
        for bad in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(Confidence::new(bad).is_err(), "{bad}");
        }
        assert!(Confidence::saturating(f64::NAN).get() <= 0.0);
        assert!(serde_json::from_str::<Confidence>("2.0").is_err());
    }
}
