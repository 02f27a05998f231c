//! One file to analyse, which is read more than once.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use voidstate_file::{Options, Reader, stem};

use crate::interrupt::Interrupt;
use crate::problem::{Exit, Problem, chain};

/// A file, or standard input kept in a file without a name.
#[derive(Debug)]
pub(crate) struct Input {
    /// As the user named it.
    pub(crate) name: String,
    /// What output files are named after.
    pub(crate) stem: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Path(PathBuf),
    Spooled(File),
}

impl Input {
    pub(crate) fn new(path: &Path, interrupt: &Interrupt) -> Result<Self, Problem> {
        let is_stdin = path.as_os_str() == "-";
        let (name, stem) = if is_stdin {
            ("standard input".to_owned(), "stdin".to_owned())
        } else {
            (path.display().to_string(), stem(path))
        };
        // A file is read more than once; a pipe can be read once only. A directory is refused by the reader.
        let is_stream = |path: &Path| {
            std::fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
        };
        if !is_stdin && !is_stream(path) {
            let place = Place::Path(path.to_owned());
            return Ok(Self { name, stem, place });
        }
        let spooled = if is_stdin {
            spool(&mut std::io::stdin().lock(), interrupt)
        } else {
            File::open(path).and_then(|mut file| spool(&mut file, interrupt))
        };
        let file = spooled.map_err(|error| {
            let next =
                "check what writes to it, and that the directory for temporary files has room";
            Problem::new(
                Exit::Input,
                "the stream cannot be read",
                name.clone(),
                error,
                next,
            )
        })?;
        let place = Place::Spooled(file);
        Ok(Self { name, stem, place })
    }

    /// The file itself, when it has a name of its own.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Path(path) => Some(path),
            Place::Spooled(_) => None,
        }
    }

    /// The rows from the first one on.
    pub(crate) fn open(&self) -> Result<Reader, Problem> {
        let options = Options::default();
        let opened = match &self.place {
            Place::Path(path) => Reader::open(path, &options),
            Place::Spooled(file) => {
                let again = file.try_clone().and_then(|mut file| {
                    file.seek(SeekFrom::Start(0))?;
                    Ok(file)
                });
                let file = again
                    .map_err(|error| Problem::internal("the copy of standard input", error))?;
                Reader::from_stream(file, &self.name, &options)
            }
        };
        opened.map_err(|error| self.problem(&error))
    }

    /// What is told when this file cannot be used.
    pub(crate) fn problem(&self, error: &voidstate_file::Error) -> Problem {
        let denied = std::error::Error::source(error)
            .and_then(|cause| cause.downcast_ref::<std::io::Error>())
            .is_some_and(|io| io.kind() == std::io::ErrorKind::PermissionDenied);
        let (exit, next) = if denied {
            (
                Exit::Permission,
                "make it readable for you, for example with chmod +r",
            )
        } else {
            (
                Exit::Input,
                "give a CSV, TSV or JSON-lines file with at least one column of numbers, plain, gzip or zstd",
            )
        };
        Problem::new(
            exit,
            "the file cannot be used",
            self.name.clone(),
            chain(error),
            next,
        )
    }
}

/// Copies a stream to a file without a name; Ctrl-C ends the copy, and what came so far is analysed.
fn spool(from: &mut dyn Read, interrupt: &Interrupt) -> std::io::Result<File> {
    let mut file = unnamed()?;
    let mut buffer = vec![0; 1 << 16];
    while !interrupt.is_asked() {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => file.write_all(buffer.get(..length).unwrap_or_default())?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(file)
}

/// A file of our own in the directory for temporary files that goes with the last handle.
fn unnamed() -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    for attempt in 0..64_u32 {
        let path =
            std::env::temp_dir().join(format!("voidstate-stdin-{}-{attempt}", std::process::id()));
        match File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
        {
            Ok(file) => {
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists))
}
