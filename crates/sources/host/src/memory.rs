//! Memory and swap: `/proc/meminfo` and `/proc/vmstat`.

use std::path::Path;

use voidstate_core::{HookName, Unit};

use crate::files::ProcFile;
use crate::group::{Group, Kind, Metric, Reading};
use crate::text::{fields, lines, number};
use crate::tick::Tick;

const fn bytes(name: &'static str) -> Metric {
    Metric::gauge(name, Unit::Bytes)
}

const fn flow(name: &'static str, scale: f64) -> Metric {
    Metric::new(name, Unit::BytesPerSecond, Kind::Rate, scale)
}

/// Taken as they are, in the order of [`DIRECT`]; the last two are computed.
const LEVELS: [Metric; 16] = [
    bytes("host.memory.free_bytes"),
    bytes("host.memory.available_bytes"),
    bytes("host.memory.buffers_bytes"),
    bytes("host.memory.cached_bytes"),
    bytes("host.memory.dirty_bytes"),
    bytes("host.memory.writeback_bytes"),
    bytes("host.memory.slab_bytes"),
    bytes("host.memory.slab_unreclaimable_bytes"),
    bytes("host.memory.committed_bytes"),
    bytes("host.memory.anonymous_bytes"),
    bytes("host.memory.mapped_bytes"),
    bytes("host.memory.shared_bytes"),
    bytes("host.memory.kernel_stack_bytes"),
    bytes("host.memory.page_tables_bytes"),
    bytes("host.memory.used_bytes"),
    bytes("host.memory.swap_used_bytes"),
];
const DIRECT: [&[u8]; 14] = [
    b"MemFree:",
    b"MemAvailable:",
    b"Buffers:",
    b"Cached:",
    b"Dirty:",
    b"Writeback:",
    b"Slab:",
    b"SUnreclaim:",
    b"Committed_AS:",
    b"AnonPages:",
    b"Mapped:",
    b"Shmem:",
    b"KernelStack:",
    b"PageTables:",
];
/// Levels that cannot pass the size of memory.
const WITHIN_MEMORY: [usize; 6] = [0, 1, 3, 6, 9, 14];
const USED: usize = 14;
const SWAP_USED: usize = 15;

const FLOWS: [Metric; 8] = [
    flow("host.memory.swap_in_bytes_per_second", 1.0),
    flow("host.memory.swap_out_bytes_per_second", 1.0),
    flow("host.memory.page_in_bytes_per_second", 1024.0),
    flow("host.memory.page_out_bytes_per_second", 1024.0),
    Metric::rate("host.memory.major_faults_per_second"),
    Metric::rate("host.memory.out_of_memory_kills_per_second"),
    Metric::rate("host.memory.direct_reclaim_scans_per_second"),
    Metric::rate("host.memory.refaults_per_second"),
];
const MINOR: [Metric; 1] = [Metric::rate("host.memory.minor_faults_per_second")];
/// A major fault is counted before the fault as a whole is, so the difference steps back by those that are under way.
const UNDER_WAY_MAX: u64 = 1 << 12;

/// The two files and their series.
#[derive(Debug)]
pub(crate) struct Memory {
    info_file: ProcFile,
    stat_file: ProcFile,
    page_bytes: u64,
    levels: Group,
    flows: Group,
    minor: Group,
    minor_before: u64,
}

impl Memory {
    pub(crate) fn new(root: &Path, keep: bool, page_bytes: u64) -> Self {
        Self {
            info_file: ProcFile::new(root, "meminfo", keep),
            stat_file: ProcFile::new(root, "vmstat", keep),
            page_bytes,
            levels: Group::new(&LEVELS, Vec::new()),
            flows: Group::new(&FLOWS, Vec::new()),
            minor: Group::new(&MINOR, Vec::new()),
            minor_before: 0,
        }
    }

    pub(crate) fn tick(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        self.levels(tick, hook, buffer);
        self.flows(tick, hook, buffer);
    }

    fn levels(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        let Some(text) = tick.read("host.memory", &mut self.info_file, buffer) else {
            return;
        };
        let mut readings = [Reading::Missing; LEVELS.len()];
        let (mut total, mut swap_total, mut swap_free) = (None, None, None);
        let (mut available, mut malformed) = (None, false);
        for line in lines(text) {
            let mut parts = fields(line);
            let Some(name) = parts.next() else { continue };
            let direct = DIRECT.iter().position(|key| *key == name);
            let wanted =
                direct.is_some() || matches!(name, b"MemTotal:" | b"SwapTotal:" | b"SwapFree:");
            if !wanted {
                continue;
            }
            let bytes = parts
                .next()
                .and_then(number)
                .filter(|_| parts.next() == Some(b"kB"))
                .and_then(|kib| kib.checked_mul(1024));
            let Some(bytes) = bytes else {
                malformed = true;
                continue;
            };
            match name {
                b"MemTotal:" => total = Some(bytes),
                b"SwapTotal:" => swap_total = Some(bytes),
                b"SwapFree:" => swap_free = Some(bytes),
                b"MemAvailable:" => available = Some(bytes),
                _ => {}
            }
            if let Some(reading) = direct.and_then(|at| readings.get_mut(at)) {
                *reading = Reading::Gauge(bytes as f64);
            }
        }
        let used = difference(total, available);
        let swap_used = difference(swap_total, swap_free);
        for (at, used) in [(USED, used), (SWAP_USED, swap_used)] {
            if let (Some(reading), Some(used)) = (readings.get_mut(at), used) {
                *reading = Reading::Gauge(used);
            }
        }
        if malformed || used.is_none() {
            tick.malformed("host.memory", &self.info_file, "a size");
        }
        let size = total.map(|total| total as f64);
        for at in WITHIN_MEMORY {
            self.levels.limit(at, size);
        }
        let swap = swap_total.filter(|total| *total > 0);
        self.levels.limit(SWAP_USED, swap.map(|total| total as f64));
        self.levels.update(tick, hook, &readings);
    }

    fn flows(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        let Some(text) = tick.read("host.memory.flow", &mut self.stat_file, buffer) else {
            return;
        };
        let page = self.page_bytes;
        let mut readings = [Reading::Missing; FLOWS.len()];
        let (mut faults, mut major_faults) = (None, None);
        let (mut malformed, mut refaults, mut scans) = (false, None, None);
        {
            let [swap_in, swap_out, page_in, page_out, major, kills, ..] = &mut readings;
            for line in lines(text) {
                let mut parts = fields(line);
                let (Some(name), value) = (parts.next(), parts.next().and_then(number)) else {
                    continue;
                };
                let pages = || value.and_then(|pages| pages.checked_mul(page));
                match name {
                    b"pswpin" => *swap_in = pages().into(),
                    b"pswpout" => *swap_out = pages().into(),
                    b"pgpgin" => *page_in = value.into(),
                    b"pgpgout" => *page_out = value.into(),
                    b"pgfault" => faults = value,
                    b"pgmajfault" => {
                        major_faults = value;
                        *major = value.into();
                    }
                    b"oom_kill" => *kills = value.into(),
                    b"pgscan_direct" => scans = value,
                    b"workingset_refault"
                    | b"workingset_refault_anon"
                    | b"workingset_refault_file" => {
                        refaults = value.and_then(|v| refaults.unwrap_or(0_u64).checked_add(v));
                    }
                    _ => continue,
                }
                malformed |= value.is_none();
            }
        }
        let minor = faults
            .zip(major_faults)
            .and_then(|(all, major)| all.checked_sub(major));
        let [.., scans_to, refaults_to] = &mut readings;
        *scans_to = scans.into();
        *refaults_to = refaults.into();
        if malformed || minor.is_none() {
            tick.malformed("host.memory.flow", &self.stat_file, "a counter");
        }
        self.flows.update(tick, hook, &readings);
        if let Some(mut minor) = minor {
            if self.minor_before.saturating_sub(minor) <= UNDER_WAY_MAX {
                minor = minor.max(self.minor_before);
            }
            self.minor_before = minor;
            self.minor.update(tick, hook, &[Reading::Counter(minor)]);
        }
    }
}

/// `whole - rest`; none when one is missing or the rest is larger than the whole.
fn difference(whole: Option<u64>, rest: Option<u64>) -> Option<f64> {
    let used = whole?.checked_sub(rest?)?;
    Some(used as f64)
}
