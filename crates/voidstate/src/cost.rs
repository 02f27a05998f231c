//! What voidstate itself costs.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Cost over a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub(crate) struct Cost {
    /// Share of one core, 1.0 = a whole core.
    pub(crate) core_share: f64,
    /// Resident memory in bytes; 0 when it cannot be read.
    pub(crate) resident_bytes: u64,
}

/// Measures from one call to the next.
#[derive(Debug)]
pub(crate) struct Meter {
    at: Instant,
    used: Duration,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            at: Instant::now(),
            used: used(),
        }
    }

    /// Cost since the last call, or since the start.
    pub(crate) fn lap(&mut self) -> Cost {
        let (at, used) = (Instant::now(), used());
        let wall = at.duration_since(self.at).as_secs_f64().max(1e-3);
        let cpu = used.saturating_sub(self.used).as_secs_f64();
        *self = Self { at, used };
        Cost {
            core_share: cpu / wall,
            resident_bytes: resident_bytes(),
        }
    }
}

fn used() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| {
            text.split_ascii_whitespace()
                .nth(1)
                .and_then(|field| field.parse::<u64>().ok())
        });
    pages.unwrap_or(0) * rustix::param::page_size() as u64
}
