//! What is counted per observed function.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::Duration;

/// Every site that was called while somebody watched.
static SITES: Mutex<Vec<&'static Site>> = Mutex::new(Vec::new());

/// One observed function: its name and what happened in it since it was last asked.
#[derive(Debug)]
pub struct Site {
    name: &'static str,
    listed: AtomicBool,
    calls: AtomicU64,
    errors: AtomicU64,
    sum_ns: AtomicU64,
    max_ns: AtomicU64,
}

/// What one site did in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) name: &'static str,
    pub(crate) calls: u64,
    pub(crate) errors: u64,
    pub(crate) sum_ns: u64,
    pub(crate) max_ns: u64,
}

impl Site {
    /// A site of that name; made by [`observed`](macro@crate::observed).
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            listed: AtomicBool::new(false),
            calls: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            sum_ns: AtomicU64::new(0),
            max_ns: AtomicU64::new(0),
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Counts a finished call; never waits for another thread.
    pub(crate) fn count(&'static self, took: Duration, failed: bool) {
        let took_ns = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.errors.fetch_add(u64::from(failed), Ordering::Relaxed);
        self.sum_ns.fetch_add(took_ns, Ordering::Relaxed);
        if took_ns > self.max_ns.load(Ordering::Relaxed) {
            self.max_ns.fetch_max(took_ns, Ordering::Relaxed);
        }
        if !self.listed.load(Ordering::Relaxed) {
            self.list();
        }
    }

    #[cold]
    fn list(&'static self) {
        let mut sites = match SITES.try_lock() {
            Ok(sites) => sites,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // The next call tries again; what was counted stays counted.
            Err(TryLockError::WouldBlock) => return,
        };
        if !self.listed.swap(true, Ordering::Relaxed) {
            sites.push(self);
        }
    }

    fn take(&self) -> Tally {
        Tally {
            name: self.name,
            calls: self.calls.swap(0, Ordering::Relaxed),
            errors: self.errors.swap(0, Ordering::Relaxed),
            sum_ns: self.sum_ns.swap(0, Ordering::Relaxed),
            max_ns: self.max_ns.swap(0, Ordering::Relaxed),
        }
    }
}

/// What every known site did since the last call, in the order in which they became known.
pub(crate) fn take_all() -> Vec<Tally> {
    SITES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .map(|site| site.take())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_is_taken_once() {
        static SITE: Site = Site::new("tests::site");
        SITE.count(Duration::from_nanos(5), true);
        SITE.count(Duration::from_nanos(7), false);
        let mine = |tallies: Vec<Tally>| {
            tallies
                .into_iter()
                .find(|t| t.name == "tests::site")
                .unwrap()
        };
        let expected = Tally {
            name: "tests::site",
            calls: 2,
            errors: 1,
            sum_ns: 12,
            max_ns: 7,
        };
        assert_eq!(mine(take_all()), expected);
        assert_eq!(mine(take_all()).calls, 0);
    }
}
