//! Windows over samples in order of time: sums and quantiles.

use std::time::Duration;

use voidstate_core::{Error, Result, Timestamp, Window};

use crate::aggregate::Aggregate;

/// Length of windows in nanoseconds, at least 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Width(i128);

impl Width {
    /// # Errors
    /// [`Error::Domain`] for no length.
    pub(crate) fn new(window: Duration) -> Result<Self> {
        match i128::try_from(window.as_nanos()) {
            Ok(nanos) if nanos > 0 => Ok(Self(nanos)),
            _ => Err(Error::Domain {
                what: "window length in seconds",
                value: window.as_secs_f64(),
                domain: "(0, 2^64)",
            }),
        }
    }

    /// Number of the window in which `time` lies.
    pub(crate) fn number(self, time: i64) -> i128 {
        i128::from(time).div_euclid(self.0)
    }

    /// First instant of a window, or the earliest that can be said.
    pub(crate) fn start(self, number: i128) -> Timestamp {
        let start = number.saturating_mul(self.0).max(i128::from(i64::MIN));
        Timestamp::from_nanos(i64::try_from(start).unwrap_or(i64::MAX))
    }

    /// Last instant of a window, or the latest that can be said.
    fn last(self, number: i128) -> i64 {
        let last = (number + 1).saturating_mul(self.0) - 1;
        i64::try_from(last).unwrap_or(i64::MAX)
    }

    /// Cuts samples in order of time at the borders of windows.
    pub(crate) fn cut(
        self,
        mut times: &[i64],
        mut values: &[f64],
        mut each: impl FnMut(i128, &[f64]),
    ) {
        while let Some(first) = times.first() {
            let number = self.number(*first);
            let last = self.last(number);
            let inside = gallop(times, last);
            let (head, rest) = values.split_at(inside.min(values.len()));
            each(number, head);
            values = rest;
            times = times.get(inside..).unwrap_or_default();
        }
    }
}

/// How many of `times` are at most `last`; quick where few are.
fn gallop(times: &[i64], last: i64) -> usize {
    let mut low = 0;
    let mut step = 1;
    while times.get(low + step).is_some_and(|t| *t <= last) {
        low += step;
        step *= 2;
    }
    let high = (low + step).min(times.len());
    low + times
        .get(low..high)
        .unwrap_or_default()
        .partition_point(|t| *t <= last)
}

/// Sums of windows, fed in order of time.
#[derive(Debug)]
pub(crate) struct Sums {
    width: Width,
    open: Option<(i128, Aggregate)>,
    done: Vec<Window>,
}

impl Sums {
    pub(crate) const fn new(width: Width) -> Self {
        Self {
            width,
            open: None,
            done: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, number: i128, part: Aggregate) {
        match &mut self.open {
            Some((open, sums)) if *open == number => *sums = sums.then(part),
            _ => {
                self.close();
                self.open = Some((number, part));
            }
        }
    }

    fn close(&mut self) {
        if let Some((number, sums)) = self.open.take() {
            self.done.push(Window {
                start: self.width.start(number),
                count: sums.count,
                nans: sums.nans,
                min: sums.min,
                max: sums.max,
                sum: sums.sum,
            });
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Window> {
        self.close();
        self.done
    }
}

/// Quantiles of windows, fed in order of time.
#[derive(Debug)]
pub(crate) struct Quantiles<'a> {
    width: Width,
    q: &'a [f64],
    open: Option<i128>,
    numbers: Vec<f64>,
    done: Vec<(Timestamp, Vec<f64>)>,
}

impl<'a> Quantiles<'a> {
    /// # Errors
    /// [`Error::Domain`] for a `q` outside `[0, 1]`.
    pub(crate) fn new(width: Width, q: &'a [f64]) -> Result<Self> {
        if let Some(bad) = q.iter().find(|q| !(0.0..=1.0).contains(*q)) {
            return Err(Error::Domain {
                what: "quantile",
                value: *bad,
                domain: "[0, 1]",
            });
        }
        Ok(Self {
            width,
            q,
            open: None,
            numbers: Vec::new(),
            done: Vec::new(),
        })
    }

    pub(crate) fn add(&mut self, number: i128, values: &[f64]) {
        if self.open != Some(number) {
            self.close();
            self.open = Some(number);
        }
        self.numbers
            .extend(values.iter().copied().filter(|v| !v.is_nan()));
    }

    fn close(&mut self) {
        if let Some(number) = self.open.take().filter(|_| !self.numbers.is_empty()) {
            self.numbers.sort_unstable_by(f64::total_cmp);
            let quantiles = self.q.iter().map(|q| quantile(&self.numbers, *q)).collect();
            self.done.push((self.width.start(number), quantiles));
        }
        self.numbers.clear();
    }

    pub(crate) fn finish(mut self) -> Vec<(Timestamp, Vec<f64>)> {
        self.close();
        self.done
    }
}

/// The `q`-quantile of sorted numbers by linear interpolation between order statistics (Hyndman and Fan 1996, type 7); NaN
/// between −∞ and +∞.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * sorted.len().saturating_sub(1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the floor of a number from 0 to the length"
    )]
    #[expect(clippy::cast_sign_loss, reason = "q is not negative")]
    let below = place.floor() as usize;
    let part = place - place.floor();
    let low = sorted.get(below).copied().unwrap_or(f64::NAN);
    match sorted.get(below + 1) {
        Some(high) if part > 0.0 && *high > low => low * (1.0 - part) + high * part,
        _ => low,
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact by construction")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn windows_reach_the_ends_of_time() {
        let hour = Width::new(Duration::from_secs(3600)).unwrap();
        assert_eq!(hour.start(hour.number(i64::MIN)), Timestamp::MIN);
        assert_eq!(hour.last(hour.number(i64::MAX)), i64::MAX);
        assert_eq!(hour.start(hour.number(-1)), Timestamp::from_secs(-3600));
        let all = Width::new(Duration::MAX).unwrap();
        assert_eq!((all.number(i64::MIN), all.number(i64::MAX)), (-1, 0));
        assert_eq!(all.last(-1), -1);
        assert!(Width::new(Duration::ZERO).is_err());
    }

    #[test]
    fn quantiles_interpolate() {
        let sorted = [1.0, 2.0, 4.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.25), 1.5);
        assert_eq!(quantile(&sorted, 1.0), 4.0);
        let wide = [-f64::MAX, f64::MAX];
        assert_eq!(quantile(&wide, 0.5), 0.0);
        let ends = [f64::NEG_INFINITY, 0.0, f64::INFINITY];
        assert_eq!(quantile(&ends, 0.25), f64::NEG_INFINITY);
        assert_eq!(quantile(&ends, 0.5), 0.0);
        assert_eq!(quantile(&ends, 0.75), f64::INFINITY);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn cuts_lie_at_borders(mut times in prop::collection::vec(prop_oneof![-500..500_i64, any::<i64>()], 0..80), width in prop_oneof![1..60_u64, any::<u64>()]) {
            times.sort_unstable();
            let values: Vec<f64> = (0..times.len()).map(|i| i as f64).collect();
            let width = Width::new(Duration::from_nanos(width.max(1))).unwrap();
            let mut seen = Vec::new();
            width.cut(&times, &values, |number, part| seen.extend(part.iter().map(|v| (number, *v))));
            let naive: Vec<(i128, f64)> = times.iter().zip(&values).map(|(t, v)| (width.number(*t), *v)).collect();
            prop_assert_eq!(seen, naive);
        }
    }
}
