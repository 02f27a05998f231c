//! What can go wrong in a verb, in words that say what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The outcome of everything here that can fail.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a verb failed.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line was not understood.
    Usage(String),
    /// A file or directory could not be read or written.
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// A command could not be started.
    Start { command: String, source: io::Error },
    /// A command ran and said no.
    Command { command: String, code: String },
    /// Something read is not what it should be.
    Malformed { what: String, why: String },
    /// A check found something.
    Found {
        rule: &'static str,
        problems: Vec<String>,
    },
}

impl Error {
    /// An I/O error with what was being done to which path.
    pub(crate) fn io(
        doing: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }

    /// A malformed input.
    pub(crate) fn malformed(what: impl Into<String>, why: impl fmt::Display) -> Self {
        Self::Malformed {
            what: what.into(),
            why: why.to_string(),
        }
    }

    /// Exit code: 2 for a command line that was not understood, 1 for the rest.
    pub(crate) const fn code(&self) -> u8 {
        if matches!(self, Self::Usage(_)) { 2 } else { 1 }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) => write!(f, "{text}; `cargo xtask help` lists the verbs"),
            Self::Io {
                doing,
                path,
                source,
            } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Self::Start { command, source } => write!(f, "cannot start `{command}`: {source}"),
            Self::Command { command, code } => write!(f, "`{command}` ended with {code}"),
            Self::Malformed { what, why } => write!(f, "{what}: {why}"),
            Self::Found { rule, problems } => {
                write!(f, "{rule}: {} found", problems.len())?;
                problems.iter().try_for_each(|p| write!(f, "\n  {p}"))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } | Self::Start { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// `Ok` when a check found nothing.
pub(crate) fn none_found(rule: &'static str, problems: Vec<String>) -> Result<()> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Found { rule, problems })
    }
}
