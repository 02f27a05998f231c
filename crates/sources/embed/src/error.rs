//! What may go wrong.

use std::io;
use std::path::PathBuf;

/// Why a program cannot be watched, or a watcher cannot attach.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An observer runs in this process already.
    #[error(
        "this program is observed already; keep the first observer, one is enough for the whole process"
    )]
    Running,
    /// Another process listens on the socket.
    #[error(
        "{path:?} is in use by another running program; stop it or choose another path with `socket`"
    )]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// Something that is not a socket lies at the path; it is left alone.
    #[error(
        "{path:?} is there and is not a socket; move it away or choose another path with `socket`"
    )]
    NotASocket {
        /// The path.
        path: PathBuf,
    },
    /// The folder for sockets of users without `XDG_RUNTIME_DIR` is not safe.
    #[error(
        "{path:?} belongs to somebody else or others may enter it; set XDG_RUNTIME_DIR or choose a path with `socket`"
    )]
    UnsafeFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused to open the socket.
    #[error(
        "cannot open the socket {path:?}; choose a writable place of at most 107 bytes with `socket`"
    )]
    Bind {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The thread that serves watchers cannot be started.
    #[error("cannot start the thread that serves watchers")]
    Thread(#[source] io::Error),
    /// A program's name is empty or too long.
    #[error("the program's name has {bytes} bytes, give 1 to 128")]
    ProgramName {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Nobody listens on the socket.
    #[error(
        "cannot attach to {path:?}; start the program first, and look at the path that its observer reports"
    )]
    Connect {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A record of the wire could not be read or written.
    #[error(
        "the connection does not speak this program's protocol; build both sides with the same release"
    )]
    Codec(#[from] voidstate_codec::Error),
    /// The other side broke a rule of the protocol.
    #[error("the peer broke the protocol: {rule}, limit {limit}, found {found}")]
    Protocol {
        /// Which rule.
        rule: &'static str,
        /// What is allowed.
        limit: u64,
        /// What came.
        found: u64,
    },
}
