//! Which process stands out, and since when.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use voidstate_core::{Evidence, State, Timestamp, Unit, wellknown::process};

use crate::family::Family;
use crate::phrase::printable;

/// Processes kept; the ones not seen for longest go first.
const PROCESSES_MAX: usize = 512;
/// A process that was not reported for this long has no say.
const FORGET_AFTER: Duration = Duration::from_secs(30);
/// Time over which a process's usual use is averaged.
const USUAL_OVER_SECS: f64 = 60.0;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Process {
    comm: String,
    seen: Timestamp,
    now: Use,
    usual: Use,
    /// Largest resident memory within the last minute of sight; a burst may be over when the episode opens.
    recent: Use,
}

/// What a process uses: per cent of a core, bytes resident, bytes per second to and from storage.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Use {
    cpu: f64,
    rss: f64,
    io: f64,
}

/// The processes reported at the `host.process` hook.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Processes {
    by_id: BTreeMap<(u32, i64), Process>,
}

/// A process and the quantity by which it stands out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Culprit {
    pub(crate) pid: u32,
    pub(crate) comm: String,
    pub(crate) value: f64,
    family: Family,
}

impl Culprit {
    /// What `value` measures, in words.
    pub(crate) const fn quantity(&self) -> &'static str {
        match self.family {
            Family::Memory => "resident memory",
            Family::Disk => "read and written",
            _ => "of one core",
        }
    }

    /// The unit of `value`.
    pub(crate) const fn unit(&self) -> Unit {
        match self.family {
            Family::Memory => Unit::Bytes,
            Family::Disk => Unit::BytesPerSecond,
            _ => Unit::Percent,
        }
    }

    /// Its name for sentences.
    pub(crate) fn shown(&self) -> String {
        printable(&self.comm)
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence::Process {
            pid: self.pid,
            comm: self.comm.clone(),
            quantity: self.quantity().to_owned(),
            value: self.value,
            unit: self.unit(),
        }
    }
}

impl Processes {
    /// Takes in one process state; states without a process id or name are ignored.
    pub(crate) fn observe(&mut self, state: &State) {
        let number = |name: &str| {
            state
                .variables
                .get(name)
                .and_then(voidstate_core::AttributeValue::as_f64)
        };
        let whole = |name: &str| {
            state
                .variables
                .get(name)
                .and_then(voidstate_core::AttributeValue::as_int)
        };
        let Some(pid) = whole(process::PID).and_then(|pid| u32::try_from(pid).ok()) else {
            return;
        };
        let Some(comm) = state
            .variables
            .get(process::COMM)
            .and_then(voidstate_core::AttributeValue::as_text)
        else {
            return;
        };
        let finite = |name: &str| {
            number(name)
                .filter(|v| v.is_finite())
                .unwrap_or(0.0)
                .max(0.0)
        };
        let now = Use {
            cpu: finite(process::CPU_PERCENT),
            rss: finite(process::RSS_BYTES),
            io: finite(process::WRITE_RATE) + finite(process::READ_RATE),
        };
        let started = whole(process::STARTED).unwrap_or(0);
        // A process younger than the averaging time used nothing before it was born; an old one seen for the first time
        // is taken to have always been as it is.
        let age = state.time.since(Timestamp::from_nanos(started));
        let born = if age.as_secs_f64() < USUAL_OVER_SECS {
            Use::default()
        } else {
            now
        };
        let entry = self.by_id.entry((pid, started)).or_insert_with(|| Process {
            comm: comm.to_owned(),
            seen: state.time,
            now: born,
            usual: born,
            recent: Use::default(),
        });
        let gap = state.time.since(entry.seen).as_secs_f64();
        let keep = (-gap / USUAL_OVER_SECS).exp();
        entry.usual = entry.usual.blend(entry.now, keep);
        entry.recent = entry.recent.fade((-gap / 5.0).exp()).max(now);
        comm.clone_into(&mut entry.comm);
        entry.seen = state.time;
        entry.now = now;
        if self.by_id.len() > PROCESSES_MAX {
            let oldest = self
                .by_id
                .iter()
                .min_by_key(|(_, p)| p.seen)
                .map(|(id, _)| *id);
            oldest.and_then(|id| self.by_id.remove(&id));
        }
    }

    /// The process whose use of what moves `family` rose most above its usual use, if any rose noticeably.
    pub(crate) fn culprit(&self, family: Family, now: Timestamp) -> Option<Culprit> {
        let (pick, least): (fn(&Use) -> f64, f64) = match family {
            Family::Cpu => (|u| u.cpu, 5.0),
            Family::Memory => (|u| u.rss, 4e6),
            Family::Disk => (|u| u.io, 2e5),
            Family::Network | Family::Alone => return None,
        };
        let rise = |p: &Process| pick(&p.recent) - pick(&p.usual);
        let fresh = self
            .by_id
            .iter()
            .filter(|(_, p)| now.since(p.seen) <= FORGET_AFTER);
        let (id, process) = fresh.max_by(|(_, a), (_, b)| rise(a).total_cmp(&rise(b)))?;
        let value = pick(&process.recent);
        (rise(process) >= least).then(|| Culprit {
            pid: id.0,
            comm: process.comm.clone(),
            value,
            family,
        })
    }
}

impl Use {
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            cpu: f(self.cpu, other.cpu),
            rss: f(self.rss, other.rss),
            io: f(self.io, other.io),
        }
    }

    fn blend(self, other: Self, keep: f64) -> Self {
        self.zip(other, |a, b| a * keep + b * (1.0 - keep))
    }

    fn max(self, other: Self) -> Self {
        self.zip(other, f64::max)
    }

    fn fade(self, keep: f64) -> Self {
        self.zip(self, |a, _| a * keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(secs: i64, pid: i64, comm: &str, cpu: f64, rss: i64) -> State {
        let variables = [
            (process::PID, pid.into()),
            (process::COMM, comm.into()),
            (process::CPU_PERCENT, cpu.into()),
            (process::RSS_BYTES, rss.into()),
            (
                process::STARTED,
                voidstate_core::AttributeValue::Int(1_000_000_000 * pid),
            ),
        ];
        let variables = variables
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect();
        State {
            name: "host.process".into(),
            time: Timestamp::from_secs(secs),
            variables,
        }
    }

    #[test]
    fn the_one_that_rose_is_named_not_the_one_that_is_always_high() {
        let mut processes = Processes::default();
        for secs in 10_000..10_100 {
            processes.observe(&state(secs, 1, "always", 95.0, 1 << 30));
            processes.observe(&state(
                secs,
                2,
                "rising",
                if secs < 10_095 { 1.0 } else { 60.0 },
                1 << 20,
            ));
        }
        let now = Timestamp::from_secs(10_100);
        assert_eq!(processes.culprit(Family::Cpu, now).unwrap().comm, "rising");
        assert!(processes.culprit(Family::Memory, now).is_none());
        assert!(processes.culprit(Family::Network, now).is_none());
    }

    #[test]
    fn a_new_process_rose_from_nothing() {
        let mut processes = Processes::default();
        processes.observe(&state(10_000, 1, "old", 50.0, 900 << 20));
        processes.observe(&state(10_000, 9_999, "new", 0.0, 500 << 20));
        let now = Timestamp::from_secs(10_001);
        assert_eq!(processes.culprit(Family::Memory, now).unwrap().comm, "new");
    }

    #[test]
    fn rubbish_is_ignored_and_the_table_is_bounded() {
        let mut processes = Processes::default();
        let mut bad = state(1, 1, "x", f64::NAN, -5);
        processes.observe(&bad);
        bad.variables.clear();
        processes.observe(&bad);
        for pid in 0..2000 {
            processes.observe(&state(pid, pid, "p", 1.0, 1));
        }
        assert!(processes.by_id.len() <= PROCESSES_MAX);
    }
}
