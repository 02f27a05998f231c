//! The hook bus: who is called when a hook fires.

mod hazard;
mod hook;
mod info;
mod list;
mod order;
mod panics;
mod row;
mod state;
mod sync;
mod thread;
mod ticket;

use std::fmt;
use std::sync::Arc;

use voidstate_core::{HookId, HookInfo, HookName, Hooks};

pub use hook::Hook;
pub use info::{CallbackId, CallbackInfo, CallbackSpec, LatencySummary};
pub use ticket::{Ticket, Waited};

use crate::Result;
use state::Inner;

/// Hooks and their callbacks. Cloning gives another handle to the same bus.
///
/// Callbacks are called by priority (higher first), then in order of registration, but never before a callback of a tool
/// in their `after`, whatever was registered first. They run on the firing thread; a panic stops neither the firing nor
/// the thread. Changes hold for firings that begin after them: a firing under way goes through the list that it began
/// with.
///
/// No lock is held while a callback runs, so it may use the bus as it likes. Only a callback that owns a `HookBus` of
/// its own bus keeps that bus alive for ever; a [`Hook`] does not.
///
/// # Cost
/// Firing: one load with nobody to call; otherwise two loads, three stores and, per callback, a counter and an indirect
/// call. Registration: O(n) for a hook of n callbacks, O(n log n) with orderings. Memory per hook and firing thread:
/// 136 bytes a callback, in powers of two from 16 on.
pub struct HookBus<P: ?Sized + 'static> {
    inner: Arc<Inner<P>>,
}

impl<P: ?Sized> HookBus<P> {
    /// A bus without hooks.
    #[must_use]
    pub fn new() -> Self {
        Self {
            inner: Inner::new(),
        }
    }

    /// Makes a hook known, or finds the one of that name. Callbacks whose pattern matches are called from now on.
    pub fn declare(&self, name: &HookName) -> Hook<P> {
        Hook::new(self.inner.declare(name), self.inner.me())
    }

    /// The hook of that name, if it was declared.
    #[must_use]
    pub fn hook(&self, name: &HookName) -> Option<Hook<P>> {
        let line = self.inner.hook(name)?;
        Some(Hook::new(line, self.inner.me()))
    }

    /// Calls `call` at all hooks that match, also at those declared later.
    ///
    /// A tool in `after` that has no callback (yet) is no hindrance: the ordering holds as soon as it has one. Use
    /// [`subscribe_strict`](Self::subscribe_strict) or [`check_orderings`](Self::check_orderings) where it must be there.
    /// `call` needs no `UnwindSafe`: after a panic it is called again with whatever state it left.
    ///
    /// # Errors
    /// [`Error::OrderingCycle`](crate::Error::OrderingCycle): orderings are between tools and may not form a cycle, even
    /// where the patterns do not meet. Nothing has changed then.
    pub fn subscribe(
        &self,
        spec: CallbackSpec,
        call: impl Fn(&P) + Send + Sync + 'static,
    ) -> Result<CallbackId> {
        let call: list::Call<P> = Arc::new(call);
        self.inner.subscribe(spec, call, false)
    }

    /// As [`subscribe`](Self::subscribe), when every tool in `after` has a callback on this bus.
    ///
    /// # Errors
    /// As for `subscribe`, and [`Error::OrderingMissing`](crate::Error::OrderingMissing) with the first that has none.
    pub fn subscribe_strict(
        &self,
        spec: CallbackSpec,
        call: impl Fn(&P) + Send + Sync + 'static,
    ) -> Result<CallbackId> {
        let call: list::Call<P> = Arc::new(call);
        self.inner.subscribe(spec, call, true)
    }

    /// Checks that every tool that somebody comes after has a callback: to be asked when everything is attached.
    ///
    /// # Errors
    /// [`Error::OrderingMissing`](crate::Error::OrderingMissing) with the first that has none.
    pub fn check_orderings(&self) -> Result<()> {
        self.inner.check_orderings()
    }

    /// Takes a callback out: no firing that begins from now on calls it.
    ///
    /// Firings under way may still do so until [`Ticket::wait`] returns. Without a wait the captures are dropped when
    /// enough changes have piled up (at most a few dozen), or with the bus.
    ///
    /// # Errors
    /// [`Error::CallbackUnknown`](crate::Error::CallbackUnknown).
    pub fn unregister(&self, id: CallbackId) -> Result<Ticket> {
        let pending = self.inner.unregister(id)?;
        Ok(Ticket::new(pending, Arc::clone(&self.inner) as _))
    }

    /// Switches a hook on or off; off, firing it costs one load.
    ///
    /// # Errors
    /// [`Error::HookUnknown`](crate::Error::HookUnknown).
    pub fn set_enabled(&self, hook: HookId, enabled: bool) -> Result<()> {
        self.inner.set_enabled(hook, enabled)
    }

    /// Switches a callback on or off at all its hooks; it keeps its place and its counts.
    ///
    /// # Errors
    /// [`Error::CallbackUnknown`](crate::Error::CallbackUnknown).
    pub fn set_callback_enabled(&self, id: CallbackId, enabled: bool) -> Result<()> {
        self.inner.set_callback_enabled(id, enabled)
    }

    /// All hooks, by name. `enabled` tells the switch; `fired` leaves out firings with nobody to call.
    #[must_use]
    pub fn list(&self) -> Vec<HookInfo> {
        self.inner.list()
    }

    /// The callbacks of a hook in the order in which they are called.
    ///
    /// # Errors
    /// [`Error::HookUnknown`](crate::Error::HookUnknown).
    pub fn callbacks(&self, hook: HookId) -> Result<Vec<CallbackInfo>> {
        self.inner.callbacks(hook)
    }

    /// Firings that called nobody because the thread was inside the bus: an allocator that fires while the bus allocates.
    ///
    /// # Errors
    /// [`Error::HookUnknown`](crate::Error::HookUnknown).
    pub fn missed(&self, hook: HookId) -> Result<u64> {
        self.inner.missed(hook)
    }
}

impl<P: ?Sized> Default for HookBus<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: ?Sized> Clone for HookBus<P> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<P: ?Sized> fmt::Debug for HookBus<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookBus")
            .field("hooks", &self.list())
            .finish_non_exhaustive()
    }
}

impl<P: ?Sized> Hooks for HookBus<P> {
    fn declare(&self, name: &HookName) -> HookId {
        Self::declare(self, name).id()
    }

    fn set_enabled(&self, hook: HookId, enabled: bool) -> voidstate_core::Result<()> {
        Ok(Self::set_enabled(self, hook, enabled)?)
    }

    fn list(&self) -> Vec<HookInfo> {
        Self::list(self)
    }
}
