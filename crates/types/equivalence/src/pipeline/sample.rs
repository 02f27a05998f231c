//! What flows through a pipeline.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::number::bits;

/// A value at a time.
///
/// `==` is [`Sample::same`]: bit for bit, but every NaN equals every NaN.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Sample {
    /// Nanoseconds since the epoch.
    pub time_ns: i64,
    /// The value; NaN and infinities are values like any other. Serialised as its bits.
    #[serde(with = "bits")]
    pub value: f64,
}

impl Sample {
    /// The sample `value` at `time_ns`.
    #[must_use]
    pub const fn new(time_ns: i64, value: f64) -> Self {
        Self { time_ns, value }
    }

    /// Whether nobody could tell the two apart: equal times and [`same`] values.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.time_ns == other.time_ns && same(self.value, other.value)
    }
}

impl PartialEq for Sample {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl Eq for Sample {}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {} ns", self.value, self.time_ns)
    }
}

/// Whether two values are the same: bit for bit, but every NaN is every NaN. `-0.0` and `0.0` differ.
#[must_use]
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
