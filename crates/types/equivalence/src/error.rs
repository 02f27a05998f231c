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
}
