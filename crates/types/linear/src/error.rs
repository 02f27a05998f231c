//! What can go wrong when the program runs.

use std::panic::Location;
use std::time::Duration;

use crate::fence::Fence;

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was refused.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Linear values were not used.
    #[error("{count} linear values were not used: {told}; consume each on every path")]
    Leaked {
        /// How many.
        count: u64,
        /// Type or label, place and fate of each kind.
        told: String,
    },
    /// Somebody else holds the lock.
    #[error(
        "lock {lock} is still held since {holder} after {waited:?}; release it there or wait longer"
    )]
    LockHeld {
        /// The lock's name.
        lock: String,
        /// Where it was acquired.
        holder: &'static Location<'static>,
        /// How long this call waited.
        waited: Duration,
    },
    /// The last holder did not release the lock.
    #[error(
        "lock {lock}, acquired at {holder}, was {how}, so its value may be half changed; look at it with `recover`"
    )]
    LockPoisoned {
        /// The lock's name.
        lock: String,
        /// Where the last holder acquired it.
        holder: &'static Location<'static>,
        /// How it was lost.
        how: Loss,
    },
    /// The right to initialise is taken.
    #[error(
        "{name} can be initialised once, and that right was taken at {by}; use `get` or `wait`"
    )]
    Claimed {
        /// Name of what is initialised.
        name: &'static str,
        /// Where the right was taken.
        by: &'static Location<'static>,
    },
    /// There is no value yet.
    #[error("{name} is not initialised after {waited:?}; wait longer or initialise it first")]
    NotInitialised {
        /// Name of what is initialised.
        name: &'static str,
        /// How long this call waited.
        waited: Duration,
    },
    /// Whoever had the right to initialise gave it up.
    #[error("{name} will not be initialised by {by}, where the right was {how}; claim it anew")]
    Abandoned {
        /// Name of what is initialised.
        name: &'static str,
        /// Where the right had been taken.
        by: &'static Location<'static>,
        /// How it was lost.
        how: Loss,
    },
    /// A region was to be split outside of itself.
    #[error("a region of {len} elements cannot be split at {at}; split at {len} or before")]
    OutsideRegion {
        /// Where it was to be split.
        at: usize,
        /// How many elements it has.
        len: usize,
    },
    /// A younger owner has written already.
    #[error(
        "fence {fence} of lock {lock} is stale, {highest} has written already; acquire the lock again"
    )]
    StaleFence {
        /// The lock's name.
        lock: String,
        /// The writer's fence.
        fence: Fence,
        /// The highest fence seen.
        highest: Fence,
    },
    /// The permit is one of another lock.
    #[error(
        "a permit of lock {lock} does not open what lock {expected} guards; acquire {expected}"
    )]
    ForeignFence {
        /// The lock that guards the resource.
        expected: String,
        /// The permit's lock.
        lock: String,
    },
    /// The lease is over.
    #[error(
        "the lease of lock {lock} ended at {expired_at:?}, it is {now:?}; acquire the lock again"
    )]
    LeaseExpired {
        /// The lock's name.
        lock: String,
        /// When it ended, on the caller's clock.
        expired_at: Duration,
        /// The time of the call.
        now: Duration,
    },
    /// The service has somebody else as the owner, or nobody.
    #[error("fence {fence} does not own lock {lock}; acquire the lock again")]
    NotOwner {
        /// The lock's name.
        lock: String,
        /// The caller's fence.
        fence: Fence,
    },
    /// Somebody else owns the lock.
    #[error("lock {lock} is owned until {until:?}, it is {now:?}; try again then")]
    Owned {
        /// The lock's name.
        lock: String,
        /// When the present lease ends, on the caller's clock.
        until: Duration,
        /// The time of the call.
        now: Duration,
    },
    /// There is no greater fence.
    #[error("lock {lock} has no fence after {last}; use a lock of another name")]
    FencesExhausted {
        /// The lock's name.
        lock: String,
        /// The last fence.
        last: Fence,
    },
}

/// How a holder lost what it had to give back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// It was dropped.
    Dropped,
    /// Its thread unwound.
    Unwound,
}

impl Loss {
    pub(crate) fn now() -> Self {
        if std::thread::panicking() {
            Self::Unwound
        } else {
            Self::Dropped
        }
    }
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Dropped => "dropped without release",
            Self::Unwound => "lost while its thread unwound",
        })
    }
}

/// A step that was refused, and what was to take it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "it holds what was refused: take it back with `token`"]
pub struct Refused<H, E = Error> {
    /// What was to take the step, as it was before.
    pub token: H,
    /// Why it was refused.
    pub error: E,
}
