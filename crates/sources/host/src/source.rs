//! One look at everything per interval.

use voidstate_core::wellknown::{
    HOST_CPU, HOST_DISK, HOST_FILESYSTEM, HOST_KERNEL, HOST_MEMORY, HOST_NETWORK, HOST_PRESSURE,
    HOST_PROCESS, HOST_TICK,
};
use voidstate_core::{
    Attributes, Emitter, Event, HookName, Next, Overflow, Signal, Source, SourceInfo, Timestamp,
    Unit,
};

use crate::disk::Disks;
use crate::doctor::anything;
use crate::files::{ProcFile, is_procfs};
use crate::filesystem::FileSystems;
use crate::group::{Group, Metric, Reading};
use crate::kernel::Kernel;
use crate::memory::Memory;
use crate::network::Network;
use crate::pressure::Pressure;
use crate::process::{Boot, Machine, Processes};
use crate::protocol::Protocols;
use crate::schedule::Schedule;
use crate::text::{decimal, fields};
use crate::tick::{Moment, Said, Tick};
use crate::{Error, HostConfig, Result};

const LATE: [Metric; 1] = [Metric::gauge("host.tick.late_seconds", Unit::Seconds)];

#[derive(Debug)]
struct Hooks {
    cpu: HookName,
    memory: HookName,
    disk: HookName,
    file_system: HookName,
    network: HookName,
    pressure: HookName,
    kernel: HookName,
    process: HookName,
    tick: HookName,
}

impl Hooks {
    fn new() -> Result<Self> {
        Ok(Self {
            cpu: HookName::new(HOST_CPU)?,
            memory: HookName::new(HOST_MEMORY)?,
            disk: HookName::new(HOST_DISK)?,
            file_system: HookName::new(HOST_FILESYSTEM)?,
            network: HookName::new(HOST_NETWORK)?,
            pressure: HookName::new(HOST_PRESSURE)?,
            kernel: HookName::new(HOST_KERNEL)?,
            process: HookName::new(HOST_PROCESS)?,
            tick: HookName::new(HOST_TICK)?,
        })
    }
}

/// Watches a Linux machine: one look at everything per interval.
///
/// It remembers the numbers that its emitter issued for the series, so every poll must be given the same one.
#[derive(Debug)]
pub struct HostSource {
    hooks: Hooks,
    schedule: Schedule,
    uptime_file: ProcFile,
    kernel: Kernel,
    memory: Memory,
    disks: Disks,
    file_systems: FileSystems,
    network: Network,
    protocols: Protocols,
    pressure: Pressure,
    processes: Processes,
    late: Group,
    said: Said,
    buffer: Vec<u8>,
}

impl HostSource {
    /// A source that has not looked yet.
    ///
    /// # Errors
    /// [`Error::Interval`] and [`Error::Top`] when the configuration is out of range, [`Error::NothingReadable`] when not
    /// one part can be read, [`Error::NotLinux`] on other systems.
    pub fn new(config: HostConfig) -> Result<Self> {
        config.check()?;
        let root = config.proc_root.as_path();
        if let Err(reason) = anything(root) {
            return Err(Error::NothingReadable {
                root: config.proc_root,
                reason,
            });
        }
        let live = is_procfs(root);
        let machine = Machine {
            ticks_per_second: procfs::ticks_per_second(),
            page_bytes: procfs::page_size(),
        };
        Ok(Self {
            hooks: Hooks::new()?,
            schedule: Schedule::new(config.interval),
            uptime_file: ProcFile::new(root, "uptime", live),
            kernel: Kernel::new(root, live),
            memory: Memory::new(root, live, machine.page_bytes),
            disks: Disks::new(root, live),
            file_systems: FileSystems::new(root, live),
            network: Network::new(root, live, &config.sys_root),
            protocols: Protocols::new(root, live),
            pressure: Pressure::new(root, live),
            processes: Processes::new(root, machine, config.top, config.show_args),
            late: Group::new(&LATE, Vec::new()),
            said: Said::default(),
            buffer: Vec::new(),
        })
    }

    fn tick(&mut self, now: Timestamp, out: &mut dyn Emitter) -> voidstate_core::Result<()> {
        let Self {
            hooks,
            schedule,
            said,
            buffer,
            ..
        } = self;
        let mut tick = Tick {
            out,
            time: now,
            moment: Moment::default(),
            samples: 0,
            readable: 0,
            said,
        };
        let uptime_s = uptime(&mut tick, &mut self.uptime_file, buffer);
        let started = schedule.start(now, uptime_s);
        tick.moment = started.moment;
        self.kernel
            .tick(&mut tick, &hooks.cpu, &hooks.kernel, buffer);
        self.memory.tick(&mut tick, &hooks.memory, buffer);
        self.disks.tick(&mut tick, &hooks.disk, buffer);
        self.file_systems
            .tick(&mut tick, &hooks.file_system, buffer);
        self.network.tick(&mut tick, &hooks.network, buffer);
        self.protocols.tick(&mut tick, &hooks.network, buffer);
        self.pressure.tick(&mut tick, &hooks.pressure, buffer);
        let boot = Boot {
            time_s: self.kernel.boot_time_s,
            previous_s: started.previous_uptime_s,
        };
        let processes = self
            .processes
            .tick(&mut tick, &hooks.kernel, &hooks.process, boot);
        if tick.readable == 0 {
            return Err(voidstate_core::Error::Source {
                source_name: "host".to_owned(),
                message: "no part can be read any more".to_owned(),
                cause: None,
            });
        }
        let late = Reading::Gauge(started.late_s);
        self.late.update(&mut tick, &hooks.kernel, &[late]);
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let attributes = Attributes::from([
            ("samples".to_owned(), count(tick.samples).into()),
            ("processes".to_owned(), count(processes as u64).into()),
            ("late_seconds".to_owned(), started.late_s.into()),
        ]);
        let event = Event {
            name: HOST_TICK.to_owned(),
            time: now,
            attributes,
        };
        tick.out.signal(&hooks.tick, Signal::Event(event));
        Ok(())
    }
}

/// Seconds since the machine started, sleep included.
fn uptime(tick: &mut Tick<'_>, file: &mut ProcFile, buffer: &mut Vec<u8>) -> Option<f64> {
    let text = tick.read("host.uptime", file, buffer)?;
    let uptime_s = fields(text).next().and_then(decimal);
    if uptime_s.is_none() {
        tick.malformed("host.uptime", file, "the time");
    }
    uptime_s
}

impl Source for HostSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: "host".to_owned(),
            description: "processors, memory, disks, network, pressure and leading processes of a Linux machine"
                .to_owned(),
            overflow: Overflow::Drop,
        }
    }

    fn poll(&mut self, now: Timestamp, out: &mut dyn Emitter) -> voidstate_core::Result<Next> {
        if out.is_cancelled() {
            return Ok(Next::At(self.schedule.next(now)));
        }
        if let Some(due) = self.schedule.not_yet(now) {
            return Ok(Next::At(due));
        }
        self.tick(now, out)?;
        Ok(Next::At(self.schedule.next(now)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use voidstate_core::{SeriesId, SeriesInfo};

    use super::*;

    /// Keeps the series it is told of.
    #[derive(Default)]
    struct Told(Vec<SeriesInfo>);

    impl Emitter for Told {
        fn series(&mut self, info: &SeriesInfo) -> SeriesId {
            self.0.push(info.clone());
            SeriesId(u32::try_from(self.0.len()).unwrap())
        }

        fn sample(&mut self, _: SeriesId, _: Timestamp, _: f64) {}

        fn signal(&mut self, _: &HookName, _: Signal) {}

        fn rejected(&mut self, _: u64, _: &str) {}

        fn degraded(&mut self, _: &str, _: &str) {}

        fn is_cancelled(&self) -> bool {
            false
        }
    }

    #[test]
    fn file_systems_have_a_hook_of_their_own() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("uptime"), "100.00 180.00\n").unwrap();
        fs::write(root.path().join("mounts"), "/dev/vda / ext4 rw 0 0\n").unwrap();
        let config = HostConfig {
            proc_root: root.path().to_owned(),
            ..HostConfig::default()
        };
        let mut source = HostSource::new(config).unwrap();
        // The sizes of a copied root are not asked otherwise.
        source.file_systems = FileSystems::new(root.path(), true);
        let mut told = Told::default();
        source
            .poll(Timestamp::from_secs(1_700_000_000), &mut told)
            .unwrap();
        let file_systems: Vec<_> = told
            .0
            .iter()
            .filter(|info| info.key.metric().as_str().starts_with("host.filesystem."))
            .collect();
        assert!(!file_systems.is_empty());
        for info in file_systems {
            assert_eq!(info.hook.as_str(), "host.filesystem", "{}", info.key);
        }
    }
}
