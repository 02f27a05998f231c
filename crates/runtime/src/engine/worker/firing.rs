//! Firing batches: each signal at its hook, at its place in time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use voidstate_core::Signal;

use super::Fate::{self, Lives, Replaced};
use super::{HookHandle, Worker};
use crate::engine::batch::{Batch, Item};
use crate::engine::lock;
use crate::engine::policy::EngineTime;
use crate::engine::record::{Entry as Noted, Note};
use crate::engine::shard::{Entry, Phase};
use crate::engine::stats::DropReason;

impl Worker {
    /// Fires a batch and hands its points and what was said to the sinks.
    pub(crate) fn take(&mut self, batch: Arc<Batch>) -> Fate {
        let entry = self.number(batch);
        self.note_batch(&entry);
        let start = Instant::now();
        self.frame.timer.adapt(start);
        *lock(&self.shard().entry) = Some(entry.clone());
        survive!(self.fire_all(&entry, 0, false));
        survive!(self.flush(Some(entry)));
        let busy = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.shard().busy_ns.bump(busy);
        Lives
    }

    /// Fires the signals of `entry` from `start`; with `again`, the first one has its position already.
    pub(super) fn fire_all(&mut self, entry: &Entry, start: usize, again: bool) -> Fate {
        let batch = &entry.batch;
        *self.frame.batch.borrow_mut() = Some(Arc::clone(batch));
        let is_signal_time = self.shared().time == EngineTime::Signals;
        let mut others = batch.others_before(start);
        let mut again = again;
        // Rises on each shard and is unique over all; with one shard it counts.
        let shards = self.shared().shards.len() as u64;
        let number = self.shard().number as u64;
        for at in start..batch.len() {
            if self.shared().is_aborting.load(Ordering::Relaxed) {
                let rest = (batch.len() - at) as u64;
                self.drop_signals(batch.source, DropReason::Shutdown, rest);
                self.frame.note(|| Noted::Cut);
                self.shard().delivered.bump(at as u64);
                return self.end_batch(None);
            }
            let Some(item) = batch.item(at, others) else {
                break;
            };
            self.shard().at.store(at, Ordering::Relaxed);
            let hook = match item {
                Item::Point(point) => self.shared().names.series(point.series).map(|s| s.hook),
                Item::Other(index) => {
                    others += 1;
                    batch.others.get(index).map(|o| o.hook)
                }
            };
            if is_signal_time && !again {
                survive!(self.pass_time(batch, item));
            }
            self.frame.item.set(item);
            self.frame
                .sequence
                .set((entry.first + at as u64) * shards + number);
            if !std::mem::take(&mut again) {
                self.frame.advance();
            }
            self.shard().set_phase(Phase::Firing);
            if let Some(hook) = hook {
                self.frame.hook.set(hook);
                self.fire(hook);
            }
            survive!(self.fate());
        }
        self.shard().delivered.bump(batch.len() as u64);
        self.end_batch(Some(()))
    }

    fn end_batch(&self, _: Option<()>) -> Fate {
        self.shard().set_phase(Phase::Between);
        *lock(&self.shard().entry) = None;
        *self.frame.batch.borrow_mut() = None;
        self.frame.hook.set(u32::MAX);
        Lives
    }

    #[inline]
    pub(super) fn fire(&mut self, hook: u32) {
        if let Some(Some(handle)) = self.hooks.get(hook as usize) {
            handle.0.fire(&self.frame);
            return;
        }
        self.resolve(hook);
    }

    #[cold]
    fn resolve(&mut self, hook: u32) {
        let Some(name) = self.frame.shared.names.hook_name(hook) else {
            return;
        };
        let handle = HookHandle(self.frame.shard.bus.declare(name));
        handle.0.fire(&self.frame);
        let index = hook as usize;
        if self.hooks.len() <= index {
            self.hooks.resize_with(index + 1, || None);
        }
        if let Some(place) = self.hooks.get_mut(index) {
            *place = Some(handle);
        }
    }

    /// Moves the time of the signals on, with a tick when a second has passed.
    #[inline]
    fn pass_time(&mut self, batch: &Batch, item: Item) -> Fate {
        let time = match item {
            Item::Point(point) => point.time,
            Item::Other(index) => match batch.others.get(index) {
                Some(other) => Signal::time(&other.signal),
                None => return Lives,
            },
        };
        let high_water = &self.shard().high_water_ns;
        if time.as_nanos() <= high_water.load(Ordering::Relaxed) {
            return Lives;
        }
        high_water.store(time.as_nanos(), Ordering::Relaxed);
        if self.is_tick_due(time.as_nanos()) {
            return self.tick();
        }
        Lives
    }

    /// Notes that the signals of a batch are fired from here on.
    pub(super) fn note_batch(&self, entry: &Entry) {
        if let Some(tape) = self.frame.tape() {
            let batch = Note::Batch(entry.first, Arc::clone(&entry.batch));
            tape.note(self.frame.position.get(), batch);
        }
    }

    pub(super) fn number(&self, batch: Arc<Batch>) -> Entry {
        let first = self.shard().taken.get();
        self.shard().taken.bump(batch.len() as u64);
        Entry { first, batch }
    }

    fn drop_signals(&self, source: usize, reason: DropReason, count: u64) {
        if let Some(counts) = self.shared().sources.get(source) {
            counts.drop_signals(reason, count);
        }
    }
}
