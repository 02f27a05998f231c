//! Announcements: which lists a thread is going through right now.
//!
//! A firing thread announces a list, looks again whether it is still the current one, and only then reads it. Whoever
//! replaced a list runs [`heavy`](super::sync::heavy) and then looks for announcements: either the announcement is seen,
//! or the firing thread's second look sees the replacement. The firing side costs two loads and two plain stores.

use super::sync::{AtomicBool, AtomicPtr, Ordering, light};

/// Firings inside firings that one slot can announce; deeper ones borrow another slot.
pub(super) const DEPTH_MAX: usize = 8;

/// Stands where no list is announced but none may be. No allocation has this address.
const CLOSED: *mut () = std::ptr::without_provenance_mut(1);

/// The announcements of one thread. Only that thread writes to it, but for `attention`.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Slot {
    index: usize,
    fenced: bool,
    attention: AtomicBool,
    /// A stack: what is above a null is null.
    held: [AtomicPtr<()>; DEPTH_MAX],
}

impl Slot {
    pub(super) fn new(index: usize, fenced: bool) -> Self {
        Self {
            index,
            fenced,
            attention: AtomicBool::new(false),
            held: std::array::from_fn(|_| AtomicPtr::new(std::ptr::null_mut())),
        }
    }

    /// Position among all slots.
    #[inline]
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Whether no firing is under way on this slot, and it is not closed.
    #[inline(always)]
    pub(super) fn is_idle(&self) -> bool {
        let [outermost, ..] = &self.held;
        outermost.load(Ordering::Relaxed).is_null()
    }

    /// The level that the next announcement takes; `None` when all are taken. Only while not closed.
    pub(super) fn level(&self) -> Option<usize> {
        let free = |held: &AtomicPtr<()>| held.load(Ordering::Relaxed).is_null();
        self.held.iter().position(free)
    }

    /// Makes an idle slot look busy until [`open`](Self::open); whether it was idle.
    pub(super) fn close(&self) -> bool {
        let idle = self.is_idle();
        if idle {
            let [outermost, ..] = &self.held;
            outermost.store(CLOSED, Ordering::Relaxed);
        }
        idle
    }

    /// Ends what [`close`](Self::close) began.
    pub(super) fn open(&self) {
        let [outermost, ..] = &self.held;
        outermost.store(std::ptr::null_mut(), Ordering::Relaxed);
    }

    /// Whether every announcement on this slot needs a fence.
    pub(super) fn fenced(&self) -> bool {
        self.fenced
    }

    /// Announces the pointer that `source` holds; `seen` is what it held a moment ago. From a list that is announced,
    /// nothing is freed until [`withdraw`](Self::withdraw).
    ///
    /// `level` must be [`level()`](Self::level), handed in so that the common 0 is a constant. `fenced` must be
    /// [`fenced()`](Self::fenced) or true.
    #[inline(always)]
    pub(super) fn announce<T>(
        &self,
        source: &AtomicPtr<T>,
        mut seen: *mut T,
        level: usize,
        fenced: bool,
    ) -> Announced<T> {
        let Some(held) = self.held.get(level) else {
            return Announced::Full;
        };
        while !seen.is_null() {
            held.store(seen.cast(), Ordering::Relaxed);
            light(fenced);
            let again = source.load(Ordering::Acquire);
            if again == seen {
                return Announced::Pointer(seen);
            }
            seen = again;
        }
        self.withdraw(level, fenced);
        Announced::Empty
    }

    /// Ends the announcement of that level, the latest one. `Release`: reads through the pointer come before.
    #[inline(always)]
    pub(super) fn withdraw(&self, level: usize, fenced: bool) {
        if let Some(held) = self.held.get(level) {
            held.store(std::ptr::null_mut(), Ordering::Release);
            // The other half of the handshake in `ask`.
            light(fenced);
        }
    }

    /// Adds what this slot announces. `Acquire`: what is freed afterwards was read before.
    pub(super) fn collect(&self, into: &mut Vec<*mut ()>) {
        for held in &self.held {
            let pointer = held.load(Ordering::Acquire);
            if !pointer.is_null() && pointer != CLOSED {
                into.push(pointer);
            }
        }
    }

    /// Asks the thread to sweep when it ends a firing; run `heavy` and look again afterwards.
    pub(super) fn ask(&self) {
        self.attention.store(true, Ordering::Release);
    }

    /// Whether somebody asked.
    #[inline(always)]
    pub(super) fn asked(&self) -> bool {
        self.attention.load(Ordering::Relaxed)
    }

    /// Forgets that somebody asked.
    pub(super) fn answered(&self) {
        self.attention.store(false, Ordering::Release);
    }
}

/// Outcome of [`Slot::announce`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced<T> {
    /// The announced pointer.
    Pointer(*mut T),
    /// The source is null.
    Empty,
    /// No announcement is free in this slot.
    Full,
}
