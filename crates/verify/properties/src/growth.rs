//! Whether a cost grows in proportion to a size, or faster.
//!
//! Costs are measured at several sizes ([`minimum_of`] does so against a noisy clock; counts of instructions, calls or
//! allocations need no repetition), and [`Growth::of`] fits `cost = fixed + per_unit · sizeᵉ` to them. Growth is more than
//! linear when that exponent is above 1 by more than the tolerance *and* no straight line comes as near to the costs as
//! their noise allows. The fixed part is fitted, so that a large constant does not hide what grows behind it.
//!
//! # Limits
//! Sizes must span a factor of eight. On exact counts over 1 … 100, `n · log n` and a quadratic part that is a third of
//! the linear one at the largest size are flagged; on times, what grows as `n^1.5` or faster.

use crate::Error;

/// Fewest different sizes.
pub const SIZES_MIN: usize = 4;
/// Smallest ratio of the largest size to the smallest.
pub const SPAN_MIN: f64 = 8.0;
/// Largest exponent that is told apart; anything that grows faster is said to have this one.
pub const EXPONENT_MAX: f64 = 4.0;

/// A cost at a size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// How many callbacks, elements, bytes; at least 1.
    pub size: u64,
    /// Instructions, calls, nanoseconds: any unit, the same for all; finite and more than 0.
    pub cost: f64,
}

/// What still counts as linear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// By how much the exponent may exceed 1.
    pub exponent: f64,
    /// By which share of itself a cost may lie off the straight line for want of precision.
    pub noise: f64,
}

impl Tolerance {
    /// For counts that are exact: an exponent of 1.05, 2 % off the line.
    pub const EXACT: Self = Self {
        exponent: 0.05,
        noise: 0.02,
    };
    /// For times: an exponent of 1.3, 15 % off the line.
    pub const TIMED: Self = Self {
        exponent: 0.3,
        noise: 0.15,
    };
}

/// What was found; see the module.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// The best exponent, 0 to [`EXPONENT_MAX`]; 0 for a cost that does not grow.
    pub exponent: f64,
    /// Cost at size 0 on the best straight line; not negative.
    pub fixed: f64,
    /// Cost of one more on the best straight line; not negative.
    pub per_unit: f64,
    /// Largest distance of a cost from the best straight line, as a share of the cost.
    pub off_line: f64,
}

impl Growth {
    /// Fits a set of costs. Sizes may come in any order and more than once. O(sizes) time, deterministic.
    ///
    /// # Errors
    /// [`Error::Measurement`] for a size of 0, a cost that is not finite and positive, fewer than [`SIZES_MIN`]
    /// different sizes, or sizes that span less than [`SPAN_MIN`].
    pub fn of(measured: &[Measured]) -> Result<Self, Error> {
        check(measured)?;
        let points: Vec<(f64, f64)> = measured.iter().map(|m| (m.size as f64, m.cost)).collect();
        let (line, best) = (Fit::new(&points, 1.0), best_exponent(&points));
        Ok(Self {
            exponent: best,
            fixed: line.fixed,
            per_unit: line.factor,
            off_line: points
                .iter()
                .map(|(size, cost)| ((line.fixed + line.factor * size) / cost - 1.0).abs())
                .fold(0.0, f64::max),
        })
    }

    /// Whether the cost grows at most in proportion to the size.
    #[must_use]
    pub fn is_at_most_linear(&self, tolerance: Tolerance) -> bool {
        self.exponent <= 1.0 + tolerance.exponent || self.off_line <= tolerance.noise
    }
}

fn check(measured: &[Measured]) -> Result<(), Error> {
    let fail = |what, value, expected| {
        Err(Error::Measurement {
            what,
            value,
            expected,
        })
    };
    for m in measured {
        if m.size == 0 {
            return fail("a size", 0.0, "at least 1");
        }
        if !(m.cost.is_finite() && m.cost > 0.0) {
            return fail("a cost", m.cost, "finite and more than 0");
        }
    }
    let mut sizes: Vec<u64> = measured.iter().map(|m| m.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let (Some(first), Some(last)) = (sizes.first(), sizes.last()) else {
        return fail("the number of sizes", 0.0, "at least 4");
    };
    if sizes.len() < SIZES_MIN {
        return fail("the number of sizes", sizes.len() as f64, "at least 4");
    }
    let span = *last as f64 / *first as f64;
    if span < SPAN_MIN {
        return fail("the largest size over the smallest", span, "at least 8");
    }
    Ok(())
}

/// `fixed + factor · sizeᵉ`, neither negative, with the least sum of squared relative errors.
struct Fit {
    fixed: f64,
    factor: f64,
    error: f64,
}

impl Fit {
    fn new(points: &[(f64, f64)], exponent: f64) -> Self {
        // Relative errors: each row is divided by its cost, so that the wanted value is 1 everywhere.
        let largest = points.iter().map(|(size, _)| *size).fold(1.0, f64::max);
        let rows: Vec<(f64, f64)> = points
            .iter()
            .map(|(size, cost)| (1.0 / cost, (size / largest).powf(exponent) / cost))
            .collect();
        let sum = |f: fn(&(f64, f64)) -> f64| rows.iter().map(f).sum::<f64>();
        let (aa, ab, bb) = (sum(|r| r.0 * r.0), sum(|r| r.0 * r.1), sum(|r| r.1 * r.1));
        let (a, b) = (sum(|r| r.0), sum(|r| r.1));
        let determinant = aa * bb - ab * ab;
        let both = (
            (a * bb - b * ab) / determinant,
            (b * aa - a * ab) / determinant,
        );
        let error = |(fixed, factor): (f64, f64)| {
            let errors = rows
                .iter()
                .map(|r| (fixed * r.0 + factor * r.1 - 1.0).powi(2));
            errors.sum::<f64>()
        };
        // One of the two alone, or both where both are possible.
        let candidates = [(a / aa, 0.0), (0.0, b / bb), both];
        let (fixed, factor) = candidates
            .into_iter()
            .filter(|(fixed, factor)| *fixed >= 0.0 && *factor >= 0.0)
            .min_by(|x, y| error(*x).total_cmp(&error(*y)))
            .unwrap_or((a / aa, 0.0));
        Self {
            fixed,
            factor: factor / largest.powf(exponent),
            error: error((fixed, factor)),
        }
    }
}

/// The best exponent in steps of 0.01; the least of those that are as good.
fn best_exponent(points: &[(f64, f64)]) -> f64 {
    let mut best = (0.0, f64::INFINITY);
    for step in 0..=400_u16 {
        let exponent = f64::from(step) / 100.0;
        let error = Fit::new(points, exponent).error;
        // What is better by rounding alone is no better.
        if error < best.1 * (1.0 - 1e-6) - 1e-12 {
            best = (exponent, error);
        }
    }
    best.0
}

/// Measures `cost(size)` for each size in turns, `rounds` times each, and keeps the least: what disturbs a measurement
/// makes it dearer, never cheaper, and turns spread a disturbance over all sizes.
///
/// # Errors
/// [`Error::Measurement`] when `rounds` is 0 or a cost is NaN or infinite.
pub fn minimum_of(
    sizes: &[u64],
    rounds: u32,
    mut cost: impl FnMut(u64) -> f64,
) -> Result<Vec<Measured>, Error> {
    if rounds == 0 {
        return Err(Error::Measurement {
            what: "the number of rounds",
            value: 0.0,
            expected: "at least 1",
        });
    }
    let mut measured: Vec<Measured> = sizes
        .iter()
        .map(|&size| Measured {
            size,
            cost: f64::INFINITY,
        })
        .collect();
    for _ in 0..rounds {
        for m in &mut measured {
            let cost = cost(m.size);
            if !cost.is_finite() {
                return Err(Error::Measurement {
                    what: "a cost",
                    value: cost,
                    expected: "finite",
                });
            }
            m.cost = m.cost.min(cost);
        }
    }
    Ok(measured)
}
