//! What can go wrong.

use thiserror::Error;

/// Why a value could not be made or an expression has no value.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// A number left its range.
    #[error("{what} overflows 64 bits; keep it between -2^63 and 2^63 - 1")]
    Overflow {
        /// The operation with its operands.
        what: String,
    },
    /// A whole number was divided by zero.
    #[error("{what} divides by zero; guard it with `if` or `=>`")]
    DivisionByZero {
        /// The operation with its operands.
        what: String,
    },
    /// A position outside a list, a text, bytes or a map.
    #[error("{index} is outside {what}; guard it with `if` or `=>`")]
    OutOfRange {
        /// The position or key.
        index: String,
        /// Of what.
        what: String,
    },
    /// A built-in function was given something outside its domain.
    #[error("{function} of {argument} has no value; {advice}")]
    Domain {
        /// The function.
        function: &'static str,
        /// What it was given.
        argument: String,
        /// The way out.
        advice: &'static str,
    },
    /// More steps than were allowed.
    #[error("evaluation took more than {limit} steps; use smaller inputs or a higher limit")]
    Steps {
        /// How many were allowed.
        limit: u64,
    },
    /// A value does not fit the type that was asked for.
    #[error("{value} is no {expected}")]
    Mismatch {
        /// What was asked for.
        expected: String,
        /// What was there.
        value: String,
    },
    /// A list, a map, a text or bytes of more elements than the language keeps.
    #[error("{what} has more than {limit} elements; use a smaller one")]
    TooLong {
        /// What was to be built.
        what: String,
        /// The greatest length.
        limit: usize,
    },
    /// The scope has no value for a name.
    #[error("the scope has no value for {place}; give it one")]
    Missing {
        /// The input, output or state variable.
        place: String,
    },
}
