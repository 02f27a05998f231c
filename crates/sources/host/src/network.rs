//! Network interfaces: `/proc/net/dev`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use voidstate_core::wellknown::LABEL_DEVICE;
use voidstate_core::{HookName, Unit};

use crate::files::ProcFile;
use crate::group::{Group, Kind, Metric, Reading};
use crate::text::{fields, lines, number, readable};
use crate::tick::Tick;

/// Most interfaces that are watched, counting those that went away.
pub(crate) const INTERFACES_MAX: usize = 64;
/// Most interfaces of containers and tunnels among them; orchestrators make new names all day.
pub(crate) const EPHEMERAL_MAX: usize = 8;
/// Ticks between two looks at the speed of the links.
const SPEED_TICKS: u32 = 60;

const EPHEMERAL: [&[u8]; 6] = [b"veth", b"cali", b"lxc", b"tap", b"vnet", b"cilium"];

const fn flow(name: &'static str) -> Metric {
    Metric::new(name, Unit::BytesPerSecond, Kind::Rate, 1.0)
}

const INTERFACE: [Metric; 8] = [
    flow("host.network.received_bytes_per_second"),
    Metric::rate("host.network.received_packets_per_second"),
    Metric::rate("host.network.receive_errors_per_second"),
    Metric::rate("host.network.receive_drops_per_second"),
    flow("host.network.sent_bytes_per_second"),
    Metric::rate("host.network.sent_packets_per_second"),
    Metric::rate("host.network.send_errors_per_second"),
    Metric::rate("host.network.send_drops_per_second"),
];
/// Columns of the file in the order of the metrics, counted from the name.
const COLUMNS: [usize; 8] = [0, 1, 2, 3, 8, 9, 10, 11];
/// Metrics that the speed of the link bounds.
const BOUNDED: [usize; 2] = [0, 4];

#[derive(Debug)]
struct Interface {
    group: Group,
    ticks: u32,
}

/// The file and the series of each interface.
#[derive(Debug)]
pub(crate) struct Network {
    file: ProcFile,
    class: PathBuf,
    interfaces: HashMap<Vec<u8>, Interface>,
    ephemeral: usize,
}

impl Network {
    pub(crate) fn new(root: &Path, keep: bool, sys_root: &Path) -> Self {
        Self {
            file: ProcFile::new(root, "net/dev", keep),
            class: sys_root.join("class/net"),
            interfaces: HashMap::new(),
            ephemeral: 0,
        }
    }

    pub(crate) fn tick(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        let Some(text) = tick.read("host.network", &mut self.file, buffer) else {
            return;
        };
        // The two header lines have no colon.
        for line in lines(text).filter(|line| line.contains(&b':')) {
            let parsed = parse(line);
            let Some((name, counters)) = parsed else {
                tick.malformed("host.network", &self.file, "a line");
                continue;
            };
            self.interface(tick, hook, name, counters);
        }
    }

    fn interface(&mut self, tick: &mut Tick<'_>, hook: &HookName, name: &[u8], counters: [u64; 8]) {
        if !self.interfaces.contains_key(name) && !self.admit(tick, name) {
            return;
        }
        let Some(interface) = self.interfaces.get_mut(name) else {
            return;
        };
        if interface.group.is_current(tick) {
            tick.malformed("host.network", &self.file, "a second line of an interface");
            return;
        }
        if interface.ticks.is_multiple_of(SPEED_TICKS) {
            let speed = speed_bytes_per_second(&self.class, name);
            for at in BOUNDED {
                interface.group.limit(at, speed);
            }
        }
        interface.ticks = interface.ticks.wrapping_add(1);
        interface
            .group
            .update(tick, hook, &counters.map(Reading::Counter));
    }

    /// Makes room for a new interface, unless there are too many.
    fn admit(&mut self, tick: &mut Tick<'_>, name: &[u8]) -> bool {
        let ephemeral = EPHEMERAL.iter().any(|prefix| name.starts_with(prefix));
        if ephemeral && self.ephemeral >= EPHEMERAL_MAX {
            let reason = format!(
                "more than {EPHEMERAL_MAX} interfaces of containers or tunnels; the rest is not watched"
            );
            tick.degraded("host.network", reason);
            return false;
        }
        if self.interfaces.len() >= INTERFACES_MAX {
            let reason = format!("more than {INTERFACES_MAX} interfaces; the rest is not watched");
            tick.degraded("host.network", reason);
            return false;
        }
        self.ephemeral += usize::from(ephemeral);
        let labels = vec![(LABEL_DEVICE, readable(name))];
        let group = Group::new(&INTERFACE, labels);
        self.interfaces
            .insert(name.to_vec(), Interface { group, ticks: 0 });
        true
    }
}

/// Name and the eight counters of a line; names may contain anything but blanks, even a colon.
fn parse(line: &[u8]) -> Option<(&[u8], [u64; 8])> {
    let colon = line.iter().rposition(|&b| b == b':')?;
    let name = line.get(..colon)?.trim_ascii();
    let columns: Vec<u64> = fields(line.get(colon + 1..)?)
        .map(number)
        .collect::<Option<_>>()?;
    let mut counters = [0; 8];
    for (counter, at) in counters.iter_mut().zip(COLUMNS) {
        *counter = *columns.get(at)?;
    }
    (!name.is_empty()).then_some((name, counters))
}

/// What the link can carry; none when it does not say, as with wireless and virtual links.
fn speed_bytes_per_second(class: &Path, name: &[u8]) -> Option<f64> {
    let name = std::str::from_utf8(name).ok()?;
    if name.contains('/') || name.starts_with('.') {
        return None;
    }
    let text = std::fs::read(class.join(name).join("speed")).ok()?;
    let megabits = number(text.trim_ascii()).filter(|speed| (1..=10_000_000).contains(speed))?;
    Some(megabits as f64 * 1e6 / 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_colons_and_glued_numbers_are_read() {
        let (name, counters) = parse(b"eth0:1:99 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16").unwrap();
        assert_eq!(name, b"eth0:1");
        assert_eq!(counters, [99, 2, 3, 4, 9, 10, 11, 12]);
        assert!(parse(b"eth0: 1 2 3").is_none());
        assert!(parse(b": 1 2 3 4 5 6 7 8 9 10 11 12").is_none());
        assert!(parse(b"eth0: 1 2 3 4 5 6 7 8 9 10 11 -12").is_none());
    }

    #[test]
    fn a_speed_is_megabits_or_unknown() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("eth0")).unwrap();
        for (text, speed) in [
            ("1000\n", Some(125e6)),
            ("-1\n", None),
            ("", None),
            ("99999999999\n", None),
        ] {
            std::fs::write(dir.path().join("eth0/speed"), text).unwrap();
            assert_eq!(speed_bytes_per_second(dir.path(), b"eth0"), speed);
        }
        assert_eq!(speed_bytes_per_second(dir.path(), b"../eth0"), None);
    }
}
