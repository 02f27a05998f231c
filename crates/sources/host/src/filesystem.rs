//! How full the local file systems are: `/proc/mounts` and `statvfs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::statvfs;
use voidstate_core::wellknown::LABEL_DEVICE;
use voidstate_core::{HookName, Unit};

use crate::files::ProcFile;
use crate::group::{Group, Metric, Reading};
use crate::text::{fields, lines, readable};
use crate::tick::Tick;

/// Most file systems that are watched, counting those that were unmounted.
pub(crate) const FILE_SYSTEMS_MAX: usize = 32;
/// Ticks between two looks at the mount table.
const MOUNTS_TICKS: u32 = 10;

/// Kinds that lie on a local disk: asking any other may wait for a network or for a user's program.
const LOCAL: [&[u8]; 14] = [
    b"ext2",
    b"ext3",
    b"ext4",
    b"xfs",
    b"btrfs",
    b"f2fs",
    b"jfs",
    b"zfs",
    b"bcachefs",
    b"vfat",
    b"exfat",
    b"ntfs3",
    b"reiserfs",
    b"hfsplus",
];

const FILE_SYSTEM: [Metric; 2] = [
    Metric::gauge("host.filesystem.used_bytes", Unit::Bytes),
    Metric::gauge("host.filesystem.used_inodes", Unit::Count),
];

/// The mount table and the series of each file system.
#[derive(Debug)]
pub(crate) struct FileSystems {
    file: ProcFile,
    /// The sizes are those of this machine, so they are asked only when the mount table is.
    live: bool,
    ticks: u32,
    mounts: Vec<Vec<u8>>,
    groups: BTreeMap<Vec<u8>, Group>,
}

impl FileSystems {
    pub(crate) fn new(root: &Path, live: bool) -> Self {
        Self {
            file: ProcFile::new(root, "mounts", live),
            live,
            ticks: 0,
            mounts: Vec::new(),
            groups: BTreeMap::new(),
        }
    }

    pub(crate) fn tick(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        if !self.live {
            let reason =
                "the root is not a mounted procfs, so the sizes of its file systems are not known";
            tick.degraded("host.filesystem", reason.to_owned());
            return;
        }
        if self.ticks.is_multiple_of(MOUNTS_TICKS) {
            self.mounts = match tick.read("host.filesystem", &mut self.file, buffer) {
                Some(text) => mounts(text),
                None => Vec::new(),
            };
        }
        self.ticks = self.ticks.wrapping_add(1);
        for mount in &self.mounts {
            if !self.groups.contains_key(mount) && self.groups.len() >= FILE_SYSTEMS_MAX {
                let reason = format!(
                    "there are more than {FILE_SYSTEMS_MAX} file systems; the rest is not watched"
                );
                tick.degraded("host.filesystem", reason);
                continue;
            }
            let status = match statvfs(Path::new(OsStr::from_bytes(mount))) {
                Ok(status) => status,
                Err(error) => {
                    let reason = format!("{}: {error}", readable(mount));
                    tick.degraded("host.filesystem", reason);
                    continue;
                }
            };
            let group = self
                .groups
                .entry(mount.clone())
                .or_insert_with(|| Group::new(&FILE_SYSTEM, vec![(LABEL_DEVICE, readable(mount))]));
            let block = status.f_frsize as f64;
            group.limit(0, Some(status.f_blocks as f64 * block));
            let inodes = (status.f_files > 0).then_some(status.f_files as f64);
            group.limit(1, inodes);
            let used = |whole: u64, free: u64| {
                let used = whole.checked_sub(free);
                used.map_or(Reading::Missing, |used| Reading::Gauge(used as f64))
            };
            let bytes = match used(status.f_blocks, status.f_bfree) {
                Reading::Gauge(blocks) => Reading::Gauge(blocks * block),
                other => other,
            };
            let inodes = inodes.map_or(Reading::Missing, |_| used(status.f_files, status.f_ffree));
            group.update(tick, hook, &[bytes, inodes]);
        }
    }
}

/// Mount points of local file systems, each device once.
fn mounts(text: &[u8]) -> Vec<Vec<u8>> {
    let mut devices = BTreeSet::new();
    let mut points = Vec::new();
    for line in lines(text) {
        let mut parts = fields(line);
        let (Some(device), Some(point), Some(kind)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        // The root of a container is an overlay that lies on a local disk.
        let local = LOCAL.contains(&kind) || (kind == b"overlay" && point == b"/");
        let label_fits = point.len() <= 200;
        if local && label_fits && devices.insert(device) {
            points.push(unescape(point));
        }
    }
    points
}

/// The kernel writes blanks and backslashes of a path as a backslash and three octal digits.
fn unescape(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&first, tail)) = rest.split_first() {
        let octal = match tail {
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] if first == b'\\' => {
                Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
            }
            _ => None,
        };
        out.push(octal.unwrap_or(first));
        rest = tail
            .get(if octal.is_some() { 3.. } else { 0.. })
            .unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_file_systems_are_found_once() {
        let text =
            b"/dev/vda / ext4 rw 0 0\n/dev/vda /again ext4 rw 0 0\nserver:/x /net nfs4 rw 0 0\n\
            tmpfs /tmp tmpfs rw 0 0\n/dev/sdb1 /my\\040disk\\134 vfat rw 0 0\nbroken\n";
        assert_eq!(mounts(text), [b"/".to_vec(), b"/my disk\\".to_vec()]);
        assert_eq!(unescape(b"a\\9\\04"), b"a\\9\\04");
    }
}
