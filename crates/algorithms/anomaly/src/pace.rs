//! Sample times: the usual interval, gaps, duplicates, samples that come late.

use crate::verdict::Reason;

/// Late samples in a row, in order among themselves, after which the clock is taken to have been set back.
const LATE_MAX: u32 = 8;
/// A pause longer than this many usual intervals is a gap.
const GAP_INTERVALS: f64 = 5.5;

/// What the time of a sample means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// The next sample, after about this many usual intervals.
    Next(f64),
    /// The first sample, or the first after a pause: what was remembered of the last samples no longer holds.
    Gap(f64),
    /// Not to be used.
    Refused(Reason),
}

/// Learns the usual interval and judges each time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Pace {
    last_ns: Option<i64>,
    late_ns: i64,
    late: u32,
    interval_ns: f64,
}

impl Pace {
    pub(crate) fn step(&mut self, time_ns: i64) -> Step {
        let Some(last) = self.last_ns else {
            self.last_ns = Some(time_ns);
            return Step::Gap(0.0);
        };
        if time_ns == last {
            return Step::Refused(Reason::Duplicate);
        }
        if time_ns < last {
            self.late = if self.late > 0 && time_ns > self.late_ns { self.late + 1 } else { 1 };
            self.late_ns = time_ns;
            if self.late < LATE_MAX {
                return Step::Refused(Reason::OutOfOrder);
            }
            self.late = 0;
            self.last_ns = Some(time_ns);
            return Step::Gap(0.0);
        }
        self.late = 0;
        self.last_ns = Some(time_ns);
        let interval = time_ns.saturating_sub(last) as f64;
        if self.interval_ns <= 0.0 {
            self.interval_ns = interval;
            return Step::Next(1.0);
        }
        let intervals = interval / self.interval_ns;
        // Bounded steps in the logarithm: a pause does not drag the usual interval along.
        self.interval_ns *= 1.0 + 0.1 * (intervals - 1.0).clamp(-0.5, 0.5);
        if intervals > GAP_INTERVALS { Step::Gap(intervals) } else { Step::Next(intervals) }
    }

    /// Usual nanoseconds between samples; 0 until two samples were seen.
    pub(crate) fn interval_ns(&self) -> f64 {
        self.interval_ns
    }
}
