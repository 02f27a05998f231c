//! How unusual is a deviation? Two-sided tail probabilities learned from the stream itself.
//!
//! Each side is a histogram of log-magnitudes with slow forgetting. Inside the range that has been seen the answer is
//! the empirical frequency; beyond it a generalised Pareto tail fitted to the largest 10 % (moment estimator of
//! Dekkers, Einmahl, de Haan, *Annals of Statistics* 17, 1989, taken one standard error to the heavy side), mixed with
//! a heavy-tailed prior whose weight falls as 1/n: a stream that was watched for a minute cannot vouch for one event
//! in a million.

use crate::num::{clamp_finite, mix, narrow};

/// Sub-bins per octave (linear inside the octave).
const PER_OCTAVE: u32 = 4;
/// Bins per side: 32 octaves.
const BINS: usize = 128;
/// Bins whose sum is kept.
const BLOCK: usize = 16;
/// Octaves below the unit.
const BELOW: i64 = 8;
/// Share of the mass the tail is fitted to.
const TAIL_SHARE: f64 = 0.1;
/// Exponent of the prior tail: that of Student's t with two degrees of freedom.
const PRIOR_INDEX: f64 = 2.0;
/// Pseudo-observations behind the prior tail.
const PRIOR_WEIGHT: f64 = 1.0;
/// Shape assumed before there are exceedances to measure it, and its weight.
const PRIOR_SHAPE: f64 = 0.2;
const PRIOR_SHAPE_WEIGHT: f64 = 20.0;
/// Deviations below this share of the larger side's tail have at least this probability.
const SMALL: f64 = 0.3;
const P_SMALL: f64 = 0.1;
/// Additions between two fits once the history is long.
const REFIT_EVERY: u32 = 64;

/// Smallest probability this crate answers with.
pub(crate) const P_MIN: f64 = 1e-15;

/// Fitted tail of one side: `P(U > u) = share * (1 + shape (u - start) / scale)^(-1 / shape)` from `start` on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Fit {
    start: f64,
    share: f64,
    shape: f64,
    scale: f64,
    /// Largest bin edge seen (decayed mass above zero).
    top: usize,
}

impl Fit {
    fn survival(&self, u: f64) -> f64 {
        if u <= self.start || self.scale <= 0.0 {
            return self.share;
        }
        let y = (u - self.start) / self.scale;
        if self.shape.abs() < 1e-4 {
            return self.share * (-y).exp();
        }
        let base = 1.0 + self.shape * y;
        if base <= 0.0 {
            0.0
        } else {
            self.share * (-base.ln() / self.shape).exp()
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        if self.share <= p || self.share <= 0.0 {
            return self.start;
        }
        let ratio = self.share / p;
        if self.shape.abs() < 1e-4 {
            self.start + self.scale * ratio.ln()
        } else {
            self.start + self.scale * (ratio.powf(self.shape) - 1.0) / self.shape
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Side {
    mass: Vec<f32>,
    /// Sums of `BLOCK` bins each: a tail is summed over one block of bins and the blocks above it.
    blocks: Vec<f32>,
    fit: Fit,
}

impl Side {
    fn new() -> Self {
        Self {
            mass: vec![0.0; BINS],
            blocks: vec![0.0; BINS.div_ceil(BLOCK)],
            fit: Fit::default(),
        }
    }

    /// Mass of bins at or above `bin`.
    fn mass_from(&self, bin: usize) -> f64 {
        let next = bin.next_multiple_of(BLOCK);
        let own = self
            .mass
            .get(bin..next.min(self.mass.len()))
            .unwrap_or_default();
        let above = self.blocks.get(next / BLOCK..).unwrap_or_default();
        f64::from(own.iter().sum::<f32>()) + f64::from(above.iter().sum::<f32>())
    }

    fn put(&mut self, bin: usize, mass: f32) {
        if let (Some(slot), Some(block)) =
            (self.mass.get_mut(bin), self.blocks.get_mut(bin / BLOCK))
        {
            *slot += mass;
            *block += mass;
        }
    }

    fn sum_blocks(&mut self) {
        for (block, bins) in self.blocks.iter_mut().zip(self.mass.chunks(BLOCK)) {
            *block = bins.iter().sum();
        }
    }
}

/// Learned two-sided distribution of a signed deviation. About 1.1 KB; `add` is O(1), `p_value` O(bins above).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct TailModel {
    /// Index 0 of the histogram in units of sub-bins of the binary exponent.
    base: i64,
    up: Side,
    down: Side,
    /// Decayed mass of everything, in units of `increment`.
    total: f64,
    /// Mass of the newest observation: grows instead of shrinking all the others.
    increment: f64,
    growth: f64,
    since_fit: u32,
    /// Effective observations per observation (autocorrelation), in (0, 1].
    pub(crate) independence: f64,
}

impl TailModel {
    /// `memory` observations are remembered; deviations are expected around `unit` (positive) in magnitude.
    pub(crate) fn new(unit: f64, memory: f64) -> Self {
        Self {
            base: sub_bin(unit) - BELOW * i64::from(PER_OCTAVE),
            up: Side::new(),
            down: Side::new(),
            total: 0.0,
            increment: 1.0,
            growth: 1.0 + 1.0 / memory,
            since_fit: 0,
            independence: 1.0,
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        [&self.up, &self.down]
            .map(|side| side.mass.capacity() + side.blocks.capacity())
            .iter()
            .sum::<usize>()
            * size_of::<f32>()
    }

    /// Effective number of observations remembered.
    pub(crate) fn count(&self) -> f64 {
        self.total / self.increment
    }

    /// Scales down everything remembered, so that new observations count more.
    pub(crate) fn forget(&mut self, keep: f64) {
        for side in [&mut self.up, &mut self.down] {
            side.mass.iter_mut().for_each(|m| *m *= narrow(keep));
            side.sum_blocks();
        }
        self.total *= keep;
        self.since_fit = REFIT_EVERY;
    }

    fn bin(&self, u: f64) -> Option<usize> {
        let bin = sub_bin(u) - self.base;
        usize::try_from(bin).ok().map(|b| b.min(BINS - 1))
    }

    /// Lower edge of a bin.
    fn edge(&self, bin: usize) -> f64 {
        from_sub_bin(self.base + bin as i64)
    }

    /// Learns one deviation (finite).
    pub(crate) fn add(&mut self, deviation: f64) {
        let bin = self.bin(deviation.abs());
        let mass = narrow(self.increment);
        let side = if deviation >= 0.0 {
            &mut self.up
        } else {
            &mut self.down
        };
        if let Some(bin) = bin {
            side.put(bin, mass);
            side.fit.top = side.fit.top.max(bin);
        }
        self.total += self.increment;
        self.increment *= self.growth;
        if self.increment > 1e6 {
            self.rescale();
        }
        self.since_fit += 1;
        if self.since_fit >= REFIT_EVERY || f64::from(self.since_fit) * 4.0 >= self.count() {
            self.refit();
        }
    }

    fn rescale(&mut self) {
        let factor = 1.0 / self.increment;
        for side in [&mut self.up, &mut self.down] {
            for m in &mut side.mass {
                *m *= narrow(factor);
                if *m < 1e-9 {
                    *m = 0.0;
                }
            }
            side.sum_blocks();
        }
        self.total *= factor;
        self.increment = 1.0;
    }

    fn refit(&mut self) {
        self.since_fit = 0;
        let (total, increment) = (self.total, self.increment);
        let independence = self.independence;
        for up in [true, false] {
            let side = if up { &self.up } else { &self.down };
            let fit = fit_side(side, total, increment, independence, |bin| self.edge(bin));
            if up {
                self.up.fit = fit
            } else {
                self.down.fit = fit
            }
        }
    }

    /// Probability of a deviation at least this large on its side, from what was learned; `floor` is the smallest
    /// magnitude that means anything (quantisation).
    pub(crate) fn p_value(&self, deviation: f64, floor: f64) -> f64 {
        let u = deviation.abs();
        if u <= 0.0 {
            return 1.0;
        }
        let side = if deviation >= 0.0 {
            &self.up
        } else {
            &self.down
        };
        let n = self.count();
        let Some(bin) = self.bin(u) else { return 1.0 };
        let (low, high) = (self.edge(bin), self.edge(bin + 1));
        let own = side.mass.get(bin).map_or(0.0, |m| f64::from(*m));
        let part = if high > low {
            (high - u) / (high - low)
        } else {
            0.5
        };
        let above = if bin < side.fit.top {
            side.mass_from(bin + 1)
        } else {
            0.0
        };
        let seen = (above + own * clamp_finite(part, 0.0, 1.0)) / self.total.max(f64::MIN_POSITIVE);
        let learned = if seen * n >= 10.0 {
            seen
        } else {
            seen.max(side.fit.survival(u))
        };
        let reach = self.up.fit.start.max(self.down.fit.start).max(floor);
        let prior = if u <= reach {
            1.0
        } else {
            (u / reach).powf(-PRIOR_INDEX)
        };
        // What is small beside the usual on either side is not surprising, however still its own side was.
        let learned = if u < SMALL * reach {
            learned.max(P_SMALL)
        } else {
            learned
        };
        let n_eff = n * self.independence;
        mix(learned, n_eff, prior, PRIOR_WEIGHT).clamp(P_MIN, 1.0)
    }

    /// Magnitude exceeded with probability about `p` on the side.
    pub(crate) fn quantile(&self, up: bool, p: f64) -> f64 {
        if up {
            self.up.fit.quantile(p)
        } else {
            self.down.fit.quantile(p)
        }
    }
}

fn fit_side(
    side: &Side,
    total: f64,
    increment: f64,
    independence: f64,
    edge: impl Fn(usize) -> f64,
) -> Fit {
    let tiny = narrow(increment * 1e-6);
    let Some(top) = side.mass.iter().rposition(|m| *m > tiny) else {
        return Fit::default();
    };
    let want = (TAIL_SHARE * total).max(5.0 * increment);
    let (mut mass, mut start) = (0.0, top);
    for (bin, m) in side.mass.iter().enumerate().take(top + 1).rev() {
        if *m <= tiny {
            continue;
        }
        mass += f64::from(*m);
        start = bin;
        if mass >= want {
            break;
        }
    }
    let origin = edge(start);
    let (mut m1, mut m2) = (0.0, 0.0);
    for (bin, m) in side.mass.iter().enumerate().take(top + 1).skip(start) {
        let width = (edge(bin + 1) / edge(bin)).ln();
        let log = (edge(bin) / origin).ln() + width / 2.0;
        m1 += f64::from(*m) * log;
        m2 += f64::from(*m) * (log * log + width * width / 12.0);
    }
    if mass <= 0.0 {
        return Fit {
            top,
            ..Fit::default()
        };
    }
    m1 /= mass;
    m2 /= mass;
    let k = mass / increment * independence;
    let spread = (1.0 - m1 * m1 / m2).max(1e-3);
    let raw = clamp_finite(m1 + 1.0 - 0.5 / spread, -0.5, 1.0);
    let shape =
        mix(raw, k, PRIOR_SHAPE, PRIOR_SHAPE_WEIGHT) + 1.0 / (k + PRIOR_SHAPE_WEIGHT).sqrt();
    Fit {
        start: origin,
        share: mass / total,
        shape: shape.clamp(-0.1, 1.0),
        scale: origin * m1 * (1.0 - raw.min(0.0)),
        top,
    }
}

/// Position of a positive number on a scale of `PER_OCTAVE` linear sub-bins per octave: its leading bits.
fn sub_bin(u: f64) -> i64 {
    (u.to_bits() >> 50).cast_signed()
}

fn from_sub_bin(bin: i64) -> f64 {
    f64::from_bits(
        bin.clamp(0, (f64::MAX.to_bits() >> 50).cast_signed())
            .cast_unsigned()
            << 50,
    )
}
