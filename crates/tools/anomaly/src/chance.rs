//! What chance alone brings about over everything watched.

/// What chance alone brings about more often than this within an hour, or in all that was seen if that is less, is not
/// said: it would be true in less than one case of a hundred.
const CHANCE_MAX: f64 = 4.6;

/// How much was seen, and in what time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exposure {
    /// Samples of this instance.
    pub(crate) samples: u64,
    /// Time of the data from the first sample to the latest.
    pub(crate) span_ns: i64,
    /// Instances that see as much as this one.
    pub(crate) shards: usize,
}

impl Exposure {
    fn hours(self) -> f64 {
        self.span_ns as f64 / 3.6e12
    }

    /// Episodes as strong as one with `false_rate` that chance alone brings about in an hour.
    pub(crate) fn per_hour(self, false_rate: f64) -> f64 {
        let hours = self.hours().max(1.0 / 3600.0);
        false_rate * self.samples as f64 / hours * self.shards as f64
    }

    /// Such episodes in an hour, or in all that was seen if that is less: a second of dense data says nothing of an hour
    /// of it.
    fn expected(self, false_rate: f64) -> f64 {
        let share = 1.0 / self.hours().max(1.0);
        false_rate * self.samples as f64 * share * self.shards as f64
    }

    /// Whether chance alone is reason enough for an episode with `false_rate`.
    pub(crate) fn explains(self, false_rate: f64) -> bool {
        self.expected(false_rate) > CHANCE_MAX
    }

    /// How sure it is that it was not chance alone; more than nothing, also where an incident goes on while the data come
    /// denser and denser.
    pub(crate) fn confidence(self, false_rate: f64) -> f64 {
        (-self.expected(false_rate)).exp().max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_NS: i64 = 3_600_000_000_000;

    fn seen(samples: u64, span_ns: i64) -> Exposure {
        Exposure {
            samples,
            span_ns,
            shards: 1,
        }
    }

    #[test]
    fn one_series_for_an_hour_meets_one_false_episode_in_150() {
        let hour = seen(3600, HOUR_NS);
        assert!((hour.per_hour(1.0 / 540_000.0) - 1.0 / 150.0).abs() < 1e-12);
        assert!(!hour.explains(1.0 / 540_000.0));
        assert!((hour.confidence(1.0 / 540_000.0) - (-1.0_f64 / 150.0).exp()).abs() < 1e-12);
    }

    #[test]
    fn what_an_hour_of_dense_data_brings_about_many_times_is_explained() {
        // A kilohertz for ten hours: 6.7 such episodes an hour.
        let dense = seen(36_000_000, 10 * HOUR_NS);
        assert!(dense.explains(1.0 / 540_000.0));
        assert!(!dense.explains(1e-9));
    }

    #[test]
    fn a_moment_of_dense_data_is_not_taken_for_an_hour_of_it() {
        let moment = seen(10_000, 10_000);
        assert!(moment.per_hour(1.0 / 540_000.0) > 60.0);
        assert!(!moment.explains(1.0 / 540_000.0));
        assert!(moment.confidence(1.0 / 540_000.0) > 0.9);
    }

    #[test]
    fn confidence_is_never_nothing() {
        for shards in [1, usize::MAX] {
            for span_ns in [i64::MIN, 0, i64::MAX] {
                let exposure = Exposure {
                    samples: u64::MAX,
                    span_ns,
                    shards,
                };
                for rate in [0.0, 1e-300, 1.0] {
                    let confidence = exposure.confidence(rate);
                    assert!(confidence > 0.0 && confidence <= 1.0, "{confidence}");
                }
            }
        }
    }
}
