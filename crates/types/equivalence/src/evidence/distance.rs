//! How far apart two tools are that need not be equal.

use std::fmt;

use crate::Error;
use crate::generate::Rng;
use crate::pipeline::{Sample, same};

/// How a distance is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distances {
    /// Streams drawn.
    pub cases: usize,
    /// Largest distance between outputs that is still good.
    pub tolerance: f64,
    /// Distances above this count as this in the mean.
    pub cap: f64,
    /// Confidence of each bound on its own, above 0 and below 1.
    pub confidence: f64,
}

/// How far apart the outputs of two stream functions are over drawn streams.
///
/// The distance of two output streams is the greatest distance of values at the same place; infinite where they differ in
/// length or in times, or where only one value is NaN or the infinities differ.
///
/// # Assumptions
/// Streams are drawn independently, and the functions depend on nothing else. The bounds then hold with the stated
/// confidence, each on its own, for streams **drawn in the same way**; they say nothing about others. The greatest
/// distance seen bounds nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Distance {
    /// Streams drawn.
    pub cases: usize,
    /// The greatest distance seen.
    pub greatest: f64,
    /// Mean of the capped distances.
    pub mean: f64,
    /// The true mean of capped distances is at most this (Hoeffding 1963).
    pub mean_at_most: f64,
    /// Streams whose distance was above the tolerance.
    pub exceeded: usize,
    /// The true share of such streams is at most this (Clopper, Pearson 1934, one-sided).
    pub exceedance_at_most: f64,
    /// Confidence of the two bounds.
    pub confidence: f64,
}

/// Measures two stream functions on streams that `draw` makes of a generator.
///
/// # Errors
/// [`Error::Setting`] for no case, a confidence that is none, or a tolerance or cap that is negative or no number.
pub fn distance(
    mut left: impl FnMut(&[Sample]) -> Vec<Sample>,
    mut right: impl FnMut(&[Sample]) -> Vec<Sample>,
    mut draw: impl FnMut(&mut Rng) -> Vec<Sample>,
    how: Distances,
    seed: u64,
) -> Result<Distance, Error> {
    check(how)?;
    let mut rng = Rng::new(seed);
    let (mut greatest, mut sum, mut exceeded) = (0.0_f64, 0.0, 0);
    for _ in 0..how.cases {
        let input = draw(&mut rng);
        let apart = between(&left(&input), &right(&input));
        greatest = greatest.max(apart);
        sum += apart.min(how.cap);
        exceeded += usize::from(apart > how.tolerance);
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of cases")]
    let n = how.cases as f64;
    let mean = sum / n;
    let slack = how.cap * ((1.0 / (1.0 - how.confidence)).ln() / (2.0 * n)).sqrt();
    Ok(Distance {
        cases: how.cases,
        greatest,
        mean,
        mean_at_most: (mean + slack).min(how.cap),
        exceeded,
        exceedance_at_most: share_at_most(exceeded, how.cases, how.confidence),
        confidence: how.confidence,
    })
}

fn check(how: Distances) -> Result<(), Error> {
    let wrong = |what, value, expected| {
        Err(Error::Setting {
            what,
            value,
            expected,
        })
    };
    if how.cases == 0 {
        return wrong("cases", 0.0, "at least one");
    }
    if !(how.confidence > 0.0 && how.confidence < 1.0) {
        return wrong("confidence", how.confidence, "a number between 0 and 1");
    }
    if how.tolerance.is_nan() || how.tolerance < 0.0 {
        return wrong("tolerance", how.tolerance, "a number of at least 0");
    }
    if !(how.cap.is_finite() && how.cap > 0.0) {
        return wrong("cap", how.cap, "a finite number above 0");
    }
    Ok(())
}

fn between(left: &[Sample], right: &[Sample]) -> f64 {
    if left.len() != right.len() {
        return f64::INFINITY;
    }
    let apart = |(a, b): (&Sample, &Sample)| {
        if a.time_ns != b.time_ns {
            return f64::INFINITY;
        }
        if same(a.value, b.value) {
            return 0.0;
        }
        let apart = (a.value - b.value).abs();
        if apart.is_nan() { f64::INFINITY } else { apart }
    };
    left.iter().zip(right).map(apart).fold(0.0, f64::max)
}

/// The greatest share p at which `k` or fewer of `n` still have a probability of at least 1 - confidence.
fn share_at_most(k: usize, n: usize, confidence: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let p = f64::midpoint(low, high);
        if at_most(k, n, p) >= 1.0 - confidence {
            low = p
        } else {
            high = p
        }
    }
    high
}

/// Probability of at most `k` of `n` at probability `p` each, 0 < p < 1. O(k).
#[expect(clippy::cast_precision_loss, reason = "counts of cases")]
fn at_most(k: usize, n: usize, p: f64) -> f64 {
    let (odds, n) = ((p / (1.0 - p)).ln(), n as f64);
    // Terms as logarithms, since the first one underflows; summed relative to the greatest.
    let mut term = n * (-p).ln_1p();
    let mut terms = vec![term];
    for i in 0..k {
        term += ((n - i as f64) / (i as f64 + 1.0)).ln() + odds;
        terms.push(term);
    }
    let greatest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = terms.iter().map(|t| (t - greatest).exp()).sum();
    (greatest + sum.ln()).exp().min(1.0)
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "over {} drawn streams: greatest distance {:e}, mean {:e} (at most {:e}), {} above tolerance (at most {:.3} % of streams drawn so), each bound with {} % confidence",
            self.cases,
            self.greatest,
            self.mean,
            self.mean_at_most,
            self.exceeded,
            self.exceedance_at_most * 100.0,
            self.confidence * 100.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_on_shares_is_that_of_the_tables() {
        // No success among n: 1 - 0.05^(1/n); the other from tables of the beta distribution, quantile 0.95 of (3, 8).
        assert!((share_at_most(0, 100, 0.95) - (1.0 - 0.05_f64.powf(0.01))).abs() < 1e-12);
        assert!((share_at_most(2, 10, 0.95) - 0.506_9).abs() < 1e-4);
        assert!((share_at_most(10, 10, 0.95) - 1.0).abs() < 1e-12);
    }
}
