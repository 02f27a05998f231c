//! What the bus tells about its callbacks.

use voidstate_core::{HookPattern, ToolId};

use super::row::BUCKETS;

/// Number of a callback; never used twice on one bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallbackId(pub(super) u64);

impl CallbackId {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Who wants to be called, where and when.
#[derive(Debug, Clone, PartialEq)]
pub struct CallbackSpec {
    /// On whose behalf.
    pub owner: ToolId,
    /// At which hooks, also those declared later.
    pub pattern: HookPattern,
    /// Higher is called earlier; equal ones in order of registration.
    pub priority: i32,
    /// Tools whose callbacks at the same hook are called before, whatever the priorities and the order of registration.
    pub after: Vec<ToolId>,
}

impl CallbackSpec {
    /// Priority 0, after nobody.
    #[must_use]
    pub const fn new(owner: ToolId, pattern: HookPattern) -> Self {
        Self {
            owner,
            pattern,
            priority: 0,
            after: Vec::new(),
        }
    }
}

/// One callback at one hook, as of now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallbackInfo {
    /// Its number.
    pub id: CallbackId,
    /// On whose behalf it is called.
    pub owner: ToolId,
    /// Its priority.
    pub priority: i32,
    /// Whether it is called.
    pub enabled: bool,
    /// How often it was called at this hook; a call counts from its beginning.
    pub calls: u64,
    /// How many of the calls panicked.
    pub panics: u64,
    /// Message of the last panic at this hook, at most 1024 bytes.
    pub last_panic: Option<String>,
    /// How long the sampled calls took.
    pub latency: LatencySummary,
}

/// Durations of sampled calls, from a histogram with power-of-two buckets: figures are upper bounds, at most twice the
/// true value (from 2^32 ns on, about 4.3 s, they are [`u64::MAX`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LatencySummary {
    /// How many calls were timed.
    pub samples: u64,
    /// Half of the sampled calls took at most this many nanoseconds.
    pub p50_ns: u64,
    /// 99 % of the sampled calls took at most this many nanoseconds.
    pub p99_ns: u64,
    /// All sampled calls took at most this many nanoseconds.
    pub max_ns: u64,
}

impl LatencySummary {
    pub(super) fn of(buckets: &[u64; BUCKETS]) -> Self {
        let samples: u64 = buckets.iter().sum();
        Self {
            samples,
            p50_ns: quantile(buckets, samples.div_ceil(2)),
            p99_ns: quantile(buckets, samples - samples / 100),
            max_ns: quantile(buckets, samples),
        }
    }
}

/// Upper end of the bucket that holds the sample of that rank, counted from 1; 0 when there is none.
fn quantile(buckets: &[u64; BUCKETS], rank: u64) -> u64 {
    let mut seen = 0;
    for (bucket, count) in buckets.iter().enumerate() {
        seen += count;
        if rank > 0 && seen >= rank {
            return if bucket + 1 == BUCKETS {
                u64::MAX
            } else {
                (2 << bucket) - 1
            };
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_upper_bounds() {
        let mut buckets = [0; BUCKETS];
        assert_eq!(LatencySummary::of(&buckets), LatencySummary::default());
        buckets[3] = 98;
        buckets[5] = 1;
        buckets[BUCKETS - 1] = 1;
        let summary = LatencySummary::of(&buckets);
        assert_eq!((summary.samples, summary.p50_ns), (100, 15));
        assert_eq!((summary.p99_ns, summary.max_ns), (63, u64::MAX));
    }
}
