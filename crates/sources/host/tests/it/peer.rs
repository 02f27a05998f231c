//! The `procfs` crate reads the same bytes.

use procfs::process::Stat;
use procfs::{FromBufReadSI as _, FromRead as _, KernelStats, Meminfo};
use std::fs;

use crate::support::{Fixture, Recorder, near};

#[test]
fn agrees_with_procfs() {
    let fixture = Fixture::new();
    // Real files of this machine, frozen.
    for name in ["stat", "meminfo", "loadavg"] {
        fixture.write(name, fs::read(format!("/proc/{name}")).unwrap());
    }
    let own = fs::read("/proc/self/stat").unwrap();
    fixture.write("77/stat", &own);
    let mut seen = Recorder::default();
    seen.poll(&mut fixture.source(), 0.0);

    let open = |name: &str| fs::File::open(fixture.path().join(name)).unwrap();
    let memory = Meminfo::from_read(open("meminfo")).unwrap();
    let available = memory.mem_available.unwrap();
    let used = (memory.mem_total - available) as f64;
    assert!(near(seen.value("host.memory.used_bytes"), used));
    assert!(near(
        seen.value("host.memory.cached_bytes"),
        memory.cached as f64
    ));
    assert!(near(
        seen.value("host.memory.committed_bytes"),
        memory.committed_as as f64
    ));
    assert!(near(
        seen.value("host.memory.slab_bytes"),
        memory.slab as f64
    ));

    let reader = std::io::BufReader::new(open("stat"));
    let stats = KernelStats::from_buf_read(reader, &procfs::LocalSystemInfo).unwrap();
    let running = f64::from(stats.procs_running.unwrap());
    assert!(near(seen.value("host.kernel.run_queue"), running));

    let process = Stat::from_read(&own[..]).unwrap();
    let state = seen.process(77).unwrap();
    assert_eq!(
        state.variables["comm"].as_text(),
        Some(process.comm.as_str())
    );
    let bytes = process.rss * procfs::page_size();
    assert_eq!(
        state.variables["rss_bytes"].as_int(),
        i64::try_from(bytes).ok()
    );
    let started = i128::from(stats.btime) * 1_000_000_000
        + i128::from(process.starttime) * 1_000_000_000 / i128::from(procfs::ticks_per_second());
    assert_eq!(
        state.variables["started_ns"].as_int(),
        i64::try_from(started).ok()
    );
}
