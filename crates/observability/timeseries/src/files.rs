//! The directory of a store: names, the lock, and what is in it.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::log::private;

/// Largest generation that is accepted from a file name.
const GENERATION_MAX: u64 = 1_000_000_000_000_000;

/// Which generations of which files there are.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) wals: Vec<u64>,
    pub(crate) segments: Vec<u64>,
    pub(crate) findings: Vec<u64>,
    /// Segments whose writing was cut short.
    pub(crate) unfinished: Vec<PathBuf>,
}

pub(crate) fn wal(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("wal-{generation:010}.log"))
}

pub(crate) fn segment(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("segment-{generation:010}.vsts"))
}

pub(crate) fn findings(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("findings-{generation:010}.log"))
}

pub(crate) fn catalogue(dir: &Path) -> PathBuf {
    dir.join("series.log")
}

/// The name under which `path` is written before it is whole.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("unfinished")
}

/// Makes the directory (mode 0700) and its parents where they are missing.
pub(crate) fn make(dir: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|e| Error::io("create", dir, e))
}

/// Makes the directory (mode 0700); fails when it is there.
pub(crate) fn make_new(dir: &Path) -> Result<()> {
    DirBuilder::new()
        .mode(0o700)
        .create(dir)
        .map_err(|e| Error::io("create", dir, e))
}

/// Takes the directory for this store alone, until the file is closed.
pub(crate) fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("lock");
    let mut file = private()
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|e| Error::io("open", &path, e))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let read = file.take(32).read_to_string(&mut text);
            let pid = read.ok().and_then(|_| text.trim().parse().ok());
            return Err(Error::Locked {
                path: dir.to_owned(),
                pid,
            });
        }
        Err(TryLockError::Error(cause)) => return Err(Error::io("lock", &path, cause)),
    }
    // The number only helps people; a full disk must not keep a store from being read.
    let _ = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

/// What is in the directory; names that are no store's are left alone.
pub(crate) fn list(dir: &Path) -> Result<Listing> {
    let mut listing = Listing::default();
    let failed = |e| Error::io("list", dir, e);
    for entry in fs::read_dir(dir).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let Some(name) = name.to_str() else { continue };
        if let Some(generation) = parse(name, "wal-", ".log") {
            listing.wals.push(generation);
        } else if let Some(generation) = parse(name, "segment-", ".vsts") {
            listing.segments.push(generation);
        } else if let Some(generation) = parse(name, "findings-", ".log") {
            listing.findings.push(generation);
        } else if parse(name, "segment-", ".unfinished").is_some() {
            listing.unfinished.push(dir.join(name));
        }
    }
    listing.wals.sort_unstable();
    listing.segments.sort_unstable();
    listing.findings.sort_unstable();
    Ok(listing)
}

fn parse(name: &str, prefix: &str, suffix: &str) -> Option<u64> {
    let digits = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
    let generation: u64 = digits.parse().ok().filter(|g| *g <= GENERATION_MAX)?;
    // One generation has one name.
    (format!("{generation:010}") == digits).then_some(generation)
}

/// Forces the directory's entries onto the disk.
pub(crate) fn sync(dir: &Path) -> Result<()> {
    File::open(dir)
        .and_then(|d| d.sync_all())
        .map_err(|e| Error::io("sync", dir, e))
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", path, e)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_names_are_taken() {
        assert_eq!(parse("wal-0000000012.log", "wal-", ".log"), Some(12));
        for bad in [
            "wal-12.log",
            "wal-00000000012.log",
            "wal--000000001.log",
            "wal-+000000001.log",
            "wal-99999999999999999999.log",
            "wal-.log",
        ] {
            assert_eq!(parse(bad, "wal-", ".log"), None, "{bad}");
        }
    }
}
