//! What may go wrong before the first tick.

use std::path::PathBuf;
use std::time::Duration;

/// Why a host cannot be watched. What fails later degrades one part and is said through the emitter.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The interval lies outside what kernel counters can resolve.
    #[error("interval is {} s, expected {} s to {} s", .given.as_secs_f64(), .min.as_secs_f64(), .max.as_secs_f64())]
    Interval {
        /// What was asked for.
        given: Duration,
        /// Shortest accepted.
        min: Duration,
        /// Longest accepted.
        max: Duration,
    },
    /// More leading processes were asked for than one tick may carry.
    #[error("top is {given} processes per list, expected at most {max}")]
    Top {
        /// What was asked for.
        given: usize,
        /// Largest accepted.
        max: usize,
    },
    /// Not one part can be read.
    #[error("nothing can be read below {}: {reason}; mount procfs there or name another directory", .root.display())]
    NothingReadable {
        /// The directory that was tried.
        root: PathBuf,
        /// What the first part said.
        reason: String,
    },
    /// This operating system has no procfs.
    #[error(
        "the host source reads procfs, which {os} does not have; watch a Linux machine or read a recording"
    )]
    NotLinux {
        /// Name of the operating system.
        os: &'static str,
    },
    /// A name that this crate chose is not valid in the shared vocabulary.
    #[error("a name of this source is not accepted")]
    Vocabulary(#[from] voidstate_core::Error),
}

/// Result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
