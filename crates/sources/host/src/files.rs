//! Reading whole small files, again and again, into one buffer.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{PROC_SUPER_MAGIC, statfs};

/// Longest file that is read.
pub(crate) const FILE_BYTES_MAX: usize = 8 << 20;

/// Whether `root` is a mounted procfs and not a directory of the same shape.
pub(crate) fn is_procfs(root: &Path) -> bool {
    statfs(root).is_ok_and(|fs| fs.f_type == PROC_SUPER_MAGIC)
}

/// One file below the procfs root.
///
/// A real procfs file is opened once and read again from its start, which saves two calls per tick. In a directory that
/// merely looks like procfs a file may be replaced under its name, so it is opened each time.
#[derive(Debug)]
pub(crate) struct ProcFile {
    path: PathBuf,
    keep: bool,
    open: Option<File>,
}

impl ProcFile {
    pub(crate) fn new(root: &Path, name: &str, keep: bool) -> Self {
        Self {
            path: root.join(name),
            keep,
            open: None,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the contents of `buffer` by the file's.
    ///
    /// # Errors
    /// What opening or reading said; a file of more than 8 MiB is not read to its end.
    pub(crate) fn read(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        let file = match self.open.take() {
            Some(file) => file,
            None => File::open(&self.path)?,
        };
        read_all(&file, buffer)?;
        if self.keep {
            self.open = Some(file);
        }
        Ok(())
    }
}

fn read_all(file: &File, buffer: &mut Vec<u8>) -> io::Result<()> {
    let mut length = 0;
    loop {
        if buffer.len() < length + 4096 {
            buffer.resize((buffer.len() * 2).max(16 << 10), 0);
        }
        let Some(room) = buffer.get_mut(length..) else {
            break;
        };
        match file.read_at(room, length as u64) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length > FILE_BYTES_MAX {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is longer than 8 MiB",
            ));
        }
    }
    buffer.truncate(length);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_again_from_its_start() {
        let dir = tempfile::tempdir().unwrap();
        let mut buffer = Vec::new();
        for keep in [true, false] {
            let mut file = ProcFile::new(dir.path(), "x", keep);
            for text in ["one\n".repeat(9000), "two\n".to_owned(), String::new()] {
                std::fs::write(dir.path().join("x"), &text).unwrap();
                file.read(&mut buffer).unwrap();
                assert_eq!(buffer, text.as_bytes());
            }
        }
        assert!(
            ProcFile::new(dir.path(), "none", true)
                .read(&mut buffer)
                .is_err()
        );
        assert!(!is_procfs(dir.path()));
    }

    #[test]
    fn a_file_without_an_end_is_refused() {
        let mut buffer = Vec::new();
        let mut file = ProcFile::new(Path::new("/dev"), "zero", false);
        assert!(file.read(&mut buffer).is_err());
    }
}
