//! What a check measures with: handed in by the caller, who owns clock and allocator.

use std::time::Duration;

/// Measures what a tool costs. Implemented by the caller of a check; every answer may be "not known", which is then said
/// in the report.
pub trait Meter: Sync {
    /// CPU time used so far by the calling thread.
    fn cpu_time(&self) -> Option<Duration>;

    /// A fresh account for memory, if the program's allocator keeps any.
    fn account(&self) -> Option<Box<dyn Account>> {
        None
    }
}

/// Charges what is allocated to whoever is measured.
pub trait Account {
    /// Calls `work` and charges this account with what this thread allocates meanwhile.
    fn inside(&self, work: &mut dyn FnMut());

    /// Calls `work` and charges nobody, also when called from [`inside`](Self::inside).
    fn outside(&self, work: &mut dyn FnMut());

    /// Bytes charged and not yet freed.
    fn live_bytes(&self) -> u64;
}

/// CPU time by the operating system's thread clock; memory is not measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThreadClock;

impl Meter for ThreadClock {
    fn cpu_time(&self) -> Option<Duration> {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let secs = u64::try_from(time.tv_sec).ok()?;
        Some(Duration::new(secs, u32::try_from(time.tv_nsec).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_clock_goes_on_with_work() {
        let before = ThreadClock.cpu_time().unwrap();
        let mut sum = 0_u64;
        while ThreadClock.cpu_time().unwrap() <= before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(ThreadClock.account().is_none());
    }
}
