//! Kernel counters: `/proc/stat`, `/proc/loadavg`, `/proc/sys/fs/file-nr`.

use std::path::Path;

use voidstate_core::{HookName, Unit};

use crate::cpu::Cpu;
use crate::files::ProcFile;
use crate::group::{Group, Metric, Reading};
use crate::text::{decimal, fields, lines, number};
use crate::tick::Tick;

const STAT: [Metric; 6] = [
    Metric::rate("host.kernel.context_switches_per_second"),
    Metric::rate("host.kernel.interrupts_per_second"),
    Metric::rate("host.kernel.soft_interrupts_per_second"),
    Metric::rate("host.kernel.forks_per_second"),
    Metric::gauge("host.kernel.run_queue", Unit::Count),
    Metric::gauge("host.kernel.blocked", Unit::Count),
];
const LOAD: [Metric; 3] = [
    Metric::gauge("host.cpu.load_1m", Unit::None),
    Metric::gauge("host.cpu.load_5m", Unit::None),
    Metric::gauge("host.cpu.load_15m", Unit::None),
];
const THREADS: [Metric; 1] = [Metric::gauge("host.kernel.threads", Unit::Count)];
const FILES: [Metric; 1] = [Metric::gauge("host.kernel.open_files", Unit::Count)];

/// The three files and their series.
#[derive(Debug)]
pub(crate) struct Kernel {
    stat_file: ProcFile,
    load_file: ProcFile,
    files_file: ProcFile,
    cpu: Cpu,
    stat: Group,
    load: Group,
    threads: Group,
    files: Group,
    /// Seconds since the epoch at which the machine started.
    pub(crate) boot_time_s: Option<u64>,
}

impl Kernel {
    pub(crate) fn new(root: &Path, keep: bool) -> Self {
        Self {
            stat_file: ProcFile::new(root, "stat", keep),
            load_file: ProcFile::new(root, "loadavg", keep),
            files_file: ProcFile::new(root, "sys/fs/file-nr", keep),
            cpu: Cpu::default(),
            stat: Group::new(&STAT, Vec::new()),
            load: Group::new(&LOAD, Vec::new()),
            threads: Group::new(&THREADS, Vec::new()),
            files: Group::new(&FILES, Vec::new()),
            boot_time_s: None,
        }
    }

    pub(crate) fn tick(
        &mut self,
        tick: &mut Tick<'_>,
        cpu_hook: &HookName,
        hook: &HookName,
        buffer: &mut Vec<u8>,
    ) {
        self.stat(tick, cpu_hook, hook, buffer);
        self.load(tick, cpu_hook, hook, buffer);
        self.files(tick, hook, buffer);
    }

    fn stat(
        &mut self,
        tick: &mut Tick<'_>,
        cpu_hook: &HookName,
        hook: &HookName,
        buffer: &mut Vec<u8>,
    ) {
        let Some(text) = tick.read("host.cpu", &mut self.stat_file, buffer) else {
            return;
        };
        let mut readings = [Reading::Missing; STAT.len()];
        let [switches, interrupts, soft, forks, running, blocked] = &mut readings;
        for line in lines(text) {
            if line.starts_with(b"cpu") {
                if !self.cpu.line(tick, cpu_hook, line) {
                    tick.malformed("host.cpu", &self.stat_file, "a line of processor times");
                }
                continue;
            }
            let mut parts = fields(line);
            let (Some(name), Some(value)) = (parts.next(), parts.next()) else {
                continue;
            };
            let counter = |to: &mut Reading| *to = number(value).into();
            let gauge = |to: &mut Reading| {
                *to = number(value).map_or(Reading::Missing, |n| Reading::Gauge(n as f64));
            };
            match name {
                b"ctxt" => counter(switches),
                b"intr" => counter(interrupts),
                b"softirq" => counter(soft),
                b"processes" => counter(forks),
                b"procs_running" => gauge(running),
                b"procs_blocked" => gauge(blocked),
                b"btime" => self.boot_time_s = number(value).or(self.boot_time_s),
                _ => {}
            }
        }
        if readings.contains(&Reading::Missing) {
            tick.malformed("host.kernel", &self.stat_file, "a counter");
        }
        self.stat.update(tick, hook, &readings);
    }

    fn load(
        &mut self,
        tick: &mut Tick<'_>,
        cpu_hook: &HookName,
        hook: &HookName,
        buffer: &mut Vec<u8>,
    ) {
        let Some(text) = tick.read("host.cpu.load", &mut self.load_file, buffer) else {
            return;
        };
        let mut parts = fields(text);
        let loads: [Reading; LOAD.len()] = std::array::from_fn(|_| {
            let load = parts.next().and_then(decimal);
            load.map_or(Reading::Missing, Reading::Gauge)
        });
        let threads = parts.next().and_then(|entities| {
            let mut halves = entities.split(|&b| b == b'/');
            halves.next()?;
            number(halves.next()?)
        });
        if threads.is_none() || loads.contains(&Reading::Missing) {
            tick.malformed("host.cpu.load", &self.load_file, "a number");
        }
        self.load.update(tick, cpu_hook, &loads);
        let threads = threads.map_or(Reading::Missing, |n| Reading::Gauge(n as f64));
        self.threads.update(tick, hook, &[threads]);
    }

    fn files(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        let Some(text) = tick.read("host.kernel.open_files", &mut self.files_file, buffer) else {
            return;
        };
        let mut parts = fields(text).map(number);
        let (Some(Some(allocated)), Some(Some(free)), Some(Some(max))) =
            (parts.next(), parts.next(), parts.next())
        else {
            tick.malformed("host.kernel.open_files", &self.files_file, "a number");
            return;
        };
        self.files.limit(0, Some(max as f64));
        let used = Reading::Gauge(allocated.saturating_sub(free) as f64);
        self.files.update(tick, hook, &[used]);
    }
}
