//! Disks: `/proc/diskstats`.

use std::collections::BTreeMap;
use std::path::Path;

use procfs::DiskStat;
use voidstate_core::wellknown::LABEL_DEVICE;
use voidstate_core::{HookName, Unit};

use crate::files::ProcFile;
use crate::group::{Group, Kind, Metric, Reading};
use crate::text::{lines, readable};
use crate::tick::Tick;

/// Most disks that are watched, counting those that were unplugged.
pub(crate) const DISKS_MAX: usize = 64;

/// The kernel counts sectors of 512 bytes whatever the device's own are.
const SECTOR_BYTES: f64 = 512.0;

const fn flow(name: &'static str) -> Metric {
    Metric::new(name, Unit::BytesPerSecond, Kind::Rate, SECTOR_BYTES)
}

/// Times are milliseconds in 32 bits; a millisecond per second is a tenth of a per cent.
const DISK: [Metric; 9] = [
    flow("host.disk.read_bytes_per_second"),
    flow("host.disk.written_bytes_per_second"),
    Metric::rate("host.disk.reads_per_second"),
    Metric::rate("host.disk.writes_per_second"),
    Metric::gauge("host.disk.in_flight", Unit::Count),
    Metric::new("host.disk.busy_percent", Unit::Percent, Kind::Rate32, 0.1),
    Metric::new("host.disk.queue_length", Unit::Count, Kind::Rate32, 1e-3),
    flow("host.disk.discarded_bytes_per_second"),
    Metric::rate("host.disk.flushes_per_second"),
];

/// Devices that stand for others, for memory or for nothing: counting them would count the same work twice.
const VIRTUAL: [&str; 8] = ["loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd"];

/// The file and the series of each disk.
#[derive(Debug)]
pub(crate) struct Disks {
    file: ProcFile,
    groups: BTreeMap<String, Group>,
}

impl Disks {
    pub(crate) fn new(root: &Path, keep: bool) -> Self {
        Self {
            file: ProcFile::new(root, "diskstats", keep),
            groups: BTreeMap::new(),
        }
    }

    pub(crate) fn tick(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        let Some(text) = tick.read("host.disk", &mut self.file, buffer) else {
            return;
        };
        let mut whole: Vec<String> = Vec::new();
        for line in lines(text) {
            let Ok(disk) = DiskStat::from_line(&String::from_utf8_lossy(line)) else {
                tick.malformed("host.disk", &self.file, "a line");
                continue;
            };
            // Partitions follow their disk.
            let part = whole
                .iter()
                .any(|disk_name| is_partition(&disk.name, disk_name));
            if is_virtual(&disk.name) || part {
                continue;
            }
            self.disk(tick, hook, &disk);
            whole.push(disk.name);
        }
    }

    fn disk(&mut self, tick: &mut Tick<'_>, hook: &HookName, disk: &DiskStat) {
        if !self.groups.contains_key(&disk.name) {
            if self.groups.len() >= DISKS_MAX {
                let reason =
                    format!("there are more than {DISKS_MAX} disks; the rest is not watched");
                tick.degraded("host.disk", reason);
                return;
            }
            let labels = vec![(LABEL_DEVICE, readable(disk.name.as_bytes()))];
            self.groups
                .insert(disk.name.clone(), Group::new(&DISK, labels));
        }
        let Some(group) = self.groups.get_mut(&disk.name) else {
            return;
        };
        if group.is_current(tick) {
            tick.malformed("host.disk", &self.file, "a second line of the same disk");
            return;
        }
        let readings = [
            Reading::Counter(disk.sectors_read),
            Reading::Counter(disk.sectors_written),
            Reading::Counter(disk.reads),
            Reading::Counter(disk.writes),
            Reading::Gauge(disk.in_progress as f64),
            Reading::Counter(disk.time_in_progress),
            Reading::Counter(disk.weighted_time_in_progress),
            disk.sectors_discarded.into(),
            disk.flushes.into(),
        ];
        group.update(tick, hook, &readings);
    }
}

fn is_virtual(name: &str) -> bool {
    VIRTUAL.iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`.
fn is_partition(name: &str, disk: &str) -> bool {
    let Some(rest) = name.strip_prefix(disk) else {
        return false;
    };
    let digits = if disk.ends_with(|c: char| c.is_ascii_digit()) {
        rest.strip_prefix('p')
    } else {
        Some(rest)
    };
    digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_and_virtual_devices_are_told_by_name() {
        for (name, disk) in [
            ("sda1", "sda"),
            ("nvme0n1p2", "nvme0n1"),
            ("mmcblk0p1", "mmcblk0"),
        ] {
            assert!(is_partition(name, disk));
        }
        for (name, disk) in [
            ("sda", "sda"),
            ("sdaa", "sda"),
            ("nvme0n12", "nvme0n1"),
            ("sdb1", "sda"),
        ] {
            assert!(!is_partition(name, disk));
        }
        for name in ["loop0", "ram1", "zram0", "dm-3", "md127"] {
            assert!(is_virtual(name), "{name}");
        }
        for name in ["sda", "vda", "nvme0n1", "mdisk", "sr", "xvda1"] {
            assert!(!is_virtual(name), "{name}");
        }
    }
}
