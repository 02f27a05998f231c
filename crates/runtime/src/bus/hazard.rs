//! Announcements: which lists a thread is going through right now.
//!
//! A firing thread announces a list, looks again whether it is still the current one, and only then reads it. Whoever
//! replaced a list runs [`heavy`](super::sync::heavy) and then looks for announcements: either the announcement is seen,
//! or the firing thread's second look sees the replacement. The firing side costs two loads and two plain stores.

use super::sync::{AtomicBool, AtomicPtr, AtomicUsize, Ordering, light};

/// Firings inside firings that one slot can announce; deeper ones borrow another slot.
pub(super) const DEPTH_MAX: usize = 8;

/// The announcements of one thread. Only that thread writes to it, but for `attention`.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Slot {
    index: usize,
    fenced: bool,
    depth: AtomicUsize,
    attention: AtomicBool,
    held: [AtomicPtr<()>; DEPTH_MAX],
}

impl Slot {
    pub(super) fn new(index: usize, fenced: bool) -> Self {
        Self {
            index,
            fenced,
            depth: AtomicUsize::new(0),
            attention: AtomicBool::new(false),
            held: std::array::from_fn(|_| AtomicPtr::new(std::ptr::null_mut())),
        }
    }

    /// Position among all slots.
    #[inline]
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// How many firings are under way on this slot; at least [`DEPTH_MAX`] while it is closed.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth.load(Ordering::Relaxed)
    }

    /// While closed, no announcement can be made: [`announce`](Self::announce) answers [`Announced::Full`].
    pub(super) fn close(&self, closed: bool) {
        let depth = self.depth();
        let depth = if closed {
            depth + DEPTH_MAX
        } else {
            depth.saturating_sub(DEPTH_MAX)
        };
        self.depth.store(depth, Ordering::Relaxed);
    }

    /// Announces the pointer that `source` holds. From a list that is announced, nothing is freed until
    /// [`withdraw`](Self::withdraw).
    #[inline(always)]
    pub(super) fn announce<T>(&self, source: &AtomicPtr<T>) -> Announced<T> {
        let level = self.depth();
        let Some(held) = self.held.get(level) else {
            return Announced::Full;
        };
        loop {
            let seen = source.load(Ordering::Acquire);
            if seen.is_null() {
                held.store(std::ptr::null_mut(), Ordering::Release);
                return Announced::Empty;
            }
            held.store(seen.cast(), Ordering::Relaxed);
            light(self.fenced);
            if source.load(Ordering::Acquire) == seen {
                self.depth.store(level + 1, Ordering::Relaxed);
                return Announced::Pointer(seen);
            }
        }
    }

    /// Ends the latest announcement. `Release`: reads through the pointer come before.
    #[inline(always)]
    pub(super) fn withdraw(&self) {
        let level = self.depth().wrapping_sub(1);
        if let Some(held) = self.held.get(level) {
            held.store(std::ptr::null_mut(), Ordering::Release);
            self.depth.store(level, Ordering::Relaxed);
            // The other half of the handshake in `ask`: without a fence of its own, like `announce`.
            light(self.fenced);
        }
    }

    /// Adds what this slot announces. `Acquire`: what is freed afterwards was read before.
    pub(super) fn collect(&self, into: &mut Vec<*mut ()>) {
        for held in &self.held {
            let pointer = held.load(Ordering::Acquire);
            if !pointer.is_null() {
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
