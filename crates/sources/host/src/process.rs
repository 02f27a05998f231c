//! Processes: what each used since the last tick, and which of them lead.

mod leaders;
mod scan;
mod stat;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use voidstate_core::wellknown::{self, process as variable};
use voidstate_core::{Attributes, HookName, Signal, State, Unit};

use crate::group::{Group, Metric, Reading};
use crate::text::readable;
use crate::tick::{Moment, Tick, unreadable};
use leaders::leaders;
use scan::{Missing, Scan};
use stat::{Io, Stat};

/// Most processes that are looked at in one tick.
pub(crate) const PROCESSES_MAX: usize = 8192;
/// Longest command line that is shown.
const ARGUMENTS_BYTES_MAX: usize = 1024;

const COUNTS: [Metric; 3] = [
    Metric::gauge("host.kernel.processes", Unit::Count),
    Metric::gauge("host.kernel.zombies", Unit::Count),
    Metric::gauge("host.kernel.uninterruptible", Unit::Count),
];

/// What the clocks of the machine say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine {
    pub(crate) ticks_per_second: u64,
    pub(crate) page_bytes: u64,
}

/// When this tick and the one before were, in the machine's own time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Boot {
    /// Seconds since the epoch at which the machine started.
    pub(crate) time_s: Option<u64>,
    /// Seconds after the start at which the last tick was.
    pub(crate) previous_s: Option<f64>,
}

/// A process as it was last seen. A process id is reused, together with the time of its start it is not.
#[derive(Debug)]
struct Known {
    start: u64,
    comm: Vec<u8>,
    cpu_ticks: u64,
    rss_bytes: u64,
    children: [u64; 4],
    io: Option<Io>,
    io_denied: bool,
    moment: Moment,
    seen: u32,
}

/// What a process used since it was last seen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Usage {
    pid: u32,
    cpu_percent: Option<f64>,
    rss_bytes: u64,
    rss_change: Option<f64>,
    read_rate: Option<f64>,
    write_rate: Option<f64>,
}

/// The table of processes.
#[derive(Debug)]
pub(crate) struct Processes {
    root: PathBuf,
    machine: Machine,
    top: usize,
    show_args: bool,
    scan: Scan,
    known: HashMap<u32, Known>,
    usages: Vec<Usage>,
    counts: Group,
    previous: Option<Moment>,
    round: u32,
    denied_said: bool,
}

impl Processes {
    pub(crate) fn new(root: &Path, machine: Machine, top: usize, show_args: bool) -> Self {
        Self {
            root: root.to_owned(),
            machine,
            top,
            show_args,
            scan: Scan::default(),
            known: HashMap::new(),
            usages: Vec::new(),
            counts: Group::new(&COUNTS, Vec::new()),
            previous: None,
            round: 0,
            denied_said: false,
        }
    }

    /// Looks at every process and gives out the state of those that lead; returns how many there are.
    pub(crate) fn tick(
        &mut self,
        tick: &mut Tick<'_>,
        kernel_hook: &HookName,
        hook: &HookName,
        boot: Boot,
    ) -> usize {
        if let Err(error) = self.scan.list(&self.root) {
            tick.degraded("host.process", unreadable(&self.root, &error));
            return 0;
        }
        if self.scan.pids.len() > PROCESSES_MAX {
            let reason =
                format!("there are more than {PROCESSES_MAX} processes; the rest is not looked at");
            tick.degraded("host.process", reason);
            self.scan.pids.truncate(PROCESSES_MAX);
        }
        self.round = self.round.wrapping_add(1);
        self.usages.clear();
        let (mut zombies, mut uninterruptible, mut malformed) = (0_u32, 0_u32, 0_u32);
        let (mut hidden, mut denied, mut asked) = (0_u32, 0_u32, 0_u32);
        let now = Circumstances {
            machine: self.machine,
            moment: tick.moment,
            previous: self.previous.replace(tick.moment),
            boot,
            round: self.round,
        };
        for at in 0..self.scan.pids.len() {
            if at % 64 == 63 && tick.out.is_cancelled() {
                return self.usages.len();
            }
            let Some(&pid) = self.scan.pids.get(at) else {
                break;
            };
            let stat = match self.scan.stat(pid) {
                Ok(stat) => stat,
                Err(Missing::Malformed) => {
                    malformed += 1;
                    continue;
                }
                Err(Missing::Denied) => {
                    hidden += 1;
                    continue;
                }
                Err(Missing::Gone) => continue,
            };
            zombies += u32::from(stat.state == b'Z');
            uninterruptible += u32::from(stat.state == b'D');
            let usage = observe(&mut self.known, &mut self.scan, pid, &stat, now);
            if let Some((usage, io)) = usage {
                self.usages.push(usage);
                asked += u32::from(io.is_some());
                denied += u32::from(io == Some(false));
            }
        }
        let round = self.round;
        self.known.retain(|_, known| known.seen == round);
        if malformed > 0 {
            let reason = "the status of a process is not as the kernel writes it; it is left out";
            tick.degraded("host.process", reason.to_owned());
        }
        if hidden > 0 {
            let reason = "permission denied to see the status of some processes";
            tick.degraded("host.process", reason.to_owned());
        }
        self.say_denied(tick, denied, asked);
        if self.usages.is_empty() {
            let reason = format!("{} shows no process", self.root.display());
            tick.degraded("host.process", reason);
            return 0;
        }
        tick.readable += 1;
        let count = |n: f64| Reading::Gauge(n);
        let counts = [
            count(self.usages.len() as f64),
            count(f64::from(zombies)),
            count(f64::from(uninterruptible)),
        ];
        self.counts.update(tick, kernel_hook, &counts);
        for at in leaders(&self.usages, self.top) {
            if let Some(usage) = self.usages.get(at).copied() {
                self.emit(tick, hook, boot, &usage);
            }
        }
        self.usages.len()
    }

    fn say_denied(&mut self, tick: &mut Tick<'_>, denied: u32, asked: u32) {
        if denied > 0 && !self.denied_said {
            self.denied_said = true;
            let reason = format!(
                "permission denied to see what {denied} of {asked} processes read and write; \
                 grant cap_sys_ptrace and cap_dac_read_search to see it"
            );
            tick.degraded("host.process.io", reason);
        }
    }

    fn emit(&self, tick: &mut Tick<'_>, hook: &HookName, boot: Boot, usage: &Usage) {
        let Some(known) = self.known.get(&usage.pid) else {
            return;
        };
        let mut variables = Attributes::new();
        variables.insert(variable::PID.to_owned(), i64::from(usage.pid).into());
        variables.insert(variable::COMM.to_owned(), readable(&known.comm).into());
        let rss = i64::try_from(usage.rss_bytes).unwrap_or(i64::MAX);
        variables.insert(variable::RSS_BYTES.to_owned(), rss.into());
        let reals = [
            (variable::CPU_PERCENT, usage.cpu_percent),
            (variable::RSS_CHANGE, usage.rss_change),
            (variable::READ_RATE, usage.read_rate),
            (variable::WRITE_RATE, usage.write_rate),
        ];
        for (name, value) in reals {
            if let Some(value) = value {
                variables.insert(name.to_owned(), value.into());
            }
        }
        if let Some(started) = started_ns(boot, known.start, self.machine.ticks_per_second) {
            variables.insert(variable::STARTED.to_owned(), started.into());
        }
        if self.show_args
            && let Some(arguments) = self.scan.arguments(usage.pid, ARGUMENTS_BYTES_MAX)
        {
            variables.insert(variable::ARGUMENTS.to_owned(), readable(&arguments).into());
        }
        let state = State {
            name: wellknown::HOST_PROCESS.to_owned(),
            time: tick.time,
            variables,
        };
        tick.out.signal(hook, Signal::State(state));
    }
}

fn started_ns(boot: Boot, start: u64, ticks_per_second: u64) -> Option<i64> {
    let boot_ns = u128::from(boot.time_s?) * 1_000_000_000;
    let after_ns = u128::from(start) * 1_000_000_000 / u128::from(ticks_per_second.max(1));
    i64::try_from(boot_ns + after_ns).ok()
}

#[derive(Debug, Clone, Copy)]
struct Circumstances {
    machine: Machine,
    moment: Moment,
    /// When the tick before was.
    previous: Option<Moment>,
    boot: Boot,
    round: u32,
}

/// Compares a process with what is known of it; the second value says whether its reads and writes were asked for and
/// shown. None when it was seen in this tick already or its numbers overflow.
fn observe(
    known: &mut HashMap<u32, Known>,
    scan: &mut Scan,
    pid: u32,
    stat: &Stat,
    now: Circumstances,
) -> Option<(Usage, Option<bool>)> {
    let rss_bytes = stat.rss_pages.checked_mul(now.machine.page_bytes)?;
    let cpu_ticks = stat.user_ticks.checked_add(stat.system_ticks)?;
    let hz = now.machine.ticks_per_second.max(1) as f64;
    let before = known.get(&pid).filter(|before| before.start == stat.start);
    if before.is_some_and(|before| before.seen == now.round) {
        return None;
    }
    // What started since the last tick has used everything since then.
    let born = now
        .boot
        .previous_s
        .is_some_and(|previous| stat.start as f64 / hz >= previous - 0.01);
    let (elapsed, cpu_before, rss_before, mut io_before) = match before {
        Some(before) => {
            let elapsed = now.moment.since(before.moment);
            (elapsed, before.cpu_ticks, before.rss_bytes, before.io)
        }
        None if born => {
            let elapsed = now.previous.and_then(|last| now.moment.since(last));
            (elapsed, 0, 0, Some(Io::default()))
        }
        None => (None, 0, 0, None),
    };
    // The kernel adds what a child read and wrote to the parent that reaps it, as if the parent had done it just now. A
    // short child may show no clock tick, but every one had faults.
    let reaped = before.map_or([0; 4], |before| before.children) != stat.children;
    if reaped {
        io_before = None;
    }
    let was_denied = before.is_some_and(|before| before.io_denied);
    let (io, io_denied) = if stat.is_kernel_thread() {
        (None, false)
    } else if was_denied {
        (None, true)
    } else {
        match scan.io(pid) {
            Ok(io) => (Some(io), false),
            Err(Missing::Denied) => (None, true),
            Err(Missing::Gone | Missing::Malformed) => (None, false),
        }
    };
    let asked = (!stat.is_kernel_thread() && (io.is_some() || io_denied)).then_some(!io_denied);
    let rate = |before: Option<u64>, now: Option<u64>| {
        let increase = now?.checked_sub(before?)? as f64 / elapsed?;
        (increase <= crate::group::RATE_MAX).then_some(increase)
    };
    let usage = Usage {
        pid,
        cpu_percent: rate(Some(cpu_before), Some(cpu_ticks)).map(|ticks| 100.0 * ticks / hz),
        rss_bytes,
        rss_change: elapsed.map(|elapsed| (rss_bytes as f64 - rss_before as f64) / elapsed),
        read_rate: rate(
            io_before.map(|io| io.read_bytes),
            io.map(|io| io.read_bytes),
        ),
        write_rate: rate(
            io_before.map(|io| io.written_bytes),
            io.map(|io| io.written_bytes),
        ),
    };
    let entry = known.entry(pid).or_insert_with(|| Known {
        start: stat.start,
        comm: Vec::new(),
        cpu_ticks,
        rss_bytes,
        children: stat.children,
        io,
        io_denied,
        moment: now.moment,
        seen: now.round,
    });
    entry.start = stat.start;
    entry.comm.clear();
    entry.comm.extend_from_slice(scan.comm(stat));
    entry.cpu_ticks = cpu_ticks;
    entry.rss_bytes = rss_bytes;
    entry.children = stat.children;
    entry.io = io;
    entry.io_denied = io_denied;
    entry.moment = now.moment;
    entry.seen = now.round;
    Some((usage, asked))
}
