//! What can go wrong when something is built; observing never fails, it answers [`crate::Kind::Invalid`].

/// Why a detector, control or panel could not be built or asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting lies outside its domain.
    #[error("{name} is {value}, but must lie in {domain}; leave it at its default if unsure")]
    Setting {
        /// Name of the field.
        name: &'static str,
        /// Value found there.
        value: f64,
        /// Values that are allowed, in interval notation.
        domain: &'static str,
    },
    /// A value that no window statistic can hold.
    #[error(
        "value {value} is not a finite number of magnitude at most 1e100; drop it and count it as invalid"
    )]
    Value {
        /// The value refused.
        value: f64,
    },
    /// A series index at or above the panel's limit.
    #[error(
        "series index {index} is not below the limit of {limit} series; raise max_series or use more panels"
    )]
    Series {
        /// The index asked for.
        index: usize,
        /// Number of series the panel accepts.
        limit: usize,
    },
}

/// Refuses `value` unless `low <= value <= high`, compared as whole numbers.
pub(crate) fn within_whole(
    name: &'static str,
    value: i64,
    low: i64,
    high: i64,
    domain: &'static str,
) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Error::Setting {
            name,
            value: value as f64,
            domain,
        })
    }
}

/// Refuses `value` unless `low <= value <= high` (NaN is refused).
pub(crate) fn within(
    name: &'static str,
    value: f64,
    low: f64,
    high: f64,
    domain: &'static str,
) -> Result<(), Error> {
    if value >= low && value <= high {
        Ok(())
    } else {
        Err(Error::Setting {
            name,
            value,
            domain,
        })
    }
}
