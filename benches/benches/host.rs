//! Peer: sysinfo.
//!
//! One look at this machine, beside sysinfo refreshing the same: processors, memory, disks, networks, processes.
//!
//! Both read the live `/proc`, so the ratio moves a little with the number of processes; both look at all of them.

use std::hint::black_box;
use std::time::Duration;

use sysinfo::{
    CpuRefreshKind, Disks, MemoryRefreshKind, Networks, ProcessRefreshKind, ProcessesToUpdate,
    RefreshKind, System,
};
use voidstate_benches::{Plan, calibration_loop_ns, pair, plan, report_fact, report_pair};
use voidstate_core::{
    Emitter, HookName, SeriesId, SeriesInfo, SeriesKey, Signal, Source as _, Timestamp,
};
use voidstate_host::{HostConfig, HostSource};

/// Counts and forgets, as a queue with room would.
#[derive(Default)]
struct Counter {
    keys: Vec<SeriesKey>,
    samples: u64,
    states: u64,
}

impl Emitter for Counter {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let known = self.keys.iter().position(|key| *key == info.key);
        let at = known.unwrap_or_else(|| {
            self.keys.push(info.key.clone());
            self.keys.len() - 1
        });
        SeriesId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn sample(&mut self, series: SeriesId, _: Timestamp, value: f64) {
        black_box((series, value));
        self.samples += 1;
    }

    fn signal(&mut self, _: &HookName, signal: Signal) {
        if matches!(signal, Signal::State(_)) {
            self.states += 1;
        }
        black_box(signal);
    }

    fn rejected(&mut self, _: u64, _: &str) {}

    fn degraded(&mut self, part: &str, reason: &str) {
        println!("  degraded: {part}: {reason}");
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

fn main() {
    let mut source = match HostSource::new(HostConfig::default()) {
        Ok(source) => source,
        Err(error) => {
            println!("  skipped: {error}");
            return;
        }
    };
    let mut out = Counter::default();
    let mut now = Timestamp::from_secs(1_700_000_000);
    // Levels, then rates: after the second look every series is known.
    let mut look = || {
        now = now.saturating_add(Duration::from_secs(1));
        let next = source.poll(now, &mut out);
        black_box(next.is_ok())
    };
    look();
    look();

    let kinds = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing().with_usage())
        .with_memory(MemoryRefreshKind::everything());
    let of_processes = ProcessRefreshKind::nothing()
        .without_tasks()
        .with_cpu()
        .with_memory()
        .with_disk_usage();
    let (Ok(mut system), Ok(mut disks), Ok(mut networks)) = (
        System::new_with_specifics(kinds),
        Disks::new_with_refreshed_list(),
        Networks::new_with_refreshed_list(),
    ) else {
        println!("  skipped: sysinfo cannot read this machine");
        return;
    };
    let peer = || {
        system.refresh_cpu_usage();
        system.refresh_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, of_processes);
        disks.refresh(false);
        networks.refresh(false);
        black_box(system.processes().len());
    };

    let slow = plan(Plan {
        windows: 10,
        rounds: 7,
        window: Duration::from_millis(2),
    });
    let result = pair(
        slow,
        || {
            look();
        },
        peer,
    );
    report_pair("host", "tick_vs_sysinfo", "sysinfo 0.40", result);
    report_fact("host", "tick_cpu", result.ours_ns / 1e3, "us");
    report_fact("host", "calibration_loop", calibration_loop_ns(), "ns");
    let processes = system.processes().len();
    report_fact("host", "processes", processes as f64, "");
    report_fact("host", "series", out.keys.len() as f64, "");
}
