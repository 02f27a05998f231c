//! Counters of one writer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A counter that one thread at a time writes with plain stores and anybody reads.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    #[inline]
    pub(crate) fn bump(&self, by: u64) {
        let now = self.0.load(Ordering::Relaxed);
        self.0.store(now.wrapping_add(by), Ordering::Relaxed);
    }

    /// Adds from several threads.
    pub(crate) fn add(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }

    pub(crate) fn raise(&self, to: u64) {
        if to > self.get() {
            self.0.store(to, Ordering::Relaxed);
        }
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

const BUCKETS: usize = 40;

/// Times in powers of two of a nanosecond, up to nine minutes.
#[derive(Debug)]
pub(crate) struct Histogram([Count; BUCKETS]);

impl Default for Histogram {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Count::default()))
    }
}

impl Histogram {
    pub(crate) fn record(&self, nanos: u64) {
        let bucket = (64 - nanos.leading_zeros()) as usize;
        if let Some(count) = self.0.get(bucket.min(BUCKETS - 1)) {
            count.bump(1);
        }
    }

    /// The upper end of the bucket in which the quantile lies, at most twice the true value; zero when nothing was
    /// recorded.
    pub(crate) fn quantile(&self, q: f64) -> Duration {
        let counts: Vec<u64> = self.0.iter().map(Count::get).collect();
        let total: u64 = counts.iter().sum();
        let rank = (q * total as f64).ceil();
        let mut seen = 0;
        for (bucket, count) in counts.iter().enumerate() {
            seen += count;
            if *count > 0 && seen as f64 >= rank {
                return Duration::from_nanos((1_u64 << bucket) - 1);
            }
        }
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_at_most_twice_too_large() {
        let histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), Duration::ZERO);
        for nanos in 1..=1000 {
            histogram.record(nanos);
        }
        histogram.record(u64::MAX);
        let median = histogram.quantile(0.5).as_nanos();
        assert!((500..=1000).contains(&median), "{median}");
        assert!(histogram.quantile(1.0) >= Duration::from_secs(60));
    }
}
