//! What can go wrong.

use thiserror::Error;

/// Why a spec could not be used.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// A Rust value has no counterpart in the language, or the other way round.
    #[error("{value} is outside {type_}")]
    Inexpressible {
        /// The value.
        value: String,
        /// The type that cannot hold it.
        type_: String,
    },
    /// A report could not be written or read.
    #[error("{what}: {reason}; check the path and who may write there")]
    Report {
        /// The file or the tool.
        what: String,
        /// What is wrong.
        reason: String,
    },
}
