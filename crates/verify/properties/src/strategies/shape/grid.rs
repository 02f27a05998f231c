//! When points come, and what is left out of them.

use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use voidstate_core::{Stamped, Timestamp};

use crate::Error;

/// Largest magnitude of a parameter, so that sums and products of a few stay finite.
const MAGNITUDE_MAX: f64 = 1e100;

/// When points come.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// When the first one comes, at the earliest.
    pub start: Timestamp,
    /// From one to the next, at least 2 ns.
    pub step: Duration,
    /// How many, before gaps; at least 1.
    pub points: RangeInclusive<usize>,
    /// By which share of a step a point may come late, from 0 (regular) to 0.9.
    pub jitter: f64,
}

impl Default for Grid {
    /// 20 to 200 points, a second apart, regular, from the first of 2025 on.
    fn default() -> Self {
        Self {
            start: Timestamp::from_secs(1_735_689_600),
            step: Duration::from_secs(1),
            points: 20..=200,
            jitter: 0.0,
        }
    }
}

/// Silences: runs of points that are left out. The first point always stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaps {
    /// Most gaps.
    pub gaps_max: usize,
    /// Most points in one.
    pub points_max: usize,
}

/// A series and the truth about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// In order of time, no two at the same time, all finite.
    pub points: Vec<Stamped>,
    /// When the shape did what it is for, had no point been left out: starts of bursts, the shift, the start of the ramp,
    /// resets and wraps. In order of time.
    pub marks: Vec<Timestamp>,
}

/// What one point draws. Shrinks towards neither noise nor lateness.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    /// From -1 to 1.
    pub(super) noise: f64,
    late: f64,
}

pub(super) fn parameter(
    name: &'static str,
    value: f64,
    range: RangeInclusive<f64>,
    expected: &'static str,
) -> Result<(), Error> {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(Error::StrategyParameter {
            name,
            value,
            expected,
        })
    }
}

/// Both ends finite and of moderate size, and in order.
pub(super) fn range(name: &'static str, range: &RangeInclusive<f64>) -> Result<(), Error> {
    let ends = -MAGNITUDE_MAX..=MAGNITUDE_MAX;
    parameter(name, *range.start(), ends.clone(), "from -1e100 to 1e100")?;
    parameter(name, *range.end(), ends, "from -1e100 to 1e100")?;
    let order = *range.start()..=f64::INFINITY;
    parameter(
        name,
        *range.end(),
        order,
        "an end that is not below the start",
    )
}

/// In order, the start at least `least`.
pub(super) fn counts(
    name: &'static str,
    range: &RangeInclusive<usize>,
    least: usize,
    expected: &'static str,
) -> Result<(), Error> {
    let holds = *range.start() >= least && range.start() <= range.end();
    if holds {
        Ok(())
    } else {
        Err(Error::StrategyParameter {
            name,
            value: *range.start() as f64,
            expected,
        })
    }
}

impl Grid {
    fn check(&self) -> Result<(), Error> {
        counts(
            "points",
            &self.points,
            1,
            "at least 1 and at most the end of the range",
        )?;
        parameter("jitter", self.jitter, 0.0..=0.9, "from 0 to 0.9")?;
        let step = self.step.as_nanos() as f64;
        parameter("step", step, 2.0..=f64::INFINITY, "at least 2 ns")?;
        let steps = i128::try_from(self.step.as_nanos()).unwrap_or(i128::MAX);
        let points = i128::try_from(*self.points.end()).unwrap_or(i128::MAX);
        let end = steps
            .checked_mul(points.saturating_add(1))
            .and_then(|length| length.checked_add(self.start.as_nanos().into()));
        match end {
            Some(end) if end <= i64::MAX.into() => Ok(()),
            _ => Err(Error::StrategyParameter {
                name: "step",
                value: step,
                expected: "so few nanoseconds that the last point comes before the end of time",
            }),
        }
    }

    fn time(&self, number: usize, late: f64) -> Timestamp {
        let whole = self.step.as_nanos().saturating_mul(number as u128);
        // Rounded, it must not reach the next point.
        let almost = self.step.saturating_sub(Duration::from_nanos(1));
        let late = self.step.mul_f64(late * self.jitter).min(almost);
        let nanos = u64::try_from(whole).unwrap_or(u64::MAX);
        self.start
            .saturating_add(Duration::from_nanos(nanos))
            .saturating_add(late)
    }

    /// Series whose values `values` makes of some parameters and one draw for each point, with the positions of what is
    /// marked.
    pub(super) fn series<P: std::fmt::Debug + 'static>(
        &self,
        gaps: Gaps,
        parameters: impl Strategy<Value = P> + 'static,
        values: impl Fn(&P, &[Draw]) -> (Vec<f64>, Vec<usize>) + 'static,
    ) -> Result<BoxedStrategy<Shaped>, Error> {
        self.check()?;
        let draw = (-1.0..=1.0_f64, 0.0..=1.0_f64).prop_map(|(noise, late)| Draw { noise, late });
        let draws = vec(draw, self.points.clone());
        let silences = vec((any::<Index>(), 0..=gaps.points_max), 0..=gaps.gaps_max);
        let grid = self.clone();
        let series =
            (parameters, draws, silences).prop_map(move |(parameters, draws, silences)| {
                let (values, marks) = values(&parameters, &draws);
                let silences: Vec<_> = silences
                    .iter()
                    .map(|(at, length)| {
                        let from = 1 + at.index(draws.len());
                        from..from.saturating_add(*length)
                    })
                    .collect();
                let points = draws.iter().zip(values).enumerate();
                Shaped {
                    points: points
                        .filter(|(number, _)| !silences.iter().any(|gap| gap.contains(number)))
                        .map(|(number, (draw, value))| Stamped {
                            time: grid.time(number, draw.late),
                            value,
                        })
                        .collect(),
                    marks: marks
                        .into_iter()
                        .filter_map(|at| Some(grid.time(at, draws.get(at)?.late)))
                        .collect(),
                }
            });
        Ok(series.boxed())
    }
}
