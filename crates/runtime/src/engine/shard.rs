//! What a shard's worker and whoever watches over it share.

use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use voidstate_core::{Finding, HookName, MetricName, SeriesId, Timestamp};

use super::batch::{Batch, Item};
use super::count::Count;
use super::frame::Frame;
use super::queue::Queue;
use super::record::ShardTape;
use super::sessions::Sessions;
use super::shared::Shared;
use super::slot::Slot;
use crate::bus::HookBus;

/// The pulse of a worker: odd while it is inside a tool.
///
/// The worker closes each call with a compare-and-swap, and whoever declares a call abandoned does it with one on the
/// same number; so each call is either finished or abandoned, never both, and an abandoned thread knows it at once.
#[derive(Debug, Default)]
pub(crate) struct Beat {
    call: AtomicU64,
    slot: AtomicU32,
}

impl Beat {
    /// Begins a call; the ticket closes it.
    #[inline]
    pub(crate) fn begin(&self, slot: u32) -> u64 {
        self.slot.store(slot, Ordering::Relaxed);
        let ticket = self.call.load(Ordering::Relaxed) + 1;
        self.call.store(ticket, Ordering::Release);
        ticket
    }

    /// Ends a call; false when it was abandoned meanwhile.
    #[inline]
    pub(crate) fn end(&self, ticket: u64) -> bool {
        self.call
            .compare_exchange(ticket, ticket + 1, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    pub(crate) fn is_open(&self, ticket: u64) -> bool {
        self.call.load(Ordering::Acquire) == ticket
    }

    /// The call under way and its slot.
    pub(crate) fn under_way(&self) -> Option<(u64, u32)> {
        let ticket = self.call.load(Ordering::Acquire);
        let slot = self.slot.load(Ordering::Relaxed);
        (ticket % 2 == 1 && self.is_open(ticket)).then_some((ticket, slot))
    }
}

/// What a worker is doing, so that a replacement can go on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Between signals, or inside a request.
    Between = 0,
    /// Firing the signal at `at`.
    Firing = 1,
    /// Ticking the tools.
    Ticking = 2,
    /// Letting the tools finish.
    Finishing = 3,
}

/// A batch and the number of its first signal on the shard.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) first: u64,
    pub(crate) batch: Arc<Batch>,
}

/// A number that a tool published.
#[derive(Debug)]
pub(crate) struct Metric {
    pub(crate) slot: Arc<Slot>,
    pub(crate) name: MetricName,
    /// The series whose labels it bears.
    pub(crate) like: Option<SeriesId>,
    pub(crate) time: Timestamp,
    pub(crate) value: f64,
}

pub(crate) type Request = Box<dyn FnOnce(&Frame) + Send>;

/// A shard: its queue, its bus, its tools' slots, and how far its worker has come.
pub(crate) struct Shard {
    pub(crate) number: usize,
    /// Where what happens to it is noted, when it is recorded or replayed.
    pub(crate) tape: Option<ShardTape>,
    pub(crate) queue: Queue,
    pub(crate) bus: HookBus<Frame>,
    pub(crate) beat: Beat,
    pub(crate) slots: Mutex<Arc<[Arc<Slot>]>>,
    /// Rises with every change of `slots`.
    pub(crate) slots_version: AtomicU64,
    pub(crate) requests: Mutex<Vec<Request>>,
    pub(crate) requested: AtomicUsize,
    pub(crate) findings: Mutex<Vec<Finding>>,
    pub(crate) metrics: Mutex<Vec<Metric>>,
    /// Conversations of its tools.
    pub(crate) sessions: Mutex<Sessions>,
    pub(crate) delivered: Count,
    /// CPU time of its worker and time it spent working, in nanoseconds.
    pub(crate) cpu_ns: Count,
    pub(crate) busy_ns: Count,

    // How far the worker has come. Written by it alone, read by its replacement.
    phase: AtomicU8,
    pub(crate) entry: Mutex<Option<Entry>>,
    pub(crate) at: AtomicUsize,
    pub(crate) position: AtomicU64,
    /// How many signals it has taken on.
    pub(crate) taken: Count,
    pub(crate) high_water_ns: AtomicI64,
    pub(crate) tick_due_ns: AtomicI64,
    /// Zero before the first time.
    pub(crate) save_due_ns: AtomicU64,
}

impl std::fmt::Debug for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shard")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Shard {
    pub(crate) fn new(number: usize, signals_max: usize, tape: Option<ShardTape>) -> Self {
        Self {
            number,
            tape,
            queue: Queue::new(signals_max),
            bus: HookBus::new(),
            beat: Beat::default(),
            slots: Mutex::new(Arc::from([])),
            slots_version: AtomicU64::new(1),
            requests: Mutex::default(),
            requested: AtomicUsize::new(0),
            findings: Mutex::default(),
            metrics: Mutex::default(),
            sessions: Mutex::default(),
            delivered: Count::default(),
            cpu_ns: Count::default(),
            busy_ns: Count::default(),
            phase: AtomicU8::new(Phase::Between as u8),
            entry: Mutex::new(None),
            at: AtomicUsize::new(0),
            position: AtomicU64::new(0),
            taken: Count::default(),
            high_water_ns: AtomicI64::new(i64::MIN),
            tick_due_ns: AtomicI64::new(i64::MIN),
            save_due_ns: AtomicU64::new(0),
        }
    }

    #[inline]
    pub(crate) fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            1 => Phase::Firing,
            2 => Phase::Ticking,
            3 => Phase::Finishing,
            _ => Phase::Between,
        }
    }

    pub(crate) fn set_slots(&self, slots: Vec<Arc<Slot>>) {
        *super::lock(&self.slots) = slots.into();
        self.slots_version.fetch_add(1, Ordering::Release);
    }

    pub(crate) fn slots(&self) -> Arc<[Arc<Slot>]> {
        Arc::clone(&super::lock(&self.slots))
    }

    /// The hook whose signal is being fired.
    pub(crate) fn hook<'a>(&self, shared: &'a Shared) -> Option<&'a HookName> {
        if self.phase() != Phase::Firing {
            return None;
        }
        let entry = super::lock(&self.entry).clone()?;
        let at = self.at.load(Ordering::Relaxed);
        let hook = match entry.batch.item(at, entry.batch.others_before(at))? {
            Item::Point(point) => shared.names.series(point.series)?.hook,
            Item::Other(index) => entry.batch.others.get(index)?.hook,
        };
        shared.names.hook_name(hook)
    }

    /// Has the worker run `request` between two batches.
    pub(crate) fn request(&self, request: Request) {
        super::lock(&self.requests).push(request);
        self.requested.fetch_add(1, Ordering::Release);
        self.queue.knock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_finished_or_abandoned_never_both() {
        let beat = Beat::default();
        assert_eq!(beat.under_way(), None);
        let ticket = beat.begin(7);
        assert_eq!(beat.under_way(), Some((ticket, 7)));
        assert!(beat.end(ticket), "nobody abandoned it");
        let ticket = beat.begin(8);
        assert!(beat.end(ticket), "declared abandoned");
        assert!(!beat.end(ticket), "so its own end fails");
        assert!(!beat.is_open(ticket));
        let next = beat.begin(9);
        assert_ne!(next, ticket);
    }
}
