//! What the detector says about one sample.

/// Why a sample was not judged. The detector's state is left as it was, apart from its counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Reason {
    /// The value is NaN.
    NotANumber,
    /// The value is infinite, or its magnitude exceeds 1e100.
    Unbounded,
    /// The time equals that of the sample before.
    Duplicate,
    /// The time lies before that of the sample before.
    OutOfOrder,
}

/// Which way a series departs from what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Direction {
    /// Above the expected level.
    Up,
    /// Below the expected level.
    Down,
    /// Restless: the steps between samples grew.
    Wider,
    /// Still: the steps between samples shrank.
    Narrower,
}

/// What a sample is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Kind {
    /// Too little is known yet; no alarm is possible.
    Learning {
        /// How much of the warm-up is over, 0 to 99.
        percent: u8,
    },
    /// In line with what this series does.
    Normal,
    /// Part of an unusual sample or stretch from which the series has not yet returned.
    Anomaly,
    /// The change has come to stay: reported once, at the sample where it is settled; the new regime is then learned.
    Drift,
    /// The sample could not be judged.
    Invalid(Reason),
}

/// What the detector says about one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Verdict {
    /// `1 - p_value`, in [0, 1]; 0 while learning and for invalid samples.
    pub score: f64,
    /// Share of this series' samples that would be as surprising as this one if it went on as it did so far, in
    /// [1e-15, 1]; learned from the series' own history of surprises.
    pub p_value: f64,
    /// Expected number, per sample, of unprovoked runs of surprise as strong as the one this sample belongs to, in
    /// [1e-15, 1]. Rates of several series add up, whatever their dependence.
    pub false_rate: f64,
    /// Samples in the run of surprise this one belongs to; 0 when it belongs to none.
    pub run: u32,
    /// What the sample is taken for.
    pub kind: Kind,
    /// Value expected before it was seen; the sample's own value while learning, NaN-free.
    pub expected: f64,
    /// Lower edge of the band that holds about 99 % of the samples.
    pub low: f64,
    /// Upper edge of that band.
    pub high: f64,
    /// The way of the departure; meaningful where the sample is surprising.
    pub direction: Direction,
}

impl Verdict {
    /// A verdict without alarm.
    pub(crate) fn quiet(kind: Kind, expected: f64) -> Self {
        Self {
            score: 0.0,
            p_value: 1.0,
            false_rate: 1.0,
            run: 0,
            kind,
            expected,
            low: expected,
            high: expected,
            direction: Direction::Up,
        }
    }
}
