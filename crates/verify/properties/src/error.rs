//! What can go wrong while properties are checked.

use proptest::test_runner::Reason;

use crate::laws::Violation;

/// Why a check did not end well.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A law does not hold; the counterexample says where.
    #[error("{0}")]
    Violated(Box<Violation>),
    /// A law was never put to the test: its premise did not occur often enough.
    #[error(
        "{suite}: the premise of \"{law}\" was met in {exercised} of {cases} cases, fewer than {wanted}; draw values \
         from a smaller domain so that it occurs, or lower `exercised_min`"
    )]
    Vacuous {
        /// The suite.
        suite: &'static str,
        /// The law.
        law: &'static str,
        /// Cases that met the premise.
        exercised: u32,
        /// Cases that were drawn.
        cases: u32,
        /// Cases that had to meet it.
        wanted: u32,
    },
    /// The caller's strategy could not give a value.
    #[error(
        "{suite}: the strategy for \"{law}\" gave no value: {reason}; reject less, construct more"
    )]
    Strategy {
        /// The suite.
        suite: &'static str,
        /// The law.
        law: &'static str,
        /// What proptest says.
        reason: Reason,
    },
    /// A parameter of a suite lies outside its domain.
    #[error("{suite}: {name} is {value}, expected {expected}")]
    Parameter {
        /// The suite.
        suite: &'static str,
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// A tool that is to be compared cannot be worked with.
    #[error("tool {tool} cannot be compared: {reason}")]
    Subject {
        /// The tool.
        tool: String,
        /// What it says.
        reason: String,
    },
    /// A history of concurrent operations that cannot be.
    #[error("operation {operation} of the history does not hold: {reason}")]
    History {
        /// Its number, from 0, as it was given.
        operation: usize,
        /// What is wrong and what would be accepted.
        reason: &'static str,
    },
    /// A schedule names a client that has no program.
    #[error(
        "the schedule gives a turn to client {client}, but there are {clients}, counted from 0"
    )]
    Schedule {
        /// Whom it names.
        client: usize,
        /// How many there are.
        clients: usize,
    },
    /// A check came to its limit before it came to a result.
    #[error(
        "undecided after {steps} steps; raise the limit, check by key, or let fewer operations overlap"
    )]
    Undecided {
        /// The limit.
        steps: u64,
    },
    /// A measurement, or a set of them, from which nothing can be told.
    #[error("{what} is {value}, expected {expected}")]
    Measurement {
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
        /// What is accepted.
        expected: &'static str,
    },
    /// A parameter of a strategy.
    #[error("parameter {name} of a strategy is {value}, expected {expected}")]
    StrategyParameter {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is accepted.
        expected: &'static str,
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

impl Error {
    /// The violation, where a law was broken.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        match self {
            Self::Violated(violation) => Some(violation),
            _ => None,
        }
    }
}
