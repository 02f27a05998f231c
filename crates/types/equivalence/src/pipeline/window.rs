//! Windows taken in one value at a time.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Aggregate;
use super::fold::Fold;
use super::number::Bits;

/// State of a window.
///
/// Windows that do not overlap keep one [`Fold`]; overlapping ones keep what they need: `min` and `max` the candidates
/// that may still win (Lemire 2006, amortised O(1)), others all values, folded anew for each answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Window {
    Apart {
        fold: Fold,
        seen: u64,
    },
    Candidates {
        seen: u64,
        held: VecDeque<(u64, Bits)>,
    },
    Values {
        seen: u64,
        held: VecDeque<Bits>,
    },
    Counted {
        seen: u64,
    },
}

impl Window {
    pub(super) fn of(aggregate: Aggregate, count: u64, every: u64) -> Self {
        match aggregate {
            Aggregate::Count | Aggregate::Last => Self::Counted { seen: 0 },
            _ if every >= count => Self::Apart {
                fold: Fold::of(aggregate),
                seen: 0,
            },
            Aggregate::Min | Aggregate::Max => Self::Candidates {
                seen: 0,
                held: VecDeque::new(),
            },
            _ => Self::Values {
                seen: 0,
                held: VecDeque::new(),
            },
        }
    }

    /// Whether this is state of such a window, and no larger than it can become.
    pub(super) fn fits(&self, aggregate: Aggregate, count: u64, every: u64) -> bool {
        let is_kind = std::mem::discriminant(self)
            == std::mem::discriminant(&Self::of(aggregate, count, every));
        is_kind
            && match self {
                Self::Apart { fold, seen } => fold.fits(aggregate) && *seen < count.max(every),
                Self::Candidates { held, seen } => {
                    held.len() as u64 <= count
                        && held.iter().all(|(at, _)| at <= seen)
                        && held.iter().zip(held.iter().skip(1)).all(|(a, b)| a.0 < b.0)
                }
                Self::Values { held, seen } => held.len() as u64 == count.min(*seen),
                Self::Counted { .. } => true,
            }
    }

    /// Takes `value`, says the aggregate where the window is full and it is time.
    #[inline]
    pub(super) fn step(
        &mut self,
        aggregate: Aggregate,
        count: u64,
        every: u64,
        value: f64,
    ) -> Option<f64> {
        match self {
            Self::Apart { fold, seen } => {
                // After the answer, every - count samples belong to no window.
                *seen += 1;
                let is_due = *seen == count;
                let mut said = None;
                if *seen <= count {
                    fold.take(aggregate, value);
                }
                if is_due {
                    said = Some(fold.value(aggregate, count));
                    *fold = Fold::of(aggregate);
                }
                if *seen >= every {
                    *seen = 0;
                }
                said
            }
            Self::Counted { seen } => {
                *seen = seen.saturating_add(1);
                let is_due = is_due(*seen, count, every);
                #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
                let said = if aggregate == Aggregate::Last {
                    value
                } else {
                    count as f64
                };
                is_due.then_some(said)
            }
            Self::Candidates { seen, held } => {
                *seen = seen.saturating_add(1);
                while held
                    .back()
                    .is_some_and(|(_, b)| wins(aggregate, value, b.0))
                {
                    held.pop_back();
                }
                held.push_back((*seen, Bits(value)));
                while held
                    .front()
                    .is_some_and(|(at, _)| at.saturating_add(count) <= *seen)
                {
                    held.pop_front();
                }
                let best = held.front().map(|(_, b)| b.0);
                best.filter(|_| is_due(*seen, count, every))
            }
            Self::Values { seen, held } => {
                *seen = seen.saturating_add(1);
                held.push_back(Bits(value));
                if held.len() as u64 > count {
                    held.pop_front();
                }
                is_due(*seen, count, every).then(|| over(aggregate, held, count))
            }
        }
    }
}

fn is_due(seen: u64, count: u64, every: u64) -> bool {
    seen.checked_sub(count)
        .is_some_and(|past| every == 1 || past.is_multiple_of(every))
}

fn over(aggregate: Aggregate, held: &VecDeque<Bits>, count: u64) -> f64 {
    if aggregate == Aggregate::First {
        return held.front().map_or(f64::NAN, |b| b.0);
    }
    let mut fold = Fold::of(aggregate);
    held.iter().for_each(|b| fold.take(aggregate, b.0));
    fold.value(aggregate, count)
}

/// Whether `new` wins over `old` as long as it is held: NaN wins over everything.
fn wins(aggregate: Aggregate, new: f64, old: f64) -> bool {
    if new.is_nan() || old.is_nan() {
        return new.is_nan();
    }
    let order = new.total_cmp(&old);
    if aggregate == Aggregate::Min {
        order.is_le()
    } else {
        order.is_ge()
    }
}
