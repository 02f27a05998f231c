//! The side of a hook that firing threads see: which list is current, and going through it.

use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use voidstate_core::{HookId, HookName};

use super::book::Gone;
use super::{Fired, List, Retired, free};
use crate::bus::hazard::{Announced, Slot};
use crate::bus::thread::Own;

/// The side of a hook that firing threads see.
#[repr(align(128))]
pub(in crate::bus) struct Line<P: ?Sized + 'static> {
    pub(super) current: AtomicPtr<List<P>>,
    pub(super) name: HookName,
    pub(super) id: HookId,
    pub(super) missed: AtomicU64,
    pub(super) grave: Mutex<Option<Grave<P>>>,
}

/// A list that was current a moment ago; it may be freed by now.
pub(in crate::bus) struct Seen<P: ?Sized + 'static>(NonNull<List<P>>);

/// What a book left that firing threads may still read.
pub(super) struct Grave<P: ?Sized + 'static> {
    pub(super) retired: Vec<Retired<P>>,
    pub(super) gone: Vec<Gone<P>>,
}

impl<P: ?Sized> Line<P> {
    pub(in crate::bus) fn name(&self) -> &HookName {
        &self.name
    }

    pub(in crate::bus) fn id(&self) -> HookId {
        self.id
    }

    /// Whether a firing would call anybody.
    #[inline(always)]
    pub(in crate::bus) fn is_active(&self) -> bool {
        self.peek().is_some()
    }

    /// The list that is current now; `None` when there is nobody to call.
    #[inline(always)]
    pub(in crate::bus) fn peek(&self) -> Option<Seen<P>> {
        NonNull::new(self.current.load(Ordering::Acquire)).map(Seen)
    }

    /// Counts a firing that could not be carried out.
    pub(in crate::bus) fn miss(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    /// Calls everybody on the list that is current now; `seen` was so a moment ago.
    ///
    /// `level` and `fenced` as for [`Slot::announce`].
    #[inline(always)]
    pub(in crate::bus) fn fire(
        &self,
        seen: Seen<P>,
        own: &Own,
        level: usize,
        fenced: bool,
        payload: &P,
    ) -> Fired {
        let slot = own.slot();
        match slot.announce(&self.current, seen.0.as_ptr(), level, fenced) {
            Announced::Pointer(list) => {
                let _announced = Announcement {
                    slot,
                    level,
                    fenced,
                };
                // SAFETY: announced on a slot of this thread (`Own`) and seen current after that, so (1) it lives
                // until `_announced` withdraws.
                unsafe { (*list).run(slot, payload) }
            }
            Announced::Empty => Fired::Done,
            Announced::Full => Fired::Full,
        }
    }
}

impl<P: ?Sized> Drop for Line<P> {
    fn drop(&mut self) {
        let current = *self.current.get_mut();
        if let Some(current) = NonNull::new(current) {
            // SAFETY: the line is going, so nobody fires it (1).
            unsafe { free(Retired(current)) };
        }
        let grave = self
            .grave
            .get_mut()
            .unwrap_or_else(|poison| poison.into_inner());
        if let Some(grave) = grave.take() {
            for retired in grave.retired {
                // SAFETY: as above.
                unsafe { free(retired) };
            }
            grave.gone.into_iter().for_each(Gone::finish);
        }
    }
}

struct Announcement<'a> {
    slot: &'a Slot,
    level: usize,
    fenced: bool,
}

impl Drop for Announcement<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.slot.withdraw(self.level, self.fenced);
    }
}
