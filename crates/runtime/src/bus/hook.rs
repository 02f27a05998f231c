//! The handle by which a hook is fired.

use std::fmt;
use std::sync::{Arc, Weak};

use voidstate_core::{HookId, HookName};

use super::list::{Fired, Line};
use super::state::Inner;
use super::thread;

/// A hook, resolved once. Cloning it is one reference count; firing it touches none.
///
/// It does not keep its bus alive: once the last [`HookBus`](super::HookBus) is gone, firing calls nobody.
pub struct Hook<P: ?Sized + 'static> {
    line: Arc<Line<P>>,
    bus: Weak<Inner<P>>,
}

impl<P: ?Sized> Hook<P> {
    pub(super) fn new(line: Arc<Line<P>>, bus: Weak<Inner<P>>) -> Self {
        Self { line, bus }
    }

    /// Calls everybody who subscribed, in order, on this thread.
    ///
    /// Takes no lock, waits for nobody, allocates nothing but at a thread's first firing of a hook. A panic of a
    /// callback is counted and kept, and the next one is called. A callback may fire, subscribe, unregister and declare.
    /// With nobody to call it costs one load; such a firing is not counted.
    #[inline]
    pub fn fire(&self, payload: &P) {
        if self.line.is_active() {
            self.fire_active(payload);
        }
    }

    #[inline]
    fn fire_active(&self, payload: &P) {
        let Some(mine) = thread::current() else {
            return self.fire_slow(payload);
        };
        if self.line.fire(&mine, payload) != Fired::Done {
            return self.fire_slow(payload);
        }
        if mine.slot().asked() {
            thread::attend(mine.slot());
        }
    }

    /// First firing of this thread, or of this hook on this thread, or too deep, or while the thread ends.
    #[cold]
    #[inline(never)]
    fn fire_slow(&self, payload: &P) {
        let full = |slot: &super::hazard::Slot| slot.depth() >= super::hazard::DEPTH_MAX;
        let mine = match thread::current() {
            Some(mine) if !full(mine.slot()) => Some(mine),
            _ => thread::borrow(),
        };
        let Some(mine) = mine else {
            return self.line.miss();
        };
        while self.line.fire(&mine, payload) == Fired::NoRow {
            let Some(bus) = self.bus.upgrade() else {
                return;
            };
            bus.add_row(self.line.id(), mine.slot().index());
        }
        if mine.slot().asked() {
            thread::attend(mine.slot());
        }
    }

    /// Its number on the bus.
    #[must_use]
    pub fn id(&self) -> HookId {
        self.line.id()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &HookName {
        self.line.name()
    }

    /// Whether firing it would call anybody: ask before building an expensive payload. One load.
    #[inline]
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.line.is_active()
    }
}

impl<P: ?Sized> Clone for Hook<P> {
    fn clone(&self) -> Self {
        Self {
            line: Arc::clone(&self.line),
            bus: Weak::clone(&self.bus),
        }
    }
}

impl<P: ?Sized> fmt::Debug for Hook<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook")
            .field("id", &self.id())
            .field("name", self.name())
            .field("active", &self.is_active())
            .finish()
    }
}
