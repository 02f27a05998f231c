//! Where time comes from.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::Timestamp;

/// The only source of time. Called by the engine and by what stands behind a [`Ctx`](crate::Ctx); implemented by the
/// runtime (real time) and by [`ManualClock`] (tests, replay).
///
/// # Laws
/// - `monotonic` never goes back, whatever happens to `now`.
/// - After `sleep(d)` returned, `monotonic` has advanced by at least `d`.
pub trait Clock: Send + Sync {
    /// Wall-clock time; may jump.
    fn now(&self) -> Timestamp;

    /// Time since an arbitrary, fixed start.
    fn monotonic(&self) -> Duration;

    /// Waits for `duration` of this clock's time.
    fn sleep(&self, duration: Duration);
}

/// A clock that moves only when told to; `sleep` moves it and returns at once.
#[derive(Debug)]
pub struct ManualClock {
    start: Timestamp,
    elapsed: Mutex<Duration>,
}

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub const fn new(start: Timestamp) -> Self {
        Self {
            start,
            elapsed: Mutex::new(Duration::ZERO),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = elapsed.saturating_add(by);
    }

    /// Moves the clock to `time`, or leaves it where it is when `time` has passed.
    pub fn advance_to(&self, time: Timestamp) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = (*elapsed).max(time.since(self.start));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.start.saturating_add(self.monotonic())
    }

    fn monotonic(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_forward() {
        let clock = ManualClock::new(Timestamp::from_secs(10));
        clock.sleep(Duration::from_secs(2));
        clock.advance_to(Timestamp::from_secs(11));
        assert_eq!(clock.now(), Timestamp::from_secs(12));
        clock.advance_to(Timestamp::from_secs(20));
        assert_eq!(clock.monotonic(), Duration::from_secs(10));
    }
}
