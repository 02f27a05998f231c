//! What a window says of the samples in it.

use std::fmt;

use super::Number;
use super::expr::{greatest, least};
use super::sketch::{Histogram, Registers};

/// One number for several.
///
/// `distinct` and `quantile` are sketches: their state is bounded and merges in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregate {
    /// `sum`: from the first to the last, rounded at each step.
    Sum,
    /// `min`: NaN if one is NaN; `-0.0` is less than `0.0`.
    Min,
    /// `max`: NaN if one is NaN; `-0.0` is less than `0.0`.
    Max,
    /// `mean`: [`Aggregate::Sum`] by the number of samples.
    Mean,
    /// `count`: how many samples.
    Count,
    /// `first`: the earliest value.
    First,
    /// `last`: the latest value.
    Last,
    /// `distinct`: about how many different values ([`Registers`]).
    Distinct,
    /// `quantile q`: the value at rank `⌈q·n⌉` (at least 1), cut to five bits of mantissa ([`Histogram`]); NaN if one is NaN.
    Quantile(Number),
}

impl Aggregate {
    /// Its word in a pipeline's text.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Count => "count",
            Self::First => "first",
            Self::Last => "last",
            Self::Distinct => "distinct",
            Self::Quantile(_) => "quantile",
        }
    }

    /// The definition: its value over `values`, NaN for none.
    #[must_use]
    pub fn over(self, values: &[f64]) -> f64 {
        let fold = |f: fn(f64, f64) -> f64| values.iter().copied().reduce(f).unwrap_or(f64::NAN);
        #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
        let count = values.len() as f64;
        match self {
            Self::Sum => fold(|a, b| a + b),
            Self::Min => fold(least),
            Self::Max => fold(greatest),
            Self::Mean => fold(|a, b| a + b) / count,
            Self::Count => count,
            Self::First => values.first().copied().unwrap_or(f64::NAN),
            Self::Last => values.last().copied().unwrap_or(f64::NAN),
            Self::Distinct => values.iter().copied().collect::<Registers>().estimate(),
            Self::Quantile(q) => values
                .iter()
                .copied()
                .collect::<Histogram>()
                .quantile(q.get()),
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantile(q) => write!(f, "quantile {q}"),
            _ => f.write_str(self.word()),
        }
    }
}
