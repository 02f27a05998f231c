//! One file to analyse, which is read more than once.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use voidstate_file::{Options, Reader, stem};

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
    pub(crate) fn new(path: &Path) -> Result<Self, Problem> {
        if path.as_os_str() != "-" {
            let name = path.display().to_string();
            return Ok(Self {
                name,
                stem: stem(path),
                place: Place::Path(path.to_owned()),
            });
        }
        let spool = || {
            let mut file = unnamed()?;
            std::io::copy(&mut std::io::stdin().lock(), &mut file)?;
            Ok(file)
        };
        let file = spool().map_err(|error: std::io::Error| {
            let next = "check the command before the pipe, and that the directory for temporary files has room";
            Problem::new(Exit::Input, "standard input cannot be read", "standard input", error, next)
        })?;
        Ok(Self {
            name: "standard input".to_owned(),
            stem: "stdin".to_owned(),
            place: Place::Spooled(file),
        })
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
