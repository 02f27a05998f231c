//! A shard's worker: fires signals, ticks tools, hands results to the sinks.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use voidstate_core::SeriesId;

use super::frame::Frame;
use super::lock;
use super::policy::EngineTime;
use super::queue::Popped;
use super::shard::{Metric, Phase, Shard};
use super::shared::Shared;
use super::sinks::Parcel;
use super::slot::Slot;
use super::stats::DropReason;
use crate::bus::Hook;

/// Passes the end of a worker on.
macro_rules! survive {
    ($fate:expr) => {
        if $fate == Replaced {
            return Replaced;
        }
    };
}

// After the macro that they use.
mod firing;
mod outgoing;
mod playing;
mod ticking;

/// Longest wait for signals before looking at the clock and at requests.
const IDLE: Duration = Duration::from_millis(100);

thread_local! {
    static IS_WORKING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is running a worker, so that it must not wait for one.
pub(crate) fn is_working() -> bool {
    IS_WORKING.with(Cell::get)
}

/// Whether a worker goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Fate {
    Lives,
    /// Its call was abandoned and somebody else goes on.
    Replaced,
}

use Fate::{Lives, Replaced};

/// A shard's worker, owned by one thread.
#[derive(Debug)]
pub(crate) struct Worker {
    frame: Frame,
    hooks: Vec<Option<HookHandle>>,
    slots: Arc<[Arc<Slot>]>,
    slots_version: u64,
    metrics: Vec<Metric>,
    own_series: Vec<(usize, DropReason, SeriesId, u64)>,
}

struct HookHandle(Hook<Frame>);

impl std::fmt::Debug for HookHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, shard: Arc<Shard>) -> Self {
        Self {
            frame: Frame::new(shared, shard),
            hooks: Vec::new(),
            slots: Arc::from([]),
            slots_version: 0,
            metrics: Vec::new(),
            own_series: Vec::new(),
        }
    }

    fn shared(&self) -> &Shared {
        &self.frame.shared
    }

    fn shard(&self) -> &Shard {
        &self.frame.shard
    }

    fn fate(&self) -> Fate {
        if self.frame.stale.get() {
            Replaced
        } else {
            Lives
        }
    }

    /// Works until the queue is closed and empty, then lets the tools finish.
    pub(crate) fn run(mut self, is_replacement: bool) {
        IS_WORKING.with(|w| w.set(true));
        if is_replacement && self.resume() == Replaced {
            return;
        }
        let was_finishing = is_replacement && self.shard().phase() == Phase::Finishing;
        if was_finishing || self.work_off() == Lives {
            let _ = self.finish();
        }
    }

    /// Works until the queue is closed and empty.
    fn work_off(&mut self) -> Fate {
        loop {
            survive!(self.between());
            match self.shard().queue.pop(IDLE) {
                Popped::Batch(batch) => survive!(self.take(batch)),
                Popped::Nothing => {}
                Popped::Closed => return Lives,
            }
        }
    }

    /// Goes on where the predecessor was abandoned.
    fn resume(&mut self) -> Fate {
        let entry = lock(&self.shard().entry).clone();
        let phase = self.shard().phase();
        if phase == Phase::Ticking {
            survive!(self.tick_all());
        }
        let Some(entry) = entry else {
            return self.flush(None);
        };
        let at = self.shard().at.load(Ordering::Relaxed);
        survive!(self.fire_all(&entry, at, phase == Phase::Firing));
        self.flush(Some(entry))
    }

    /// What is done between batches: requests, ticks, retries, saving.
    pub(crate) fn between(&mut self) -> Fate {
        if self.shard().requested.load(Ordering::Acquire) > 0 {
            survive!(self.serve());
        }
        if self.shared().time == EngineTime::Clock {
            let now = self.shared().clock.monotonic();
            let now_ns = i64::try_from(now.as_nanos()).unwrap_or(i64::MAX);
            if self.is_tick_due(now_ns) {
                survive!(self.tick());
                survive!(self.flush(None));
            }
        }
        self.hand_on();
        if self.shard().number == 0 {
            self.shared().tell_recording();
            let health = self.shared().take_health();
            if !health.is_empty() {
                let shared = self.shared();
                shared
                    .sinks
                    .send(Parcel::Findings(health), &shared.names, &shared.pool);
            }
        }
        survive!(self.retry());
        Lives
    }

    fn serve(&mut self) -> Fate {
        let requests = std::mem::take(&mut *lock(&self.shard().requests));
        let mut requests = requests.into_iter();
        while let Some(request) = requests.next() {
            self.shard().requested.fetch_sub(1, Ordering::AcqRel);
            request(&self.frame);
            if self.frame.stale.get() {
                // The rest is the successor's.
                lock(&self.shard().requests).splice(0..0, requests);
                return Replaced;
            }
        }
        self.flush(None)
    }

    /// Lets every tool finish, for good.
    pub(crate) fn finish(&mut self) -> Fate {
        if self.shard().requested.load(Ordering::Acquire) > 0 {
            survive!(self.serve());
        }
        if self.shard().phase() != Phase::Finishing {
            self.frame.advance();
            self.shard().set_phase(Phase::Finishing);
        }
        self.refresh();
        let slots = Arc::clone(&self.slots);
        for slot in slots.iter().filter(|slot| slot.is_active()) {
            slot.finish(&self.frame);
            survive!(self.fate());
        }
        for slot in slots.iter().filter(|slot| slot.is_active()) {
            slot.save(&self.frame);
            survive!(self.fate());
        }
        let fate = self.flush_keeping_phase();
        self.account();
        if let (Some(tape), Some(tapes)) = (self.frame.tape(), &self.shared().tapes) {
            tape.flush(tapes, self.frame.position.get());
        }
        fate
    }

    /// Hands what was noted to the writer, now and then; between batches everything up to here is there.
    fn hand_on(&self) {
        if let (Some(tape), Some(tapes)) = (self.frame.tape(), &self.shared().tapes) {
            tape.flush_in_time(tapes, self.frame.position.get());
        }
    }

    /// Runs a request on the calling thread, for a worker that is parked.
    pub(crate) fn run_request(&mut self) {
        let before = IS_WORKING.with(|w| w.replace(true));
        let _ = self.serve();
        IS_WORKING.with(|w| w.set(before));
    }
}
