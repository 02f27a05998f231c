//! The list of callbacks of one hook: read without a lock, replaced as a whole, freed when nobody goes through it.
//!
//! # Why the unsafe code is sound
//! 1. A [`List`] is freed only by [`sweep`] or when its [`Line`] goes. [`sweep`] frees lists that were replaced before it
//!    looked and that no thread announces; a thread reads a list only between announcing it (having seen it current
//!    after the announcement) and withdrawing. When a line goes, nobody borrows it, so nobody fires.
//! 2. A list of version `v` points to seats that its [`Book`] holds in `seats` or in `gone`. A seat leaves `gone` only
//!    when no list of a version in which it stood is left, and `seats` only into `gone`, with a new list published in the
//!    same call. A book that ends hands everything to its line.
//! 3. Seats live in an `Arc`, so they stay where they are however the book moves them.
#![allow(
    unsafe_code,
    reason = "a firing must neither lock nor touch a reference count; see the module's text"
)]

mod book;
mod line;
mod seat;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Instant;

use super::hazard::Slot;
use super::panics;
use super::row::{FIRED, Row, count};

pub(super) use book::{Book, Gone, sweep};
pub(super) use line::{Line, Seen};
pub(super) use seat::Call;
use seat::Seat;

/// One in so many firings times some of its calls.
const SAMPLE_EVERY: u64 = 256;
/// How many neighbouring calls such a firing times.
const SAMPLE_CALLS: usize = 8;

/// What a firing needs of a seat.
struct Entry<P: ?Sized + 'static> {
    call: *const (dyn Fn(&P) + Send + Sync),
    cell: usize,
}

struct List<P: ?Sized + 'static> {
    version: u64,
    entries: Box<[Entry<P>]>,
    /// Counters by slot.
    rows: Arc<[Option<Row>]>,
    /// Parallel to `entries`; looked at after a panic only.
    seats: Box<[*const Seat<P>]>,
}

// SAFETY: the pointers lead to values that are `Send + Sync` themselves, kept alive as the module's text says.
unsafe impl<P: ?Sized> Send for List<P> {}
// SAFETY: as above; a list is never changed.
unsafe impl<P: ?Sized> Sync for List<P> {}

impl<P: ?Sized> List<P> {
    #[inline(always)]
    fn run(&self, slot: &Slot, payload: &P) -> Fired {
        let Some(Some(row)) = self.rows.get(slot.index()) else {
            return Fired::NoRow;
        };
        let fired = count(row.counts(), FIRED);
        if fired.is_multiple_of(SAMPLE_EVERY) {
            self.run_timed(row, fired / SAMPLE_EVERY, payload);
        } else if let [entry] = &*self.entries {
            self.run_one(row, entry, payload);
        } else {
            self.run_many(row, payload);
        }
        Fired::Done
    }

    /// Apart from [`run_many`](Self::run_many), whose loop wants registers that a single call need not save.
    #[inline(always)]
    fn run_one(&self, row: &Row, entry: &Entry<P>, payload: &P) {
        count(row.counts(), entry.cell);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: as in `run_many`.
            unsafe { (*entry.call)(payload) }
        })) {
            self.panicked(0, panic);
        }
    }

    /// One landing pad for the whole list; after a panic it goes on behind the callback that panicked.
    #[inline(never)]
    fn run_many(&self, row: &Row, payload: &P) {
        let counts = row.counts();
        let mut rest = self.entries.iter();
        while let Err(panic) = catch_unwind(AssertUnwindSafe(|| {
            for entry in rest.by_ref() {
                count(counts, entry.cell);
                // SAFETY: the list is announced (1), so its seats live (2).
                unsafe { (*entry.call)(payload) }
            }
        })) {
            let begun = self.entries.len() - rest.len();
            self.panicked(begun.wrapping_sub(1), panic);
        }
    }

    /// As [`run_many`](Self::run_many), and times a window of the list that moves on with every sample.
    #[cold]
    #[inline(never)]
    fn run_timed(&self, row: &Row, sample: u64, payload: &P) {
        let len = self.entries.len();
        let windows = len.div_ceil(SAMPLE_CALLS).max(1) as u64;
        let window = sample % windows;
        let mut since = None;
        for (position, entry) in self.entries.iter().enumerate() {
            let timed = (position / SAMPLE_CALLS) as u64 == window;
            let start = timed.then(|| since.unwrap_or_else(Instant::now));
            count(row.counts(), entry.cell);
            let result = catch_unwind(AssertUnwindSafe(|| {
                // SAFETY: as in `run_many`.
                unsafe { (*entry.call)(payload) }
            }));
            since = start.map(|start| {
                let end = Instant::now();
                let nanos = end.saturating_duration_since(start).as_nanos();
                row.record(entry.cell, u64::try_from(nanos).unwrap_or(u64::MAX));
                end
            });
            if let Err(panic) = result {
                self.panicked(position, panic);
                since = None;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn panicked(&self, position: usize, panic: Box<dyn std::any::Any + Send>) {
        match self.seats.get(position) {
            // SAFETY: as in `run_many`.
            Some(seat) => unsafe { (**seat).panicked(panic) },
            None => panics::discard(panic),
        }
    }
}

/// Outcome of a firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fired {
    /// Everybody was called, or there was nobody to call.
    Done,
    /// The slot has no counters at this hook yet; nobody was called.
    NoRow,
    /// The slot has no announcement left; nobody was called.
    Full,
}

/// A list that is not current any more; it owns the allocation.
struct Retired<P: ?Sized + 'static>(NonNull<List<P>>);

// SAFETY: owns a list, which is `Send`.
unsafe impl<P: ?Sized> Send for Retired<P> {}

impl<P: ?Sized> Retired<P> {
    fn version(&self) -> u64 {
        // SAFETY: it owns the list.
        unsafe { self.0.as_ref().version }
    }
}

/// Frees the list.
///
/// # Safety
/// Nobody reads the list any more: it is unannounced, or its line is going.
unsafe fn free<P: ?Sized>(retired: Retired<P>) {
    // SAFETY: the pointer came from `Box::into_raw` in `Book::publish` and is owned by `retired`; nobody reads it.
    drop(unsafe { Box::from_raw(retired.0.as_ptr()) });
}
