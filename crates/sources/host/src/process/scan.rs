//! Listing processes and reading their small files without allocating per process.

use std::ffi::CStr;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, RawDir, openat};
use rustix::io::{Errno, read};

use super::stat::{Io, Stat};
use crate::text::number;

/// Longest status that is read; the kernel's are below 400 bytes.
const STATUS_BYTES_MAX: usize = 4096;

/// Why a file of a process gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The process has ended.
    Gone,
    /// This user may not see it.
    Denied,
    /// It is not as the kernel writes it.
    Malformed,
}

/// The directory, the list of the last look at it, and buffers.
#[derive(Debug, Default)]
pub(super) struct Scan {
    root: Option<OwnedFd>,
    pub(super) pids: Vec<u32>,
    entries: Vec<u8>,
    path: String,
    text: Vec<u8>,
}

impl Scan {
    /// Lists the processes.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub(super) fn list(&mut self, root: &Path) -> io::Result<()> {
        self.pids.clear();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = openat(CWD, root, flags, Mode::empty())?;
        self.entries.clear();
        self.entries.reserve(32 << 10);
        let mut entries = RawDir::new(&directory, self.entries.spare_capacity_mut());
        while let Some(entry) = entries.next() {
            self.pids.extend(pid(entry?.file_name()));
        }
        self.root = Some(directory);
        Ok(())
    }

    /// The status of a process; its name stays readable through [`comm`](Self::comm) until the next status.
    pub(super) fn stat(&mut self, pid: u32) -> Result<Stat, Missing> {
        let mut text = std::mem::take(&mut self.text);
        let read = self.read(pid, "stat", &mut text);
        self.text = text;
        read?;
        Stat::parse(&self.text).ok_or(Missing::Malformed)
    }

    /// The name in the last status.
    pub(super) fn comm(&self, stat: &Stat) -> &[u8] {
        self.text.get(stat.comm.clone()).unwrap_or_default()
    }

    /// What a process has read and written.
    pub(super) fn io(&mut self, pid: u32) -> Result<Io, Missing> {
        let mut text = [0; 1024];
        let length = self.read_into(pid, "io", &mut text)?;
        let text = text.get(..length).unwrap_or_default();
        Io::parse(text).ok_or(Missing::Malformed)
    }

    /// The command line with blanks between the arguments; none for kernel threads and for what this user may not see.
    pub(super) fn arguments(&self, pid: u32, bytes_max: usize) -> Option<Vec<u8>> {
        let root = self.root.as_ref()?;
        let path = format!("{pid}/cmdline");
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let file = openat(root, path.as_str(), flags, Mode::empty()).ok()?;
        let mut text = vec![0; bytes_max];
        let length = read(&file, &mut text).ok()?;
        text.truncate(length);
        while text.last() == Some(&0) {
            text.pop();
        }
        for byte in &mut text {
            if *byte == 0 {
                *byte = b' ';
            }
        }
        (!text.is_empty()).then_some(text)
    }

    fn read(&mut self, pid: u32, name: &str, text: &mut Vec<u8>) -> Result<(), Missing> {
        text.resize(STATUS_BYTES_MAX, 0);
        let length = self.read_into(pid, name, text)?;
        text.truncate(length);
        Ok(())
    }

    fn read_into(&mut self, pid: u32, name: &str, text: &mut [u8]) -> Result<usize, Missing> {
        let root = self.root.as_ref().ok_or(Missing::Gone)?;
        self.path.clear();
        write!(self.path, "{pid}/{name}").map_err(|_| Missing::Malformed)?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let file = openat(root, self.path.as_str(), flags, Mode::empty()).map_err(missing)?;
        read(&file, text).map_err(missing)
    }
}

fn missing(error: Errno) -> Missing {
    match error {
        Errno::ACCESS | Errno::PERM => Missing::Denied,
        Errno::NOENT | Errno::SRCH => Missing::Gone,
        _ => Missing::Malformed,
    }
}

fn pid(name: &CStr) -> Option<u32> {
    let name = name.to_bytes();
    let pid = number(name).filter(|_| !name.starts_with(b"0"))?;
    u32::try_from(pid).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_are_processes() {
        assert_eq!(pid(c"42"), Some(42));
        for name in [c"042", c"0", c"self", c"4x", c"", c"99999999999"] {
            assert_eq!(pid(name), None);
        }
    }
}
