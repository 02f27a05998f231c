//! What may go wrong with a whole file.

use std::io;

use crate::Compression;

/// What may go wrong with a whole file; a bad row is no error but counted in [`Stats`](crate::Stats).
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened.
    #[error("cannot open {path:?}: {cause}; {}", way_out(cause))]
    Open {
        /// The path as given.
        path: String,
        /// The system's answer.
        #[source]
        cause: io::Error,
    },
    /// The path is a directory.
    #[error("{path:?} is a directory; name the files in it, for example {path}/*.csv")]
    Directory {
        /// The path as given.
        path: String,
    },
    /// There is nothing in it.
    #[error("{path:?} is empty; give a file with at least one row of numbers")]
    Empty {
        /// The path as given.
        path: String,
    },
    /// It is not text of a kind that is read here.
    #[error("{path:?} is {found}; {fix}")]
    NotText {
        /// The path as given.
        path: String,
        /// What it looks like.
        found: &'static str,
        /// The command or step that makes it readable.
        fix: &'static str,
    },
    /// No usable layout was found.
    #[error("nothing usable in {path:?}: {reason}")]
    Layout {
        /// The path as given.
        path: String,
        /// What was found instead, and what to do.
        reason: String,
    },
    /// An option names a column that is not there.
    #[error("{path:?} has no column {name:?}; its columns are {columns}")]
    Column {
        /// The path as given.
        path: String,
        /// The name asked for.
        name: String,
        /// The names that are there, the first twenty.
        columns: String,
    },
    /// An option's value is not valid.
    #[error("option {option} cannot be {value:?}: {reason}")]
    Option {
        /// The field of [`Options`](crate::Options).
        option: &'static str,
        /// Its value.
        value: String,
        /// What is accepted.
        reason: &'static str,
    },
    /// Reading failed after some rows.
    #[error("cannot read {path:?} beyond line {line}: {cause}; {rows} rows before it were read")]
    Read {
        /// The path as given.
        path: String,
        /// The last line that was read.
        line: u64,
        /// Usable rows before it.
        rows: u64,
        /// The system's answer.
        #[source]
        cause: io::Error,
    },
    /// The compressed stream is cut off or corrupted; the rows before the damage were handed over.
    #[error(
        "{path:?} is damaged: its {compression} stream breaks after line {line} ({cause}); {rows} rows before it were \
         read, fetch the file again for the rest"
    )]
    Damaged {
        /// The path as given.
        path: String,
        /// How it is compressed.
        compression: Compression,
        /// The last line that was read.
        line: u64,
        /// Usable rows before the damage.
        rows: u64,
        /// What the decoder said.
        #[source]
        cause: io::Error,
    },
}

fn way_out(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::NotFound => "check the spelling, or give - for standard input",
        io::ErrorKind::PermissionDenied => {
            "read it as its owner, or let its owner grant read permission (chmod a+r)"
        }
        _ => "check that it is a readable file",
    }
}
