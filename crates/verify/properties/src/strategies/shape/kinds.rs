//! The shapes.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::grid::{Draw, Gaps, Grid, Shaped, counts, parameter, range};
use crate::Error;

/// A wave on a level that drifts: load over the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Seasonal {
    /// When points come.
    pub grid: Grid,
    /// What is left out.
    pub gaps: Gaps,
    /// Level at the first point.
    pub level: RangeInclusive<f64>,
    /// Change of the level from point to point.
    pub trend: RangeInclusive<f64>,
    /// Points in a period, at least 2.
    pub period: RangeInclusive<usize>,
    /// Height of the wave above its middle.
    pub amplitude: RangeInclusive<f64>,
    /// Most that a point lies off the wave.
    pub noise: f64,
}

impl Default for Seasonal {
    /// Periods of 5 to 40 points, amplitude 1 to 20, level 0 to 100, trend ±0.1, noise 0.5.
    fn default() -> Self {
        Self {
            grid: Grid::default(),
            gaps: Gaps::default(),
            level: 0.0..=100.0,
            trend: -0.1..=0.1,
            period: 5..=40,
            amplitude: 1.0..=20.0,
            noise: 0.5,
        }
    }
}

impl Seasonal {
    /// The strategy. Nothing is marked.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range.
    pub fn strategy(&self) -> Result<BoxedStrategy<Shaped>, Error> {
        range("level", &self.level)?;
        range("trend", &self.trend)?;
        range("amplitude", &self.amplitude)?;
        noise_holds(self.noise)?;
        counts(
            "period",
            &self.period,
            2,
            "at least 2 and at most the end of the range",
        )?;
        let drawn = (
            self.level.clone(),
            self.trend.clone(),
            self.period.clone(),
            self.amplitude.clone(),
        );
        let noise = self.noise;
        self.grid.series(
            self.gaps,
            drawn,
            move |(level, trend, period, amplitude), draws| {
                let wave = |(at, draw): (usize, &Draw)| {
                    let phase = (at % period) as f64 / *period as f64 * std::f64::consts::TAU;
                    level + trend * at as f64 + amplitude * phase.sin() + noise * draw.noise
                };
                (draws.iter().enumerate().map(wave).collect(), Vec::new())
            },
        )
    }
}

fn noise_holds(noise: f64) -> Result<(), Error> {
    parameter("noise", noise, 0.0..=1e100, "from 0 to 1e100")
}

/// A count that only grows, but for resets to 0 and for wrapping: bytes sent, requests served.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    /// When points come.
    pub grid: Grid,
    /// What is left out.
    pub gaps: Gaps,
    /// What is counted before the first point.
    pub first: RangeInclusive<u64>,
    /// Most that is counted from point to point.
    pub increment_max: u32,
    /// Most resets; each is marked.
    pub resets_max: usize,
    /// Where it begins at 0 again, for example 2³²; each wrap is marked. At most 2⁵³, above which `f64` cannot count.
    pub wraps_at: Option<u64>,
}

impl Default for Counter {
    /// From 0 to 1000 on, up to 100 each time, at most 2 resets, no wrap.
    fn default() -> Self {
        Self {
            grid: Grid::default(),
            gaps: Gaps::default(),
            first: 0..=1000,
            increment_max: 100,
            resets_max: 2,
            wraps_at: None,
        }
    }
}

impl Counter {
    /// The strategy; resets and wraps are marked.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range, or where a count could exceed 2⁵³.
    pub fn strategy(&self) -> Result<BoxedStrategy<Shaped>, Error> {
        const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
        if self.first.is_empty() {
            return Err(Error::StrategyParameter {
                name: "first",
                value: *self.first.start() as f64,
                expected: "at most the end of the range",
            });
        }
        let most = f64::from(self.increment_max) * *self.grid.points.end() as f64;
        let most = *self.first.end() as f64 + most;
        parameter(
            "first",
            most,
            0.0..=WHOLE_MAX,
            "so small that no count exceeds 2^53",
        )?;
        if let Some(at) = self.wraps_at {
            parameter("wraps_at", at as f64, 1.0..=WHOLE_MAX, "from 1 to 2^53")?;
        }
        let resets = vec(any::<Index>(), 0..=self.resets_max);
        let (most, wraps_at) = (f64::from(self.increment_max), self.wraps_at);
        self.grid.series(
            self.gaps,
            (self.first.clone(), resets),
            move |(first, resets), draws| {
                let resets: Vec<usize> = resets.iter().map(|at| at.index(draws.len())).collect();
                let (mut values, mut marks) = (Vec::with_capacity(draws.len()), Vec::new());
                let mut count = *first as f64;
                for (at, draw) in draws.iter().enumerate() {
                    count += (draw.noise.abs() * most).floor();
                    let is_reset = at > 0 && resets.contains(&at);
                    if is_reset {
                        count = 0.0;
                    }
                    let is_wrapped = wraps_at.is_some_and(|wrap| count >= wrap as f64);
                    if let Some(wrap) = wraps_at.filter(|_| is_wrapped) {
                        count %= wrap as f64;
                    }
                    if at > 0 && (is_reset || is_wrapped) {
                        marks.push(at);
                    }
                    values.push(count);
                }
                (values, marks)
            },
        )
    }
}

/// Quiet, and now and then much more for a while: garbage collection, retries, backups.
#[derive(Debug, Clone, PartialEq)]
pub struct Bursts {
    /// When points come.
    pub grid: Grid,
    /// What is left out.
    pub gaps: Gaps,
    /// Level outside bursts.
    pub level: RangeInclusive<f64>,
    /// What a burst adds.
    pub height: RangeInclusive<f64>,
    /// How many bursts; they may overlap, and then add up.
    pub bursts: RangeInclusive<usize>,
    /// Points in a burst, at least 1; the end of the series may cut one off.
    pub length: RangeInclusive<usize>,
    /// Most that a point lies off.
    pub noise: f64,
}

impl Default for Bursts {
    /// 1 to 4 bursts of 1 to 10 points, 20 to 200 above a level of 0 to 10, noise 0.5.
    fn default() -> Self {
        Self {
            grid: Grid::default(),
            gaps: Gaps::default(),
            level: 0.0..=10.0,
            height: 20.0..=200.0,
            bursts: 1..=4,
            length: 1..=10,
            noise: 0.5,
        }
    }
}

impl Bursts {
    /// The strategy; the first point of each burst is marked.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range.
    pub fn strategy(&self) -> Result<BoxedStrategy<Shaped>, Error> {
        range("level", &self.level)?;
        range("height", &self.height)?;
        noise_holds(self.noise)?;
        counts("bursts", &self.bursts, 0, "at most the end of the range")?;
        counts(
            "length",
            &self.length,
            1,
            "at least 1 and at most the end of the range",
        )?;
        let burst = (any::<Index>(), self.length.clone(), self.height.clone());
        let drawn = (self.level.clone(), vec(burst, self.bursts.clone()));
        let noise = self.noise;
        self.grid
            .series(self.gaps, drawn, move |(level, bursts), draws| {
                let bursts: Vec<(usize, usize, f64)> = bursts
                    .iter()
                    .map(|(at, length, height)| (at.index(draws.len()), *length, *height))
                    .collect();
                let value = |(at, draw): (usize, &Draw)| {
                    let over = bursts
                        .iter()
                        .filter(|(from, length, _)| at >= *from && at - from < *length);
                    level + over.map(|(_, _, height)| height).sum::<f64>() + noise * draw.noise
                };
                let mut marks: Vec<usize> = bursts.iter().map(|(from, ..)| *from).collect();
                marks.sort_unstable();
                marks.dedup();
                (draws.iter().enumerate().map(value).collect(), marks)
            })
    }
}

/// One level, then another: a deployment, a lost replica.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelShift {
    /// When points come.
    pub grid: Grid,
    /// What is left out.
    pub gaps: Gaps,
    /// Level before.
    pub level: RangeInclusive<f64>,
    /// What is added from the shift on.
    pub shift: RangeInclusive<f64>,
    /// Most that a point lies off.
    pub noise: f64,
}

impl Default for LevelShift {
    /// From 0 … 100 up by 10 … 100, noise 0.5.
    fn default() -> Self {
        Self {
            grid: Grid::default(),
            gaps: Gaps::default(),
            level: 0.0..=100.0,
            shift: 10.0..=100.0,
            noise: 0.5,
        }
    }
}

impl LevelShift {
    /// The strategy; the first point on the new level is marked.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range.
    pub fn strategy(&self) -> Result<BoxedStrategy<Shaped>, Error> {
        range("level", &self.level)?;
        range("shift", &self.shift)?;
        noise_holds(self.noise)?;
        let drawn = (self.level.clone(), self.shift.clone(), any::<Index>());
        let noise = self.noise;
        self.grid
            .series(self.gaps, drawn, move |(level, shift, at), draws| {
                let from = at.index(draws.len());
                let value = |(at, draw): (usize, &Draw)| {
                    level + if at >= from { *shift } else { 0.0 } + noise * draw.noise
                };
                (draws.iter().enumerate().map(value).collect(), vec![from])
            })
    }
}

/// Level, then a steady climb or fall: a leak, a disk that fills.
#[derive(Debug, Clone, PartialEq)]
pub struct Ramp {
    /// When points come.
    pub grid: Grid,
    /// What is left out.
    pub gaps: Gaps,
    /// Level before.
    pub level: RangeInclusive<f64>,
    /// Change from point to point once it has begun.
    pub slope: RangeInclusive<f64>,
    /// Most that a point lies off.
    pub noise: f64,
}

impl Default for Ramp {
    /// From 0 … 100 up by 0.5 … 5 each point, noise 0.5.
    fn default() -> Self {
        Self {
            grid: Grid::default(),
            gaps: Gaps::default(),
            level: 0.0..=100.0,
            slope: 0.5..=5.0,
            noise: 0.5,
        }
    }
}

impl Ramp {
    /// The strategy; the last point on the level is marked.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range.
    pub fn strategy(&self) -> Result<BoxedStrategy<Shaped>, Error> {
        range("level", &self.level)?;
        range("slope", &self.slope)?;
        noise_holds(self.noise)?;
        let drawn = (self.level.clone(), self.slope.clone(), any::<Index>());
        let noise = self.noise;
        self.grid
            .series(self.gaps, drawn, move |(level, slope, at), draws| {
                let from = at.index(draws.len());
                let value = |(at, draw): (usize, &Draw)| {
                    level + slope * at.saturating_sub(from) as f64 + noise * draw.noise
                };
                (draws.iter().enumerate().map(value).collect(), vec![from])
            })
    }
}
