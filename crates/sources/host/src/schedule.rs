//! When to look, how late it is, and how much time has passed.

use std::time::Duration;

use voidstate_core::Timestamp;

use crate::tick::Moment;

/// What is known at the start of a tick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Started {
    pub(crate) moment: Moment,
    /// Seconds after the time at which it was due.
    pub(crate) late_s: f64,
    /// The machine's own time at the tick before.
    pub(crate) previous_uptime_s: Option<f64>,
}

/// A grid of due times. A tick that comes late is taken late, once; the grid stays.
#[derive(Debug)]
pub(crate) struct Schedule {
    interval: Duration,
    due: Option<Timestamp>,
    last: Option<(Timestamp, Option<f64>)>,
    moment: Moment,
}

impl Schedule {
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            interval,
            due: None,
            last: None,
            moment: Moment::default(),
        }
    }

    /// The time to wait for, when it has not come. A clock that was set back does not make anyone wait for it.
    pub(crate) fn not_yet(&self, now: Timestamp) -> Option<Timestamp> {
        let (last, _) = self.last?;
        self.due.filter(|due| now < *due && now >= last)
    }

    /// Begins a tick.
    pub(crate) fn start(&mut self, now: Timestamp, uptime_s: Option<f64>) -> Started {
        let previous = self.last.replace((now, uptime_s));
        if let Some((last, last_uptime_s)) = previous {
            match elapsed(last, now, last_uptime_s, uptime_s) {
                Some(elapsed) => self.moment.at += elapsed,
                None => self.moment.epoch = self.moment.epoch.wrapping_add(1),
            }
        }
        Started {
            moment: self.moment,
            late_s: self.due.map_or(0.0, |due| now.since(due).as_secs_f64()),
            previous_uptime_s: previous.and_then(|(_, uptime_s)| uptime_s),
        }
    }

    /// The next time on the grid after `now`; a clock that was set back begins a new grid.
    pub(crate) fn next(&mut self, now: Timestamp) -> Timestamp {
        let step = self.interval.as_nanos().max(1);
        let due = match self.due {
            Some(due) if due <= now => {
                let missed = now.since(due).as_nanos() / step + 1;
                let ahead = u64::try_from(missed.saturating_mul(step)).unwrap_or(u64::MAX);
                due.saturating_add(Duration::from_nanos(ahead))
            }
            _ => now.saturating_add(self.interval),
        };
        self.due = Some(due);
        due
    }
}

/// Seconds between two ticks; none when they cannot be known.
///
/// The machine's own time never jumps but has steps of 10 ms, the wall clock is fine but may be set: the wall clock
/// counts as long as the machine agrees with it.
fn elapsed(
    last: Timestamp,
    now: Timestamp,
    last_uptime_s: Option<f64>,
    uptime_s: Option<f64>,
) -> Option<f64> {
    let wall = (i128::from(now.as_nanos()) - i128::from(last.as_nanos())) as f64 / 1e9;
    let wall_or_none = (wall > 1e-3).then_some(wall);
    let (Some(before), Some(uptime)) = (last_uptime_s, uptime_s) else {
        return wall_or_none;
    };
    let own = uptime - before;
    if own < 0.0 {
        return None;
    }
    // A copy of a procfs that stands still.
    if own < 1e-3 {
        return wall_or_none;
    }
    let agree = (wall - own).abs() <= 0.02 + 0.01 * own;
    Some(if agree && wall > 1e-3 { wall } else { own })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_nanos(ms * 1_000_000)
    }

    #[test]
    fn late_ticks_are_taken_once_and_the_grid_stays() {
        let mut schedule = Schedule::new(Duration::from_secs(1));
        assert_eq!(schedule.not_yet(at(0)), None);
        schedule.start(at(0), None);
        assert_eq!(schedule.next(at(0)), at(1000));
        assert_eq!(schedule.not_yet(at(400)), Some(at(1000)));
        let started = schedule.start(at(3340), None);
        assert!((started.late_s - 2.34).abs() < 1e-9);
        assert!((started.moment.at - 3.34).abs() < 1e-9);
        assert_eq!(schedule.next(at(3340)), at(4000));
        assert_eq!(schedule.start(at(4000), None).late_s.to_bits(), 0);
        assert_eq!(schedule.next(at(4000)), at(5000));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let mut schedule = Schedule::new(Duration::from_secs(1));
        schedule.start(at(100_000), Some(50.0));
        schedule.next(at(100_000));
        assert_eq!(schedule.not_yet(at(10_000)), None);
        let started = schedule.start(at(10_000), Some(51.0));
        assert!((started.moment.at - 1.0).abs() < 1e-9);
        assert_eq!(started.late_s.to_bits(), 0);
        assert_eq!(schedule.next(at(10_000)), at(11_000));
    }

    #[test]
    fn time_comes_from_the_clock_that_can_be_trusted() {
        let fine = elapsed(at(0), at(1003), Some(5.0), Some(6.01));
        assert_eq!(fine, Some(1.003));
        let set_forward = elapsed(at(0), at(3_600_000), Some(5.0), Some(6.0));
        assert_eq!(set_forward, Some(1.0));
        assert_eq!(elapsed(at(0), at(1000), Some(5.0), Some(4.0)), None);
        assert_eq!(elapsed(at(0), at(0), None, None), None);
        assert_eq!(elapsed(at(9), at(0), None, Some(1.0)), None);
        assert_eq!(elapsed(at(0), at(1000), Some(5.0), Some(5.0)), Some(1.0));
        assert!(elapsed(Timestamp::MIN, Timestamp::MAX, None, None).is_some());
    }

    #[test]
    fn the_end_of_time_is_no_overflow() {
        let mut schedule = Schedule::new(Duration::from_secs(3600));
        for now in [
            Timestamp::MIN,
            Timestamp::MAX,
            Timestamp::MIN,
            Timestamp::MAX,
        ] {
            schedule.start(now, None);
            schedule.next(now);
        }
    }
}
