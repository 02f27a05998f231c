//! Pressure stall information: `/proc/pressure/*`.

use std::path::Path;

use voidstate_core::{HookName, Unit};

use crate::files::ProcFile;
use crate::group::{Group, Kind, Metric, Reading};
use crate::text::{decimal, fields, lines, number};
use crate::tick::Tick;

/// The stalled time is microseconds; a microsecond per second is a ten-thousandth of a per cent.
const STALLS: [Metric; 2] = [
    Metric::gauge("host.pressure.avg10_percent", Unit::Percent),
    Metric::new(
        "host.pressure.stalled_percent",
        Unit::Percent,
        Kind::Rate,
        1e-4,
    ),
];

const RESOURCES: [(&str, &str); 3] = [
    ("cpu", "pressure/cpu"),
    ("io", "pressure/io"),
    ("memory", "pressure/memory"),
];

/// One file and its series: some tasks stalled, all tasks stalled.
#[derive(Debug)]
struct Resource {
    file: ProcFile,
    some: Group,
    full: Group,
}

/// The three files and their series.
#[derive(Debug)]
pub(crate) struct Pressure(Vec<Resource>);

impl Pressure {
    pub(crate) fn new(root: &Path, keep: bool) -> Self {
        let resource = |(name, file): (&str, &str)| {
            let group = |tasks: &str| {
                let labels = vec![("resource", name.to_owned()), ("tasks", tasks.to_owned())];
                Group::new(&STALLS, labels)
            };
            Resource {
                file: ProcFile::new(root, file, keep),
                some: group("some"),
                full: group("full"),
            }
        };
        Self(RESOURCES.into_iter().map(resource).collect())
    }

    pub(crate) fn tick(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        for resource in &mut self.0 {
            let Some(text) = tick.read("host.pressure", &mut resource.file, buffer) else {
                continue;
            };
            for line in lines(text) {
                let mut parts = fields(line);
                let group = match parts.next() {
                    Some(b"some") => &mut resource.some,
                    Some(b"full") => &mut resource.full,
                    _ => continue,
                };
                let Some(readings) = stalls(parts).filter(|_| !group.is_current(tick)) else {
                    tick.malformed("host.pressure", &resource.file, "a line");
                    continue;
                };
                group.update(tick, hook, &readings);
            }
        }
    }
}

fn stalls<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Option<[Reading; 2]> {
    let (mut avg10, mut total) = (None, None);
    for part in parts {
        if let Some(value) = part.strip_prefix(b"avg10=") {
            avg10 = decimal(value).filter(|percent| *percent <= 100.0);
        } else if let Some(value) = part.strip_prefix(b"total=") {
            total = number(value);
        }
    }
    Some([Reading::Gauge(avg10?), Reading::Counter(total?)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whole_or_not_at_all() {
        let line = b"avg10=5.43 avg60=2.04 avg300=0.91 total=15375954";
        let expected = [Reading::Gauge(5.43), Reading::Counter(15_375_954)];
        assert_eq!(stalls(fields(line)), Some(expected));
        for bad in [
            &b""[..],
            b"avg10=NaN total=1",
            b"avg10=1.00",
            b"avg10=101.0 total=1",
            b"avg10=1.0 total=-1",
        ] {
            assert_eq!(stalls(fields(bad)), None);
        }
    }
}
