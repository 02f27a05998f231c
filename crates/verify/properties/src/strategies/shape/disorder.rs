//! Points that come late, twice, or both.

use proptest::collection::vec;
use proptest::prelude::*;
use voidstate_core::Stamped;

use super::Shaped;
use super::grid::parameter;
use crate::Error;

/// How many points one drawing is for; further ones repeat it.
const PATTERN: usize = 64;

/// What a network does to the order of points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disorder {
    /// Share of the points that come late, 0 to 1.
    pub late: f64,
    /// Behind how many later ones, at most.
    pub late_by_max: usize,
    /// Share of the points that come twice, 0 to 1; the second time with a value that is higher by 1 in half the cases.
    pub twice: f64,
}

impl Default for Disorder {
    /// One in ten late by up to 5, one in ten twice.
    fn default() -> Self {
        Self {
            late: 0.1,
            late_by_max: 5,
            twice: 0.1,
        }
    }
}

impl Disorder {
    /// The points of `series` in order of their arrival. Shrinks towards order.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a share out of range.
    pub fn of(
        &self,
        series: impl Strategy<Value = Shaped> + 'static,
    ) -> Result<BoxedStrategy<Vec<Stamped>>, Error> {
        parameter("late", self.late, 0.0..=1.0, "from 0 to 1")?;
        parameter("twice", self.twice, 0.0..=1.0, "from 0 to 1")?;
        let late_by = (prop::bool::weighted(self.late), 1..=self.late_by_max.max(1));
        let most = self.late_by_max;
        let late_by = late_by.prop_map(move |(is_late, by)| if is_late { by.min(most) } else { 0 });
        let pattern = vec(
            (late_by, prop::bool::weighted(self.twice), any::<bool>()),
            PATTERN,
        );
        let arrivals = (series, pattern).prop_map(|(series, pattern)| {
            let mut arrivals: Vec<(usize, Stamped)> = Vec::with_capacity(series.points.len());
            let drawn = series.points.iter().zip(pattern.iter().cycle()).enumerate();
            for (at, (point, (late_by, is_twice, differs))) in drawn {
                arrivals.push((at + late_by, *point));
                if *is_twice {
                    let value = point.value + f64::from(u8::from(*differs));
                    arrivals.push((at + late_by, Stamped { value, ..*point }));
                }
            }
            // Of several at one place, those that are late come last.
            arrivals.sort_by_key(|(place, point)| (*place, std::cmp::Reverse(point.time)));
            arrivals.into_iter().map(|(_, point)| point).collect()
        });
        Ok(arrivals.boxed())
    }
}
