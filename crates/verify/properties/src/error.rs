//! What can be wrong with the input.

/// Why there is no extent.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
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
}
