//! One callback at one hook.
#![forbid(unsafe_code)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use voidstate_core::ToolId;

use crate::bus::info::{CallbackId, CallbackSpec};
use crate::bus::order::Placed;
use crate::bus::panics;
use crate::bus::thread::locked;

/// A callback as it was given.
pub(in crate::bus) type Call<P> = Arc<dyn Fn(&P) + Send + Sync>;

/// One callback at one hook.
pub(super) struct Seat<P: ?Sized + 'static> {
    pub(super) call: Call<P>,
    pub(super) id: CallbackId,
    pub(super) spec: Arc<CallbackSpec>,
    pub(super) cell: usize,
    pub(super) enabled: AtomicBool,
    /// Version of the first list in which it may stand.
    pub(super) first: u64,
    pub(super) panics: AtomicU64,
    pub(super) last_panic: Mutex<Option<String>>,
}

impl<P: ?Sized> Seat<P> {
    #[cold]
    #[inline(never)]
    pub(super) fn panicked(&self, payload: Box<dyn std::any::Any + Send>) {
        let message = panics::message(&*payload);
        panics::discard(payload);
        self.panics.fetch_add(1, Ordering::Relaxed);
        let before = locked(&self.last_panic).replace(message);
        drop(before);
    }
}

impl<P: ?Sized> Placed for Arc<Seat<P>> {
    fn owner(&self) -> &ToolId {
        &self.spec.owner
    }
    fn priority(&self) -> i32 {
        self.spec.priority
    }
    fn number(&self) -> u64 {
        self.id.0
    }
    fn after(&self) -> &[ToolId] {
        &self.spec.after
    }
}
