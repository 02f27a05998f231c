//! The handle by which a hook is fired.

use std::fmt;
use std::sync::{Arc, Weak};

use voidstate_core::{HookId, HookName};

use super::list::{Fired, Line, Seen};
use super::state::Inner;
use super::{sync, thread};

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
        if let Some(seen) = self.line.peek() {
            self.fire_seen(seen, payload);
        }
    }

    #[inline]
    fn fire_seen(&self, seen: Seen<P>, payload: &P) {
        let Some(own) = thread::fast().filter(|own| own.slot().is_idle()) else {
            return self.fire_slow(payload);
        };
        if self.line.fire(seen, &own, 0, sync::FENCED, payload) != Fired::Done {
            return self.fire_slow(payload);
        }
        if own.slot().asked() {
            thread::attend(own.slot());
        }
    }

    /// Inside a callback, or the first firing of a thread or of this hook on it, or while the thread ends, or where the
    /// kernel offers no barrier.
    #[cold]
    #[inline(never)]
    fn fire_slow(&self, payload: &P) {
        let Some((mine, level)) = thread::slot() else {
            return self.line.miss();
        };
        let own = mine.own();
        let slot = own.slot();
        while let Some(seen) = self.line.peek() {
            if self.line.fire(seen, own, level, slot.fenced(), payload) != Fired::NoRow {
                break;
            }
            let Some(bus) = self.bus.upgrade() else {
                break;
            };
            bus.add_row(self.line.id(), slot.index());
        }
        if slot.asked() {
            thread::attend(slot);
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
