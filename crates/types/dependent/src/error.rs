//! What can be refused while the program runs; everything else does not build.

use std::borrow::Cow;

/// Why a value did not get the type that was asked for.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A list has another length than its type says.
    #[error("{found} items were given where the type says {expected}; give exactly {expected}")]
    Length {
        /// The length in the type.
        expected: usize,
        /// The length of the list; one more than expected when it was not read to its end.
        found: usize,
    },
    /// An index does not lie in the list.
    #[error(
        "index {index} is outside a list of {len}; the last valid index is one less than {len}"
    )]
    OutOfRange {
        /// The index.
        index: usize,
        /// How many items there are.
        len: usize,
    },
    /// A value does not satisfy the rule of its type.
    #[error("{found} is not {expected}; check the value where it enters")]
    Refused {
        /// What the rule accepts.
        expected: Cow<'static, str>,
        /// The value as text, cut to 64 characters.
        found: String,
    },
    /// A list has another length than the count that was fixed before.
    #[error(
        "{found} items were given where {expected} were fixed at the start; give exactly {expected}"
    )]
    Count {
        /// The count.
        expected: usize,
        /// The length of the list.
        found: usize,
    },
    /// Nothing comes before zero.
    #[error("a count of 0 has no predecessor; fix the count at 1 or more")]
    NoPredecessor,
    /// A sum of costs does not fit into 64 bits.
    #[error("the sum of {what} exceeds 2^64 - 1; no budget can hold it")]
    Overflow {
        /// What was added: "bytes" or "nanoseconds".
        what: &'static str,
    },
    /// More is spent than the budget allows.
    #[error(
        "{spent} {what} are spent where the budget allows {limit}; drop a step or raise the budget"
    )]
    OverBudget {
        /// What is spent: "bytes" or "nanoseconds".
        what: &'static str,
        /// What the budget allows.
        limit: u64,
        /// What is spent.
        spent: u64,
    },
}
