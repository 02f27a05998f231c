//! Processor time per mode, of the whole machine and of each core.

use std::collections::BTreeMap;

use voidstate_core::wellknown::LABEL_CORE;
use voidstate_core::{HookName, Unit};

use crate::group::{Labels, Metric, Slot};
use crate::text::{fields, number};
use crate::tick::{Moment, Tick};

/// Most cores that are watched.
pub(crate) const CORES_MAX: usize = 1024;

/// Modes as they are told; the first eight are the kernel's columns, `guest` is cut out of `user` and `nice`.
pub(crate) const MODES: [&str; 9] = [
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest",
];
const IDLE: usize = 3;
const IOWAIT: usize = 4;

const MACHINE: [Metric; 2] = [
    Metric::gauge("host.cpu.percent", Unit::Percent),
    Metric::gauge("host.cpu.busy_percent", Unit::Percent),
];
const CORE: [Metric; 2] = [
    Metric::gauge("host.cpu.core_percent", Unit::Percent),
    Metric::gauge("host.cpu.core_busy_percent", Unit::Percent),
];

/// Processor time of the machine and its cores.
#[derive(Debug, Default)]
pub(crate) struct Cpu {
    machine: Times,
    cores: BTreeMap<u32, Times>,
}

impl Cpu {
    /// Takes a line that starts with `cpu`; `false` when it is not such a line.
    pub(crate) fn line(&mut self, tick: &mut Tick<'_>, hook: &HookName, line: &[u8]) -> bool {
        let mut parts = fields(line);
        let Some(name) = parts.next().and_then(|name| name.strip_prefix(b"cpu")) else {
            return false;
        };
        let Some(ticks) = columns(parts) else {
            return false;
        };
        if name.is_empty() {
            self.machine.update(tick, hook, None, ticks);
            return true;
        }
        let Some(core) = number(name).and_then(|core| u32::try_from(core).ok()) else {
            return false;
        };
        if self.cores.len() >= CORES_MAX && !self.cores.contains_key(&core) {
            let reason = format!("there are more than {CORES_MAX} cores; the rest is not watched");
            tick.degraded("host.cpu", reason);
            return true;
        }
        self.cores
            .entry(core)
            .or_default()
            .update(tick, hook, Some(core), ticks);
        true
    }
}

/// The ten columns; old kernels print fewer, and what is printed must be a number.
fn columns<'a>(mut parts: impl Iterator<Item = &'a [u8]>) -> Option<[u64; 10]> {
    let mut ticks = [0; 10];
    for (at, column) in ticks.iter_mut().enumerate() {
        match parts.next() {
            Some(field) => *column = number(field)?,
            None if at < 4 => return None,
            None => break,
        }
    }
    Some(ticks)
}

#[derive(Debug, Default)]
struct Times {
    before: Option<(Moment, [u64; 10])>,
    modes: [Slot; 9],
    busy: Slot,
}

impl Times {
    fn update(&mut self, tick: &mut Tick<'_>, hook: &HookName, core: Option<u32>, now: [u64; 10]) {
        let Some((moment, before)) = self.before.replace((tick.moment, now)) else {
            return;
        };
        if tick.moment.since(moment).is_none() {
            return;
        }
        let Some(shares) = shares(before, now) else {
            let name = core.map_or_else(|| "the processors".to_owned(), |c| format!("core {c}"));
            tick.out.rejected(
                1,
                &format!("times of {name} went back; no percentages for this tick"),
            );
            return;
        };
        // No tick of time passed: an offline core, or a copy that does not move.
        let Some(shares) = shares else { return };
        let [percent, busy_percent] = match core {
            None => &MACHINE,
            Some(_) => &CORE,
        };
        for ((slot, mode), share) in self.modes.iter_mut().zip(MODES).zip(shares) {
            slot.sample(tick, hook, percent, || labels(core, Some(mode)), share);
        }
        let [_, _, _, idle, iowait, ..] = shares;
        let busy = (100.0 - idle - iowait).max(0.0);
        self.busy
            .sample(tick, hook, busy_percent, || labels(core, None), busy);
    }
}

fn labels(core: Option<u32>, mode: Option<&str>) -> Labels {
    let mut labels = Labels::new();
    labels.extend(core.map(|core| (LABEL_CORE, core.to_string())));
    labels.extend(mode.map(|mode| ("mode", mode.to_owned())));
    labels
}

/// Percentages per mode, which sum to 100; the inner none when no time passed, the outer when a time went back.
///
/// Idle and waiting time are known to step back a little when a core wakes; that counts as no increase.
fn shares(before: [u64; 10], now: [u64; 10]) -> Option<Option<[f64; 9]>> {
    let mut delta = [0.0; 10];
    for (at, ((delta, now), before)) in delta.iter_mut().zip(now).zip(before).enumerate() {
        let steps_back = at == IDLE || at == IOWAIT;
        *delta = match now.checked_sub(before) {
            Some(increase) => increase as f64,
            None if steps_back && before - now <= 1000 => 0.0,
            None => return None,
        };
    }
    let [
        user,
        nice,
        system,
        idle,
        iowait,
        irq,
        softirq,
        steal,
        guest,
        guest_nice,
    ] = delta;
    // Guest time is contained in user and nice, up to the rounding of separate counters.
    let (guest, guest_nice) = (guest.min(user), guest_nice.min(nice));
    let modes = [
        user - guest,
        nice - guest_nice,
        system,
        idle,
        iowait,
        irq,
        softirq,
        steal,
        guest + guest_nice,
    ];
    let total: f64 = modes.iter().sum();
    Some((total > 0.0).then(|| modes.map(|mode| 100.0 * mode / total)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_sum_to_100() {
        let before = [100, 20, 30, 4000, 50, 1, 2, 3, 40, 5];
        let now = [150, 22, 35, 4030, 51, 1, 3, 4, 60, 6];
        let shares = shares(before, now).unwrap().unwrap();
        assert!((shares.iter().sum::<f64>() - 100.0).abs() < 1e-9);
        assert!(shares.iter().all(|s| (0.0..=100.0).contains(s)));
    }

    #[test]
    fn waiting_time_may_step_back_and_user_time_may_not() {
        let before = [100, 0, 0, 1000, 50, 0, 0, 0, 0, 0];
        let mut now = before;
        now[0] = 200;
        now[4] = 49;
        assert_eq!(
            shares(before, now).unwrap().unwrap()[0].to_bits(),
            100_f64.to_bits()
        );
        now[0] = 99;
        assert!(shares(before, now).is_none());
        assert!(shares(before, before).unwrap().is_none());
        assert!(shares([0; 10], [u64::MAX; 10]).unwrap().is_some());
    }

    #[test]
    fn short_lines_of_old_kernels_are_read() {
        assert_eq!(
            columns(fields(b"1 2 3 4")),
            Some([1, 2, 3, 4, 0, 0, 0, 0, 0, 0])
        );
        assert_eq!(columns(fields(b"1 2 3")), None);
        assert_eq!(columns(fields(b"1 2 3 4 -5")), None);
    }
}
