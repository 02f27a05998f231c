//! What may go wrong with a store.

use std::io;
use std::path::{Path, PathBuf};

/// Why a store could not be opened, read or written.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {verb} {}: {cause}", path.display())]
    Io {
        /// What was tried: "open", "write" …
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The disk, the quota or the permitted file size is used up.
    #[error("no room to {verb} {}: {cause}; free some space or lower the retention", path.display())]
    NoSpace {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Another process (or another store of this one) has the store open.
    #[error("store {} is in use{}; end that process or choose another directory", path.display(), holder(*pid))]
    Locked {
        /// The store's directory.
        path: PathBuf,
        /// The process that holds it, when it said so.
        pid: Option<u32>,
    },
    /// A file was written by a newer version of the format.
    #[error("{} has format version {found}, this program reads up to {newest}; use a newer program", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u16,
        /// The newest version that is read.
        newest: u16,
    },
    /// An option lies outside its domain.
    #[error("option {name} is {value}, outside {domain}")]
    Option {
        /// Which one.
        name: &'static str,
        /// Its value.
        value: u64,
        /// What is accepted.
        domain: &'static str,
    },
    /// Something exceeds a limit of the format.
    #[error("{what} is {value}, the limit is {limit}{advice}")]
    Limit {
        /// What exceeds it.
        what: &'static str,
        /// By which value.
        value: u64,
        /// The limit.
        limit: u64,
        /// What to do, starting with `; `, or nothing.
        advice: &'static str,
    },
    /// A value could not be encoded.
    #[error("cannot encode a {what}: {cause}")]
    Encode {
        /// What it is: "series", "finding".
        what: &'static str,
        /// The codec's reason.
        #[source]
        cause: voidstate_codec::Error,
    },
    /// The background thread cannot move points into segments, so that no more can be taken.
    #[error("points wait for a segment that cannot be written: {reason}")]
    Stalled {
        /// The thread's last error.
        reason: String,
        /// Whether it lacks room.
        no_space: bool,
    },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" by process {pid}"))
}

/// Result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether room is what lacks.
    #[must_use]
    pub const fn is_no_space(&self) -> bool {
        matches!(
            self,
            Self::NoSpace { .. } | Self::Stalled { no_space: true, .. }
        )
    }

    /// Wraps what the system said about `path`.
    pub(crate) fn io(verb: &'static str, path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::NoSpace { verb, path, cause },
            _ => Self::Io { verb, path, cause },
        }
    }
}

impl From<Error> for voidstate_core::Error {
    fn from(error: Error) -> Self {
        Self::Store {
            message: error.to_string(),
            no_space: error.is_no_space(),
            cause: Some(Box::new(error)),
        }
    }
}
