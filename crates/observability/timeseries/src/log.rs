//! A file that only grows: append with rollback, and a scan that survives damage.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::header::{self, FileKind, HEADER_BYTES, Header};
use crate::transaction::Journal;

/// What the bytes at some place turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A sound record of so many bytes.
    Sound(usize),
    /// Perhaps a record, if there are so many bytes.
    Needs(usize),
    /// No record; so many bytes were examined to learn it.
    Bad(usize),
}

/// How records are told from garbage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Framing<F> {
    /// With what every record starts.
    pub(crate) magic: [u8; 4],
    /// Judges the bytes at a place.
    pub(crate) judge: F,
}

/// An append-only file.
#[derive(Debug)]
pub(crate) struct Log {
    file: Arc<File>,
    path: PathBuf,
    /// Length of what was acknowledged.
    len: u64,
    /// The file may be longer than `len`.
    torn: bool,
    /// Something was written since the file was last taken for syncing.
    dirty: bool,
}

/// Options with which every file of a store is opened for writing.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

impl Log {
    /// Makes a new file with its header; fails when there is one.
    pub(crate) fn create(path: &Path, kind: FileKind, generation: u64) -> Result<Self> {
        let file = private()
            .create_new(true)
            .open(path)
            .map_err(|e| Error::io("create", path, e))?;
        let mut log = Self {
            file: Arc::new(file),
            path: path.to_owned(),
            len: 0,
            torn: false,
            dirty: true,
        };
        if let Err(error) = log.append(&header::encode(kind, generation)) {
            // Without its header the file is of no use, and its name is needed again.
            let _ = std::fs::remove_file(path);
            return Err(error);
        }
        Ok(log)
    }

    /// Opens a file, hands every sound record with its offset to `each`, cuts a torn tail and says in `notes` what is wrong.
    pub(crate) fn open<F: Fn(&[u8]) -> Frame>(
        path: &Path,
        kind: FileKind,
        generation: u64,
        framing: &Framing<F>,
        mut each: impl FnMut(u64, &[u8]),
        mut note: impl FnMut(String),
    ) -> Result<Self> {
        let file = private()
            .open(path)
            .map_err(|e| Error::io("open", path, e))?;
        let end = file
            .metadata()
            .map_err(|e| Error::io("examine", path, e))?
            .len();
        let mut log = Self {
            file: Arc::new(file),
            path: path.to_owned(),
            len: end,
            torn: false,
            dirty: true,
        };
        log.check_header(kind, generation, end, &mut note)?;
        let mut scan = Scan::new(&log.file, end.max(HEADER_BYTES as u64));
        let good = scan
            .run(framing, &mut each, |gap| {
                note(format!(
                    "{} has {} damaged bytes at {}; they were skipped",
                    log.path.display(),
                    gap.1 - gap.0,
                    gap.0
                ));
            })
            .map_err(|e| Error::io("read", path, e))?;
        if good < end {
            log.len = good;
            log.torn = true;
            log.restore()?;
            note(format!(
                "{} had a torn or damaged tail: {} bytes after {good} were cut",
                path.display(),
                end - good
            ));
        } else {
            log.len = good;
        }
        Ok(log)
    }

    /// Refuses newer versions, and repairs a damaged header.
    fn check_header(
        &self,
        kind: FileKind,
        generation: u64,
        end: u64,
        note: &mut impl FnMut(String),
    ) -> Result<()> {
        let mut bytes = [0; HEADER_BYTES];
        let have = HEADER_BYTES.min(usize::try_from(end).unwrap_or(HEADER_BYTES));
        let bytes = bytes.get_mut(..have).unwrap_or_default();
        self.file
            .read_exact_at(bytes, 0)
            .map_err(|e| Error::io("read", &self.path, e))?;
        match header::check(bytes, kind, generation) {
            Header::Sound => Ok(()),
            Header::Newer(found) => Err(Error::Version {
                path: self.path.clone(),
                found,
                newest: header::VERSION,
            }),
            Header::Damaged(reason) => {
                note(format!(
                    "{}: {reason}; it was rewritten",
                    self.path.display()
                ));
                self.file
                    .write_all_at(&header::encode(kind, generation), 0)
                    .map_err(|e| Error::io("write", &self.path, e))
            }
        }
    }

    /// Reads the first `end` bytes of a log without changing anything, says what is wrong and counts sound records.
    pub(crate) fn inspect<F: Fn(&[u8]) -> Frame>(
        path: &Path,
        kind: FileKind,
        generation: u64,
        end: u64,
        framing: &Framing<F>,
        mut fault: impl FnMut(String),
    ) -> Result<u64> {
        let failed = |verb| move |e| Error::io(verb, path, e);
        let file = File::open(path).map_err(failed("open"))?;
        let there = file.metadata().map_err(failed("examine"))?.len();
        if there < end {
            fault(format!("{} has {there} of {end} bytes", path.display()));
        }
        let end = end.min(there);
        let mut head = [0; HEADER_BYTES];
        let have = HEADER_BYTES.min(usize::try_from(end).unwrap_or(HEADER_BYTES));
        let head = head.get_mut(..have).unwrap_or_default();
        file.read_exact_at(head, 0).map_err(failed("read"))?;
        if header::check(head, kind, generation) != Header::Sound {
            fault(format!("{}: its header is damaged", path.display()));
        }
        let mut records = 0;
        let good = Scan::new(&file, end)
            .run(framing, &mut |_, _| records += 1, |(from, to)| {
                fault(format!(
                    "{} has {} damaged bytes at {from}",
                    path.display(),
                    to - from
                ));
            })
            .map_err(failed("read"))?;
        if good < end {
            fault(format!("{} is damaged from byte {good} on", path.display()));
        }
        Ok(records)
    }

    /// Appends `bytes`, all of them or none, and gives their offset. An `Ok` means that the system has them.
    fn append(&mut self, bytes: &[u8]) -> Result<u64> {
        self.restore()?;
        self.dirty = true;
        match self.file.write_all_at(bytes, self.len) {
            Ok(()) => {
                let at = self.len;
                self.len += bytes.len() as u64;
                Ok(at)
            }
            Err(cause) => {
                self.torn = true;
                // When this fails too, the next append tries again; until then a reader of the file sees a torn tail.
                let _ = self.restore();
                Err(Error::io("write", &self.path, cause))
            }
        }
    }

    fn restore(&mut self) -> Result<()> {
        if self.torn {
            self.file
                .set_len(self.len)
                .map_err(|e| Error::io("shorten", &self.path, e))?;
            self.torn = false;
        }
        Ok(())
    }

    pub(crate) const fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// The file, if it was written since the last call.
    pub(crate) fn take_dirty(&mut self) -> Option<Arc<File>> {
        std::mem::take(&mut self.dirty).then(|| Arc::clone(&self.file))
    }
}

impl Journal for Log {
    type Error = Error;

    fn write(&mut self, bytes: &[u8]) -> Result<u64> {
        self.append(bytes)
    }

    fn force(&mut self, bytes: u64) -> Result<()> {
        self.file.sync_data().map_err(|cause| {
            self.len = self.len.saturating_sub(bytes);
            self.torn = true;
            let _ = self.restore();
            Error::io("sync", &self.path, cause)
        })
    }
}

/// A pass over a file through a sliding buffer.
struct Scan<'a> {
    file: &'a File,
    end: u64,
    base: u64,
    buffer: Vec<u8>,
}

const STRIDE: usize = 256 << 10;

impl<'a> Scan<'a> {
    const fn new(file: &'a File, end: u64) -> Self {
        Self {
            file,
            end,
            base: HEADER_BYTES as u64,
            buffer: Vec::new(),
        }
    }

    /// At least `need` bytes from `at` on, or all there are.
    fn view(&mut self, at: u64, need: usize) -> io::Result<&[u8]> {
        let mut skip = usize::try_from(at - self.base).unwrap_or(usize::MAX);
        let missing = self.buffer.len().saturating_sub(skip) < need;
        if missing && self.base + (self.buffer.len() as u64) < self.end {
            self.buffer.drain(..skip.min(self.buffer.len()));
            self.base = at;
            skip = 0;
            let have = self.buffer.len();
            let left = usize::try_from(self.end - at).unwrap_or(usize::MAX);
            self.buffer.resize(need.max(STRIDE).min(left).max(have), 0);
            let fresh = self.buffer.get_mut(have..).unwrap_or_default();
            self.file.read_exact_at(fresh, at + have as u64)?;
        }
        Ok(self.buffer.get(skip..).unwrap_or_default())
    }

    /// Hands out sound records and gaps between them; gives the end of the last sound record.
    fn run<F: Fn(&[u8]) -> Frame>(
        &mut self,
        framing: &Framing<F>,
        each: &mut impl FnMut(u64, &[u8]),
        mut gap: impl FnMut((u64, u64)),
    ) -> io::Result<u64> {
        let mut at = self.base.min(self.end);
        let (mut good, mut bad_since) = (at, None);
        // Bytes that may be examined in vain: a forged file must not cost quadratic time.
        let mut budget = self.end.saturating_mul(8).saturating_add(1 << 26);
        while at < self.end && budget > 0 {
            let left = self.end - at;
            let mut frame = (framing.judge)(self.view(at, 64)?);
            if let Frame::Needs(need) = frame {
                frame = Frame::Bad(0);
                if need as u64 <= left {
                    frame = (framing.judge)(self.view(at, need)?);
                }
            }
            if let Frame::Bad(cost) = frame {
                budget = budget.saturating_sub(cost as u64);
            }
            if let Frame::Sound(bytes) = frame {
                if let Some(since) = bad_since.take() {
                    gap((since, at));
                }
                let view = self.view(at, bytes)?;
                each(at, view.get(..bytes).unwrap_or_default());
                at += bytes as u64;
                good = at;
            } else {
                bad_since.get_or_insert(at);
                at = self.next_magic(at + 1, framing.magic)?;
            }
        }
        Ok(good)
    }

    /// Where `magic` stands next, or the end.
    fn next_magic(&mut self, mut at: u64, magic: [u8; 4]) -> io::Result<u64> {
        while at < self.end {
            let view = self.view(at, 4)?;
            if let Some(found) = view.windows(4).position(|w| w == magic) {
                return Ok(at + found as u64);
            }
            at += (view.len() as u64).saturating_sub(3).max(1);
        }
        Ok(self.end)
    }
}
