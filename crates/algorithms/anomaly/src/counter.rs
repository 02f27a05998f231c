//! From a monotone counter to a rate.

use crate::error::{Error, within};

/// What one reading of a counter means.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum CounterStep {
    /// The first reading, or the first after a reset: there is nothing to compare it with.
    Baseline,
    /// Increase per second since the reading before.
    Rate(f64),
    /// The counter went back and cannot have wrapped: it started anew. No rate; this reading is the new baseline.
    Reset,
    /// The time does not lie after that of the reading before; the reading was ignored.
    Refused,
}

/// Turns readings of a monotone counter into rates. 40 bytes, O(1).
///
/// A reading below the one before is a wrap only if a modulus was given and the increase across the wrap is less than
/// half of it; otherwise it is a reset. A wrap is never guessed: after a restart, a counter of unknown width would give
/// one enormous, plausible-looking rate.
///
/// ```
/// use voidstate_anomaly::{CounterRate, CounterStep};
/// let mut rate = CounterRate::new();
/// assert_eq!(rate.observe(0, 100), CounterStep::Baseline);
/// assert_eq!(rate.observe(2_000_000_000, 300), CounterStep::Rate(100.0));
/// assert_eq!(rate.observe(3_000_000_000, 5), CounterStep::Reset);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CounterRate {
    last: Option<(i64, u64)>,
    modulus: Option<u64>,
}

impl CounterRate {
    /// For a counter that never wraps (64 bits).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For a counter of `bits` bits that wraps to 0.
    ///
    /// # Errors
    /// [`Error::Setting`] unless `bits` is in [8, 63].
    pub fn wrapping(bits: u32) -> Result<Self, Error> {
        within("bits", bits.into(), 8.0, 63.0, "[8, 63]")?;
        Ok(Self { last: None, modulus: Some(1 << bits) })
    }

    /// Takes a reading. Rates are finite and not negative.
    pub fn observe(&mut self, time_ns: i64, count: u64) -> CounterStep {
        let Some((then_ns, before)) = self.last else {
            self.last = Some((time_ns, count));
            return CounterStep::Baseline;
        };
        if time_ns <= then_ns {
            return CounterStep::Refused;
        }
        self.last = Some((time_ns, count));
        let seconds = time_ns.abs_diff(then_ns) as f64 / 1e9;
        match self.increase(before, count) {
            Some(increase) => CounterStep::Rate(increase as f64 / seconds),
            None => CounterStep::Reset,
        }
    }

    fn increase(&self, before: u64, count: u64) -> Option<u64> {
        if count >= before {
            return Some(count - before);
        }
        let modulus = self.modulus.filter(|m| before < *m)?;
        let across = modulus - before + count;
        (across < modulus / 2).then_some(across)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    #[test]
    fn a_wrap_is_an_increase_and_a_reset_is_none() {
        let mut rate = CounterRate::wrapping(32).unwrap();
        rate.observe(0, (1 << 32) - 10);
        assert_eq!(rate.observe(S, 20), CounterStep::Rate(30.0));
        assert_eq!(rate.observe(2 * S, 4_000_000_000), CounterStep::Rate(3_999_999_980.0));
        rate.observe(3 * S, 2_000_000_000);
        assert_eq!(rate.observe(4 * S, 100), CounterStep::Reset);
        assert_eq!(rate.observe(5 * S, 150), CounterStep::Rate(50.0));
    }

    #[test]
    fn time_that_does_not_advance_is_refused_and_forgotten() {
        let mut rate = CounterRate::new();
        rate.observe(S, 10);
        assert_eq!(rate.observe(S, 1000), CounterStep::Refused);
        assert_eq!(rate.observe(0, 1000), CounterStep::Refused);
        assert_eq!(rate.observe(2 * S, 20), CounterStep::Rate(10.0));
    }

    #[test]
    fn extremes_stay_finite() {
        let mut rate = CounterRate::new();
        rate.observe(i64::MIN, 0);
        let CounterStep::Rate(r) = rate.observe(i64::MAX, u64::MAX) else { panic!("a rate") };
        assert!(r.is_finite() && r > 0.0);
        assert!(CounterRate::wrapping(64).is_err());
    }
}
