//! What may be set.

use std::path::PathBuf;
use std::time::Duration;

use crate::{Error, Result};

/// Shortest interval: the kernel counts processor time in steps of 10 ms, so a shorter one measures steps.
pub const INTERVAL_MIN: Duration = Duration::from_millis(100);
/// Longest interval.
pub const INTERVAL_MAX: Duration = Duration::from_secs(3600);
/// Most processes per list of leaders.
pub const TOP_MAX: usize = 100;

/// How a host is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// Time between ticks, 0.1 s to 1 h.
    pub interval: Duration,
    /// Where procfs is mounted, or a directory of the same shape.
    pub proc_root: PathBuf,
    /// Where sysfs is mounted; only link speeds are read from it.
    pub sys_root: PathBuf,
    /// Whether leading processes are shown with their command line, which may hold secrets.
    pub show_args: bool,
    /// Leading processes per list (processor, memory, memory change, reads, writes), at most 100.
    pub top: usize,
}

impl Default for HostConfig {
    /// Once a second, `/proc` and `/sys`, no arguments, five per list.
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(1),
            proc_root: PathBuf::from("/proc"),
            sys_root: PathBuf::from("/sys"),
            show_args: false,
            top: 5,
        }
    }
}

impl HostConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`Error::Interval`] or [`Error::Top`].
    pub fn check(&self) -> Result<()> {
        if !(INTERVAL_MIN..=INTERVAL_MAX).contains(&self.interval) {
            return Err(Error::Interval {
                given: self.interval,
                min: INTERVAL_MIN,
                max: INTERVAL_MAX,
            });
        }
        if self.top > TOP_MAX {
            return Err(Error::Top {
                given: self.top,
                max: TOP_MAX,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_cannot_be_measured_is_refused() {
        for interval in [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_millis(99),
            Duration::MAX,
        ] {
            let config = HostConfig {
                interval,
                ..HostConfig::default()
            };
            assert!(matches!(config.check(), Err(Error::Interval { .. })));
        }
        assert!(HostConfig::default().check().is_ok());
        let config = HostConfig {
            top: 101,
            ..HostConfig::default()
        };
        assert!(matches!(config.check(), Err(Error::Top { .. })));
    }
}
