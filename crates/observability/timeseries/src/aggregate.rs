//! Summaries of many numbers.

/// Summary of the numbers of a chunk; NaN is counted in `nans` and in nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aggregate {
    /// Numbers that are not NaN.
    pub(crate) count: u64,
    pub(crate) nans: u64,
    /// NaN when there is no number.
    pub(crate) min: f64,
    /// NaN when there is no number.
    pub(crate) max: f64,
    pub(crate) sum: f64,
    /// The number at the earliest time, NaN included.
    pub(crate) first: f64,
    /// The number at the latest time, NaN included.
    pub(crate) last: f64,
}

const LANES: usize = 4;

impl Aggregate {
    /// Of numbers in order of time. The sum is taken in four lanes: relative to the sum of magnitudes its error is at most
    /// `(n / 4 + 3) × 2⁻⁵³`.
    pub(crate) fn of(values: &[f64]) -> Self {
        let (quads, rest) = values.as_chunks::<LANES>();
        let (mut min, mut max) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        let (mut sum, mut count) = ([0.0; LANES], [0_u64; LANES]);
        for quad in quads {
            for lane in 0..LANES {
                take(quad, lane, &mut min, &mut max, &mut sum, &mut count);
            }
        }
        for lane in 0..rest.len() {
            take(rest, lane, &mut min, &mut max, &mut sum, &mut count);
        }
        let count = count.iter().sum::<u64>();
        let [a, b, c, d] = sum;
        let none = count == 0;
        Self {
            count,
            nans: values.len() as u64 - count,
            min: if none {
                f64::NAN
            } else {
                min.into_iter().fold(f64::INFINITY, f64::min)
            },
            max: if none {
                f64::NAN
            } else {
                max.into_iter().fold(f64::NEG_INFINITY, f64::max)
            },
            sum: (a + b) + (c + d),
            first: values.first().copied().unwrap_or(f64::NAN),
            last: values.last().copied().unwrap_or(f64::NAN),
        }
    }

    /// Of these numbers and then those of `later`.
    pub(crate) fn then(self, later: Self) -> Self {
        if self.count + self.nans == 0 {
            return later;
        }
        if later.count + later.nans == 0 {
            return self;
        }
        Self {
            count: self.count + later.count,
            nans: self.nans + later.nans,
            min: self.min.min(later.min),
            max: self.max.max(later.max),
            sum: self.sum + later.sum,
            first: self.first,
            last: later.last,
        }
    }
}

#[inline(always)]
fn take(
    values: &[f64],
    lane: usize,
    min: &mut [f64; LANES],
    max: &mut [f64; LANES],
    sum: &mut [f64; LANES],
    count: &mut [u64; LANES],
) {
    let (Some(&value), Some(min), Some(max), Some(sum), Some(count)) = (
        values.get(lane),
        min.get_mut(lane),
        max.get_mut(lane),
        sum.get_mut(lane),
        count.get_mut(lane),
    ) else {
        return;
    };
    // Comparisons with NaN are false, so that NaN changes neither end.
    *min = if value < *min { value } else { *min };
    *max = if value > *max { value } else { *max };
    let is_number = !value.is_nan();
    *sum += if is_number { value } else { 0.0 };
    *count += u64::from(is_number);
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "ends of a range are compared exactly")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_summary_is_that_of_its_parts(values in prop::collection::vec(prop_oneof![8 => -1e6..1e6_f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)], 0..40), cut in 0..40_usize) {
            let cut = cut.min(values.len());
            let whole = Aggregate::of(&values);
            let parts = Aggregate::of(&values[..cut]).then(Aggregate::of(&values[cut..]));
            let numbers: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
            prop_assert_eq!(whole.count, numbers.len() as u64);
            prop_assert_eq!(parts.count, whole.count);
            prop_assert_eq!(whole.nans + whole.count, values.len() as u64);
            prop_assert_eq!(parts.nans, whole.nans);
            let min = numbers.iter().copied().reduce(f64::min);
            prop_assert!(min.map_or(whole.min.is_nan() && parts.min.is_nan(), |m| whole.min == m && parts.min == m));
            let max = numbers.iter().copied().reduce(f64::max);
            prop_assert!(max.map_or(whole.max.is_nan() && parts.max.is_nan(), |m| whole.max == m && parts.max == m));
            let naive: f64 = numbers.iter().sum();
            prop_assert!(whole.sum == naive || (whole.sum - naive).abs() < 1e-6);
            prop_assert!(parts.sum == naive || (parts.sum - naive).abs() < 1e-6);
        }
    }
}
