//! How the engine treats tools, sources and itself.

use std::time::Duration;

use voidstate_core::Grade;

/// Limits and times of the engine; the defaults suit a live system.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// After how long a call that has not returned is a hang; a longer time-per-signal budget of the tool counts instead.
    pub hang_after: Duration,
    /// How many threads that hang in a tool may be abandoned at a time. The last is kept for a tool that did not hang
    /// before: a tool that hung is tried again only when its call has returned and two threads could be spared, so with
    /// fewer than two it is not tried again. A hang for which no thread is left stops its shard until the call returns.
    pub abandoned_max: usize,
    /// After how many errors in a row a tool is suspended.
    pub errors_max: u32,
    /// How many calls of a tool may exceed its time per signal within ten seconds.
    pub slow_calls_max: u64,
    /// When a suspended tool is tried first; then after twice as long each time.
    pub retry_first: Duration,
    /// Longest time between two tries.
    pub retry_max: Duration,
    /// How often a tool's state is saved for its retry; zero for never.
    pub save_every: Duration,
    /// How long shutting down waits for queues to drain and threads to end.
    pub drain_within: Duration,
    /// How many series there may be.
    pub series_max: u32,
    /// How many log lines are kept.
    pub log_lines_max: usize,
    /// How well it must be known that a new version of a tool does what the one does that it replaces.
    pub upgrade_grade: Grade,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            hang_after: Duration::from_secs(1),
            abandoned_max: 4,
            errors_max: 3,
            slow_calls_max: 10,
            retry_first: Duration::from_secs(1),
            retry_max: Duration::from_secs(300),
            save_every: Duration::from_secs(60),
            drain_within: Duration::from_secs(10),
            series_max: 1 << 20,
            log_lines_max: 1000,
            upgrade_grade: Grade::Tested,
        }
    }
}

impl Policy {
    /// How long to wait before the `attempt`-th retry, from 1.
    pub(crate) fn back_off(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        self.retry_first
            .saturating_mul(1 << doublings)
            .min(self.retry_max)
    }
}

/// What "now" is for tools, ticks and retries.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineTime {
    /// The engine's clock.
    #[default]
    Clock,
    /// The latest time of a signal that the shard has seen: for files and recordings, whose time is not ours. Results
    /// then depend on the signals alone. A signal from the far future stops ticks and retries until time catches up. When signals are more than a second apart, tools are ticked once, not once for
    /// each second.
    Signals,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_up_to_its_limit() {
        let policy = Policy::default();
        let secs: Vec<_> = (1..=10).map(|n| policy.back_off(n).as_secs()).collect();
        assert_eq!(secs, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(policy.back_off(u32::MAX).as_secs(), 300);
    }
}
