//! Counted operations: what stands for time in a test.

use std::cell::Cell;
use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
    static LIMIT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// What a call that is stopped unwinds with.
struct Stopped;

/// What a call cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// So many operations.
    Exactly(u64),
    /// It was stopped after so many.
    MoreThan(u64),
}

impl Cost {
    /// The number, a lower bound when the call was stopped.
    #[must_use]
    pub const fn count(self) -> u64 {
        match self {
            Self::Exactly(n) | Self::MoreThan(n) => n,
        }
    }
}

/// Counts `operations` on this thread. Outside [`counted`] it only counts; inside, the call is stopped once it is over
/// its limit.
#[inline]
pub fn tick(operations: u64) {
    let count = COUNT.get().saturating_add(operations);
    COUNT.set(count);
    if count > LIMIT.get() {
        stop();
    }
}

#[cold]
fn stop() {
    // A destructor that ticks while the call unwinds must not unwind again.
    LIMIT.set(u64::MAX);
    resume_unwind(Box::new(Stopped));
}

/// Runs `work` and says how many operations it counted; stops it once it is beyond `limit`. May be nested: the outer
/// count includes the inner one, and the tighter limit wins.
///
/// # Panics
/// With what `work` panics with.
pub fn counted(limit: u64, work: impl FnOnce()) -> Cost {
    let (outer_count, outer_limit) = (COUNT.get(), LIMIT.get());
    let room = outer_limit.saturating_sub(outer_count);
    COUNT.set(0);
    LIMIT.set(limit.min(room));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    let count = COUNT.get();
    COUNT.set(outer_count.saturating_add(count));
    LIMIT.set(outer_limit);
    match outcome {
        // Whoever caught the stop on the way swallowed it: the count still tells.
        Ok(()) if count > limit => Cost::MoreThan(limit),
        Ok(()) => Cost::Exactly(count),
        Err(payload) if payload.is::<Stopped>() && count > limit => Cost::MoreThan(limit),
        Err(payload) => resume_unwind(payload),
    }
}

/// A value whose comparisons count.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted<T>(pub T);

impl<T: PartialEq> PartialEq for Counted<T> {
    fn eq(&self, other: &Self) -> bool {
        tick(1);
        self.0 == other.0
    }
}

impl<T: Eq> Eq for Counted<T> {}

impl<T: PartialOrd> PartialOrd for Counted<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        tick(1);
        self.0.partial_cmp(&other.0)
    }
}

impl<T: Ord> Ord for Counted<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        tick(1);
        self.0.cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_stops() {
        assert_eq!(counted(10, || tick(10)), Cost::Exactly(10));
        assert_eq!(
            counted(10, || loop {
                tick(1)
            }),
            Cost::MoreThan(10)
        );
        assert_eq!(counted(10, || {}), Cost::Exactly(0));
    }

    #[test]
    fn nests() {
        let cost = counted(100, || {
            tick(1);
            assert_eq!(counted(5, || tick(3)), Cost::Exactly(3));
            assert_eq!(counted(5, || tick(9)), Cost::MoreThan(5));
        });
        assert_eq!(cost, Cost::Exactly(13));
        let cost = counted(10, || {
            counted(1000, || {
                loop {
                    tick(1);
                }
            });
        });
        assert_eq!(cost, Cost::MoreThan(10));
    }

    #[test]
    fn a_swallowed_stop_still_tells() {
        let cost = counted(10, || {
            let _ = catch_unwind(|| {
                loop {
                    tick(1);
                }
            });
        });
        assert_eq!(cost, Cost::MoreThan(10));
    }

    #[test]
    fn comparisons_count() {
        let cost = counted(1000, || {
            let mut values: Vec<_> = (0..10).rev().map(Counted).collect();
            values.sort();
        });
        assert!(matches!(cost, Cost::Exactly(9..=45)), "{cost:?}");
    }

    #[test]
    fn panics_pass() {
        let panic = catch_unwind(|| counted(10, || panic!("mine"))).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"mine"));
        assert_eq!(counted(10, || tick(1)), Cost::Exactly(1));
    }
}
