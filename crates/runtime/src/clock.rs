//! Real time behind the core's [`Clock`].

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use voidstate_core::{Clock, Timestamp};

/// The clock of the machine: wall-clock time from the system, monotonic time since the clock was made.
///
/// Reading costs about 25 ns where the kernel serves it from user space.
#[derive(Debug, Clone)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts at zero now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let signed = |nanos: u128| i64::try_from(nanos).unwrap_or(i64::MAX);
        Timestamp::from_nanos(match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => signed(after.as_nanos()),
            Err(before) => signed(before.duration().as_nanos()).saturating_neg(),
        })
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_advances_monotonic_time() {
        let clock = SystemClock::new();
        let before = clock.monotonic();
        clock.sleep(Duration::from_millis(2));
        assert!(clock.monotonic() >= before + Duration::from_millis(2));
        assert!(clock.now() > Timestamp::from_secs(1_600_000_000));
    }
}
