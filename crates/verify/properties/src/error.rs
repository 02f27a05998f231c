//! What can be wrong with the input.

/// Why there is no extent.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// There is no value.
    #[error("no value was given; an extent needs at least one")]
    Empty,
    /// A value is NaN or infinite.
    #[error("value {index} is {value}, expected a finite number; take it out first")]
    NotFinite {
        /// Where it stands.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// A line of a recording is no step.
    #[error(
        "line {line} of the recording is no step: {reason}; a step is {{\"series\":…}}, {{\"fire\":…}} or {{\"tick\":…}}"
    )]
    Recording {
        /// Which line, from 1.
        line: usize,
        /// What the reader of JSON says.
        reason: String,
    },
    /// A setting of a check cannot be worked with.
    #[error("{setting} is {value}, expected {expected}")]
    Settings {
        /// Which setting.
        setting: &'static str,
        /// What it is.
        value: String,
        /// What is accepted.
        expected: &'static str,
    },
}
