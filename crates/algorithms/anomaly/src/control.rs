//! How much evidence opens an episode, so that all series together stay within one budget of false episodes.
//!
//! Every verdict carries the rate at which its own series produces such runs unprovoked. By linearity of expectation
//! the expected number of false episodes over all series is the sum of the rates, *whatever the dependence between
//! series*; dividing the hourly budget by the samples of an hour therefore controls it (the per-family error rate in a
//! sliding hour). That is the base level. Discoveries relax it as in e-LOND (Xu, Ramdas, *Online multiple testing with
//! e-values*, AISTATS 2024), where level `alpha * gamma_t * (discoveries + 1)` controls the false-discovery rate under
//! arbitrary dependence: one real incident moves many series, and its companions need less evidence than its herald.
//! Spending `gamma_t` evenly over a sliding hour instead of over all time, and letting discoveries fade, follows the
//! decaying-memory rule of Ramdas, Yang, Wainwright, Jordan, *Online control of the false discovery rate with decaying
//! memory*, NeurIPS 2017: a monitor that runs for months neither runs dry nor lives on old credit. The bonus is bounded
//! so that false discoveries cannot feed on themselves.

use crate::error::{Error, within};

/// Nanoseconds in an hour.
const HOUR_NS: f64 = 3.6e12;
/// Time after which a discovery counts half, in nanoseconds.
const HALF_LIFE_NS: f64 = 3e10;
/// Share of the budget that is spent without discoveries. The rest pays for the bonus, and for rates that are
/// extrapolated beyond what a series has shown: on bursty series they come out up to ten times too small.
const BASE_SHARE: f64 = 0.2;
/// Largest bonus.
const BONUS_MAX: f64 = 3.0;

/// Turns an hourly budget into the evidence level a series must reach now.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Control {
    budget_per_hour: f64,
    level_max: f64,
    discoveries: f64,
    at_ns: i64,
    samples_per_hour: f64,
}

impl Control {
    /// A control that allows `budget_per_hour` false episodes an hour in expectation, and no level above `level_max`
    /// per sample however slowly samples come.
    ///
    /// # Errors
    /// [`Error::Setting`] unless `budget_per_hour` is in [1e-6, 1e6] and `level_max` in [1e-12, 0.1].
    pub fn new(budget_per_hour: f64, level_max: f64) -> Result<Self, Error> {
        within("budget_per_hour", budget_per_hour, 1e-6, 1e6, "[1e-6, 1e6]")?;
        within("level_max", level_max, 1e-12, 0.1, "[1e-12, 0.1]")?;
        Ok(Self { budget_per_hour, level_max, discoveries: 0.0, at_ns: i64::MIN, samples_per_hour: 3600.0 })
    }

    /// Tells how many samples an hour all series together bring; not positive or not finite is ignored.
    pub fn set_samples_per_hour(&mut self, samples: f64) {
        if samples > 0.0 && samples.is_finite() {
            self.samples_per_hour = samples;
        }
    }

    /// Counts one discovery (an episode opened) at `time_ns`.
    pub fn discover(&mut self, time_ns: i64) {
        self.discoveries = self.fresh_discoveries(time_ns) + 1.0;
        self.at_ns = self.at_ns.max(time_ns);
    }

    fn fresh_discoveries(&self, time_ns: i64) -> f64 {
        if self.discoveries <= 0.0 {
            return 0.0;
        }
        let age = time_ns.saturating_sub(self.at_ns).max(0) as f64;
        self.discoveries * (-age / HALF_LIFE_NS).exp2()
    }

    /// False rate per sample at or below which an episode may open now.
    #[must_use]
    pub fn level(&self, time_ns: i64) -> f64 {
        let bonus = self.fresh_discoveries(time_ns).min(BONUS_MAX);
        (self.share() * (1.0 + bonus)).min(self.level_max)
    }

    /// The level without bonus: for young series, whose rates are extrapolated from minutes.
    #[must_use]
    pub fn base_level(&self) -> f64 {
        self.share().min(self.level_max)
    }

    fn share(&self) -> f64 {
        BASE_SHARE * self.budget_per_hour / self.samples_per_hour
    }

    /// Samples in an hour for one series with this interval; 1 Hz is assumed while the interval is unknown.
    pub(crate) fn hourly(interval_ns: f64) -> f64 {
        if interval_ns > 0.0 { HOUR_NS / interval_ns } else { 3600.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_of_shards_add_up() {
        let mut whole = Control::new(1.0, 0.1).unwrap();
        whole.set_samples_per_hour(540_000.0);
        let mut quarter = Control::new(0.25, 0.1).unwrap();
        quarter.set_samples_per_hour(540_000.0 / 4.0);
        // A quarter of the series with a quarter of the budget: the same level per sample, a quarter of the episodes.
        assert!((whole.level(0) - quarter.level(0)).abs() < 1e-18);
        assert!(whole.level(0) * 540_000.0 <= 1.0);
    }

    #[test]
    fn discoveries_relax_the_level_and_fade() {
        let mut control = Control::new(1.0, 0.1).unwrap();
        let before = control.level(0);
        control.discover(0);
        assert!((control.level(0) / before - 2.0).abs() < 1e-9);
        assert!((control.level(30_000_000_000) / before - 1.5).abs() < 1e-9);
        assert!((control.base_level() - before).abs() < 1e-18);
        (0..100).for_each(|_| control.discover(0));
        // Even at the full bonus the expectation stays within the budget.
        assert!(control.level(0) * 3600.0 <= 1.0);
    }

    #[test]
    fn settings_outside_their_domain_are_refused() {
        for (budget, level) in [(0.0, 0.1), (f64::NAN, 0.1), (1.0, 0.0), (1.0, 2.0), (f64::INFINITY, 0.1)] {
            assert!(Control::new(budget, level).is_err());
        }
        let mut control = Control::new(1.0, 0.1).unwrap();
        let before = control;
        for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
            control.set_samples_per_hour(bad);
        }
        assert_eq!(control, before);
    }
}
