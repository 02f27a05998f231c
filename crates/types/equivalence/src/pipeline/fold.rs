//! An aggregate taken in one value at a time.

use serde::{Deserialize, Serialize};

use super::number::Bits;
use super::sketch::{Histogram, Registers};
use super::{Aggregate, greatest, least};

/// State of an aggregate over the values so far; equal to [`Aggregate::over`] of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Fold {
    /// What one number remembers: sum, min, max, first, last. `None` before the first value.
    One(Option<Bits>),
    Distinct(Registers),
    Quantile(Histogram),
}

impl Fold {
    pub(super) fn of(aggregate: Aggregate) -> Self {
        match aggregate {
            Aggregate::Distinct => Self::Distinct(Registers::default()),
            Aggregate::Quantile(_) => Self::Quantile(Histogram::default()),
            _ => Self::One(None),
        }
    }

    /// Whether this is state of `aggregate`.
    pub(super) fn fits(&self, aggregate: Aggregate) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(&Self::of(aggregate))
    }

    #[inline]
    pub(super) fn take(&mut self, aggregate: Aggregate, value: f64) {
        match self {
            Self::One(so_far) => {
                let next = match (so_far.map(|b| b.0), aggregate) {
                    (None, _) | (_, Aggregate::Last) => value,
                    (Some(x), Aggregate::Sum | Aggregate::Mean) => x + value,
                    (Some(x), Aggregate::Min) => least(x, value),
                    (Some(x), Aggregate::Max) => greatest(x, value),
                    (Some(x), _) => x,
                };
                *so_far = Some(Bits(next));
            }
            Self::Distinct(registers) => registers.insert(value),
            Self::Quantile(histogram) => histogram.insert(value),
        }
    }

    /// The aggregate of the `count` values taken.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
    pub(super) fn value(&self, aggregate: Aggregate, count: u64) -> f64 {
        match (self, aggregate) {
            (_, Aggregate::Count) => count as f64,
            (Self::One(so_far), Aggregate::Mean) => so_far.map_or(f64::NAN, |b| b.0) / count as f64,
            (Self::One(so_far), _) => so_far.map_or(f64::NAN, |b| b.0),
            (Self::Distinct(registers), _) => registers.estimate(),
            (Self::Quantile(histogram), Aggregate::Quantile(q)) => histogram.quantile(q.get()),
            (Self::Quantile(_), _) => f64::NAN,
        }
    }
}
