//! What a source hands its signals to.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use voidstate_core::{
    Emitter, HookName, Overflow, Point, SeriesId, SeriesInfo, Severity, Signal, Stage, Timestamp,
    Unit,
};

use super::batch::Batch;
use super::names::{NO_SERIES, Named};
use super::queue::Refusal;
use super::shared::{Shared, SourceCounts};
use super::stats::DropReason;
use super::worker::Worker;

/// Gathers a source's signals into batches, one per shard, and sends them off.
#[derive(Debug)]
pub(crate) struct Feeder {
    shared: Arc<Shared>,
    source: usize,
    pending: Vec<Arc<Batch>>,
    hooks: Vec<(HookName, u32)>,
    /// The workers, where they run on the source's own thread.
    pub(crate) inline: Option<Vec<Worker>>,
    accepted: u64,
    series_count: u32,
}

impl Feeder {
    pub(crate) fn new(shared: Arc<Shared>, source: usize) -> Self {
        let pending = shared.shards.iter().map(|_| shared.pool.take(source));
        Self {
            pending: pending.collect(),
            shared,
            source,
            hooks: Vec::new(),
            inline: None,
            accepted: 0,
            series_count: 0,
        }
    }

    pub(crate) fn counts(&self) -> Option<&SourceCounts> {
        self.shared.sources.get(self.source)
    }

    /// Adds to the batch of a shard, and sends it off when it is full.
    #[inline]
    fn add(&mut self, shard: usize, add: impl FnOnce(&mut Batch)) {
        let Some(batch) = self.pending.get_mut(shard).and_then(Arc::get_mut) else {
            return;
        };
        add(batch);
        self.accepted += 1;
        if batch.len() >= self.shared.batch_max {
            self.send(shard);
        }
    }

    #[inline]
    fn shard_of(&self, number: u64) -> usize {
        match self.shared.spread {
            1 => 0,
            spread => usize::try_from(number % spread as u64).unwrap_or(0),
        }
    }

    /// Sends a sample to its shard and, when there are several, to the one for single tools.
    #[inline]
    fn add_point(&mut self, point: Point) {
        self.add(self.shard_of(u64::from(point.series.0)), |batch| {
            batch.points.push(point)
        });
        if let Some(single) = self.shared.single() {
            self.add(single, |batch| batch.points.push(point));
        }
    }

    fn send(&mut self, shard: usize) {
        let Some(pending) = self.pending.get_mut(shard).filter(|b| b.len() > 0) else {
            return;
        };
        let batch = std::mem::replace(pending, self.shared.pool.take(self.source));
        let Some(counts) = self.shared.sources.get(self.source) else {
            return;
        };
        counts.accepted.add(std::mem::take(&mut self.accepted));
        if let Some(worker) = self
            .inline
            .as_mut()
            .and_then(|workers| workers.get_mut(shard))
        {
            let _ = worker.between();
            let _ = worker.take(batch);
            return;
        }
        let Some(to) = self.shared.shards.get(shard) else {
            return;
        };
        let waits = counts.overflow == Overflow::Wait;
        if let Err((batch, refusal)) = to.queue.push(batch, waits) {
            let reason = match refusal {
                Refusal::Full => DropReason::QueueFull,
                Refusal::Closed => DropReason::Shutdown,
            };
            counts.drop_signals(reason, batch.len() as u64);
            self.shared.pool.give(batch);
        }
    }

    /// Sends off everything that was gathered.
    pub(crate) fn flush(&mut self) {
        for shard in 0..self.pending.len() {
            self.send(shard);
        }
        if let Some(counts) = self.shared.sources.get(self.source) {
            counts.accepted.add(std::mem::take(&mut self.accepted));
        }
    }

    fn hook(&mut self, name: &HookName) -> Option<u32> {
        if let Some((_, hook)) = self.hooks.iter().find(|(known, _)| known == name) {
            return Some(*hook);
        }
        let hook = self.shared.names.hook(name)?;
        if self.hooks.len() < 64 {
            self.hooks.push((name.clone(), hook));
        }
        Some(hook)
    }
}

impl Emitter for Feeder {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        // What was said of it before holds for the samples before.
        if self.inline.is_some() && self.shared.names.refines(info) {
            self.flush();
        }
        match self.shared.names.name(info) {
            Named::Is(id) => id,
            Named::But(id, reason) => {
                self.degraded(&info.key.to_string(), reason);
                id
            }
            Named::Full => NO_SERIES,
        }
    }

    #[inline]
    fn sample(&mut self, series: SeriesId, time: Timestamp, value: f64) {
        if series.0 >= self.series_count {
            self.series_count = self.shared.names.series_count();
            if series == NO_SERIES {
                return self.rejected(1, "there are too many series");
            }
            if series.0 >= self.series_count {
                return self.rejected(1, "the number of the series was never issued");
            }
        }
        self.add_point(Point {
            series,
            time,
            value,
        });
    }

    fn signal(&mut self, hook: &HookName, signal: Signal) {
        if let Signal::Sample(sample) = signal {
            let series = self.series(&SeriesInfo {
                key: sample.series,
                hook: hook.clone(),
                unit: Unit::None,
                limit: None,
            });
            return self.sample(series, sample.time, sample.value);
        }
        let Some(number) = self.hook(hook) else {
            return self.rejected(1, "there are too many hooks");
        };
        if self.shared.spread == 1 {
            return self.add(0, |batch| batch.push_other(number, signal));
        }
        // A span belongs to its trace; events and states belong to no series, so every shard sees them.
        let shards = match &signal {
            Signal::Span(span) => {
                let trace = u64::try_from(span.trace_id & u128::from(u64::MAX)).unwrap_or(0);
                let home = self.shard_of(trace ^ (span.trace_id >> 64) as u64);
                vec![home]
            }
            _ => (0..self.shared.spread).collect(),
        };
        for shard in shards.into_iter().chain(self.shared.single()) {
            let copy = signal.clone();
            self.add(shard, |batch| batch.push_other(number, copy));
        }
    }

    fn rejected(&mut self, count: u64, reason: &str) {
        if let Some(counts) = self.counts() {
            counts.reject(count, reason);
        }
    }

    fn degraded(&mut self, part: &str, reason: &str) {
        let Some(counts) = self.counts() else { return };
        if counts.degrade(part, reason) {
            let sentence = format!("source {}: {part}: {reason}", counts.name);
            let episode = self.shared.new_episode();
            self.shared
                .say(episode, Stage::Instant, Severity::Notice, sentence, None);
        }
    }

    fn is_cancelled(&self) -> bool {
        self.shared.is_stopping.load(Ordering::Relaxed)
    }
}
