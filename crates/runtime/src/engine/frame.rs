//! What one firing looks like to the callbacks of a shard.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use voidstate_core::{Finding, MetricName, Output, Point, SeriesId, SignalRef, Timestamp};

use super::batch::{Batch, Item};
use super::failure::Violation;
use super::policy::EngineTime;
use super::record::{Entry, Here, Journal, JournalledStore, Mode, Note, ShardTape};
use super::shard::Shard;
use super::shared::{Shared, since_ever};
use super::slot::Slot;

/// What a tool says during one call, before the engine takes it over.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) findings: Vec<Finding>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) metrics: Vec<(MetricName, Option<SeriesId>, f64)>,
    pub(crate) violation: Option<Violation>,
    /// What each dependency said in this firing, in the order of declaration.
    pub(crate) heard: Vec<Said>,
    /// What the call does, when that is recorded or replayed.
    pub(crate) journal: Journal,
    pub(crate) store: Option<JournalledStore>,
}

impl Scratch {
    pub(crate) fn clear(&mut self) {
        self.findings.clear();
        self.outputs.clear();
        self.metrics.clear();
        self.violation = None;
    }
}

/// What a tool said in one firing.
#[derive(Debug, Default, Clone)]
pub(crate) struct Said {
    pub(crate) findings: Vec<Finding>,
    pub(crate) outputs: Vec<Output>,
}

impl Said {
    pub(crate) fn clear(&mut self) {
        self.findings.clear();
        self.outputs.clear();
    }
}

/// The payload of a shard's bus: owned by one thread, which fires it again and again.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) shared: Arc<Shared>,
    pub(crate) shard: Arc<Shard>,
    pub(crate) mode: Mode,
    /// What a replay brings.
    pub(crate) here: RefCell<Here>,
    /// Set when the call under way was abandoned: this thread must touch nothing any more.
    pub(crate) stale: Cell<bool>,
    pub(crate) position: Cell<u64>,
    pub(crate) sequence: Cell<u64>,
    pub(crate) batch: RefCell<Option<Arc<Batch>>>,
    pub(crate) item: Cell<Item>,
    pub(crate) hook: Cell<u32>,
    pub(crate) scratch: RefCell<Scratch>,
    pub(crate) timer: Timer,
}

impl Frame {
    pub(crate) fn new(shared: Arc<Shared>, shard: Arc<Shard>) -> Self {
        let position = shard.position.load(Ordering::Acquire);
        Self {
            mode: shared.mode,
            here: RefCell::default(),
            shared,
            shard,
            stale: Cell::new(false),
            position: Cell::new(position),
            sequence: Cell::new(0),
            batch: RefCell::new(None),
            item: Cell::new(Item::Other(usize::MAX)),
            hook: Cell::new(u32::MAX),
            scratch: RefCell::default(),
            timer: Timer::default(),
        }
    }

    /// Begins the next firing, tick or other round of calls.
    #[inline]
    pub(crate) fn advance(&self) {
        let position = self.position.get() + 1;
        self.position.set(position);
        self.shard.position.store(position, Ordering::Relaxed);
    }

    /// Where what happens to this shard is noted, while that is done.
    #[inline]
    pub(crate) fn tape(&self) -> Option<&ShardTape> {
        if self.mode == Mode::Recording {
            self.running_tape()
        } else {
            None
        }
    }

    #[cold]
    fn running_tape(&self) -> Option<&ShardTape> {
        let is_over = self
            .shared
            .tapes
            .as_ref()
            .is_none_or(|tapes| tapes.is_over());
        self.shard.tape.as_ref().filter(|_| !is_over)
    }

    /// Notes something at the present position.
    #[inline]
    pub(crate) fn note(&self, entry: impl FnOnce() -> Entry) {
        if let Some(tape) = self.tape() {
            tape.note(self.position.get(), Note::Entry(entry()));
        }
    }

    /// The engine's time.
    pub(crate) fn now(&self) -> Timestamp {
        match self.shared.time {
            EngineTime::Clock => self.shared.clock.now(),
            EngineTime::Signals => {
                Timestamp::from_nanos(self.shard.high_water_ns.load(Ordering::Relaxed))
            }
        }
    }

    /// Time for retries, as this shard sees it.
    pub(crate) fn moment(&self) -> Duration {
        match self.shared.time {
            EngineTime::Clock => self.shared.clock.monotonic(),
            EngineTime::Signals => since_ever(self.shard.high_water_ns.load(Ordering::Relaxed)),
        }
    }

    /// The slot of that number on this shard.
    pub(crate) fn slot(&self, number: u32) -> Option<Arc<Slot>> {
        let slots = super::lock(&self.shard.slots);
        slots.iter().find(|slot| slot.number == number).cloned()
    }

    /// The signal that is being fired.
    #[inline]
    pub(crate) fn signal<'a>(&'a self, batch: Option<&'a Batch>) -> Option<SignalRef<'a>> {
        match self.item.get() {
            Item::Point(Point {
                series,
                time,
                value,
            }) => Some(SignalRef::Sample {
                id: series,
                series: self.shared.names.series(series)?.key(),
                time,
                value,
            }),
            Item::Other(index) => {
                use voidstate_core::Signal;
                match &batch?.others.get(index)?.signal {
                    Signal::Event(event) => Some(SignalRef::Event(event)),
                    Signal::Span(span) => Some(SignalRef::Span(span)),
                    Signal::State(state) => Some(SignalRef::State(state)),
                    _ => None,
                }
            }
        }
    }
}

/// How many calls a second are timed without sampling: at 50 ns each that is a thousandth of a core.
const EXACT_CALLS_MAX: u64 = 20_000;
const SAMPLE_EVERY: u64 = 64;
/// Above this mean, timing costs less than 2 % of the call.
const SLOW_NS: u64 = 2_500;

/// Decides which calls are timed: all while they are few or long, otherwise one in 64.
#[derive(Debug, Default)]
pub(crate) struct Timer {
    calls: Cell<u64>,
    since: Cell<Option<Instant>>,
    window_calls: Cell<u64>,
    is_sampling: Cell<bool>,
    mean_ns: Cell<u64>,
}

impl Timer {
    /// The start of a call that is to be timed, and for how many calls it stands.
    #[inline]
    pub(crate) fn start(&self) -> Option<(Instant, u64)> {
        let calls = self.calls.get().wrapping_add(1);
        self.calls.set(calls);
        if !self.is_sampling.get() {
            return Some((Instant::now(), 1));
        }
        calls
            .is_multiple_of(SAMPLE_EVERY)
            .then(|| (Instant::now(), SAMPLE_EVERY))
    }

    /// Chooses anew; called once per batch.
    pub(crate) fn adapt(&self, now: Instant) {
        let Some(since) = self.since.get() else {
            self.since.set(Some(now));
            return;
        };
        let calls = self.calls.get().wrapping_sub(self.window_calls.get());
        let window = now.saturating_duration_since(since);
        let is_busy = calls > EXACT_CALLS_MAX;
        if is_busy || window.as_millis() >= 1000 {
            self.since.set(Some(now));
            self.window_calls.set(self.calls.get());
            self.is_sampling
                .set(is_busy && self.mean_ns.get() < SLOW_NS);
        }
    }

    pub(crate) fn timed(&self, nanos: u64) {
        let mean = self.mean_ns.get();
        self.mean_ns.set(mean - mean / 16 + nanos.min(1 << 40) / 16);
    }
}
