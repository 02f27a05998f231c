//! A shard's worker: fires signals, ticks tools, hands results to the sinks.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use voidstate_core::{HookName, MetricName, Point, SeriesId, SeriesInfo, SeriesKey, Signal, Unit};

use super::batch::{Batch, Item};
use super::frame::Frame;
use super::lock;
use super::names::{NO_SERIES, Named};
use super::policy::EngineTime;
use super::queue::Popped;
use super::shard::{Entry, Metric, Phase, Shard};
use super::shared::{Shared, since_ever};
use super::sinks::Parcel;
use super::slot::Slot;
use super::stats::DropReason;
use crate::bus::Hook;

const TICK_NS: i64 = 1_000_000_000;
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

/// Passes the end of a worker on.
macro_rules! survive {
    ($fate:expr) => {
        if $fate == Replaced {
            return Replaced;
        }
    };
}

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
        if self.shard().number == 0 {
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

    /// Whether a second has passed; the first call only sets the beat.
    fn is_tick_due(&self, now_ns: i64) -> bool {
        let due = &self.shard().tick_due_ns;
        let due_ns = due.load(Ordering::Relaxed);
        if due_ns == i64::MIN {
            due.store(
                now_ns
                    .div_euclid(TICK_NS)
                    .saturating_add(1)
                    .saturating_mul(TICK_NS),
                Ordering::Relaxed,
            );
            return false;
        }
        if now_ns < due_ns {
            return false;
        }
        due.store(
            now_ns
                .div_euclid(TICK_NS)
                .saturating_add(1)
                .saturating_mul(TICK_NS),
            Ordering::Relaxed,
        );
        true
    }

    /// Fires a batch and hands its points and what was said to the sinks.
    pub(crate) fn take(&mut self, batch: Arc<Batch>) -> Fate {
        let entry = self.number(batch);
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
    fn fire_all(&mut self, entry: &Entry, start: usize, again: bool) -> Fate {
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
    fn fire(&mut self, hook: u32) {
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

    fn tick(&mut self) -> Fate {
        self.frame.advance();
        self.tick_all()
    }

    fn tick_all(&mut self) -> Fate {
        self.shard().set_phase(Phase::Ticking);
        let hook = self.frame.hook.replace(u32::MAX);
        self.refresh();
        for slot in self.slots.iter() {
            slot.tick(&self.frame);
            survive!(self.fate());
        }
        self.frame.hook.set(hook);
        self.shard().set_phase(Phase::Between);
        self.account();
        survive!(self.save());
        if self.shared().time == EngineTime::Signals {
            survive!(self.retry());
        }
        Lives
    }

    fn refresh(&mut self) {
        let version = self.frame.shard.slots_version.load(Ordering::Acquire);
        if version != self.slots_version {
            self.slots = self.frame.shard.slots();
            self.slots_version = version;
        }
    }

    /// Once a second: how much CPU time went by, who holds too much memory, what was dropped.
    fn account(&mut self) {
        let cpu = clock_gettime(ClockId::ThreadCPUTime);
        let nanos = cpu
            .tv_sec
            .saturating_mul(TICK_NS)
            .saturating_add(cpu.tv_nsec);
        self.shard().cpu_ns.raise(u64::try_from(nanos).unwrap_or(0));
        let shared = self.shared();
        if !shared.is_threaded.load(Ordering::Relaxed) {
            for slot in self.slots.iter() {
                shared.tools.check_memory(shared, slot);
            }
        }
        if self.shard().number == 0 {
            self.report_drops();
        }
    }

    fn save(&mut self) -> Fate {
        let every = self.shared().policy.save_every;
        if every.is_zero() {
            return Lives;
        }
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let now = nanos(self.frame.moment());
        let due = self.shard().save_due_ns.load(Ordering::Relaxed);
        if now < due {
            return Lives;
        }
        let next = now.saturating_add(nanos(every)).max(1);
        self.shard().save_due_ns.store(next, Ordering::Relaxed);
        if due == 0 {
            return Lives;
        }
        for slot in self.slots.iter().filter(|slot| slot.is_active()) {
            slot.save(&self.frame);
            survive!(self.fate());
        }
        Lives
    }

    /// Tries suspended tools whose time has come.
    fn retry(&mut self) -> Fate {
        if !self.shared().tools.has_retries() {
            return Lives;
        }
        let now = self.frame.moment();
        while let Some(slot) = self.shared().tools.next_retry(self.shard().number, now) {
            match slot.revive(&self.frame, true) {
                Ok(true) => slot.set_active(true),
                Ok(false) => return Replaced,
                Err(error) => {
                    let shared = self.shared();
                    shared.tools.not_made(shared, &slot, &error, now);
                }
            }
        }
        Lives
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
        fate
    }

    fn flush_keeping_phase(&mut self) -> Fate {
        let fate = self.flush(None);
        self.shard().set_phase(Phase::Finishing);
        fate
    }

    /// Hands the points of a batch, then what was said, then the tools' metrics to the sinks.
    fn flush(&mut self, entry: Option<Entry>) -> Fate {
        if let Some(entry) = entry {
            let shared = self.shared();
            let is_own = entry.batch.source == shared.own_source();
            let is_for_sinks = is_own || self.shard().number < shared.spread;
            if is_for_sinks && !entry.batch.points.is_empty() {
                shared
                    .sinks
                    .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
            } else {
                shared.pool.give(entry.batch);
            }
        }
        self.send_findings();
        if lock(&self.shard().metrics).is_empty() {
            return Lives;
        }
        self.publish()
    }

    fn send_findings(&self) {
        let mut findings = lock(&self.shard().findings);
        if findings.is_empty() {
            return;
        }
        let findings = std::mem::take(&mut *findings);
        let shared = self.shared();
        shared
            .sinks
            .send(Parcel::Findings(findings), &shared.names, &shared.pool);
    }

    /// Fires the tools' metrics at their hook. What tools publish while they see a metric goes to the sinks alone, so
    /// that tools cannot keep each other busy for ever.
    fn publish(&mut self) -> Fate {
        if let Some(batch) = self.metric_batch() {
            let entry = self.number_own(batch);
            *lock(&self.shard().entry) = Some(entry.clone());
            survive!(self.fire_all(&entry, 0, false));
            let shared = self.shared();
            shared
                .sinks
                .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
            self.send_findings();
        }
        if let Some(batch) = self.metric_batch() {
            let entry = self.number_own(batch);
            self.shard().delivered.bump(entry.batch.len() as u64);
            let shared = self.shared();
            shared
                .sinks
                .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
        }
        Lives
    }

    fn number(&self, batch: Arc<Batch>) -> Entry {
        let first = self.shard().taken.get();
        self.shard().taken.bump(batch.len() as u64);
        Entry { first, batch }
    }

    /// Numbers a batch of the engine's own.
    fn number_own(&self, batch: Arc<Batch>) -> Entry {
        let shared = self.shared();
        if let Some(own) = shared.sources.get(shared.own_source()) {
            own.accepted.add(batch.len() as u64);
        }
        self.number(batch)
    }

    fn metric_batch(&mut self) -> Option<Arc<Batch>> {
        let mut metrics = std::mem::take(&mut self.metrics);
        std::mem::swap(&mut metrics, &mut lock(&self.shard().metrics));
        let shared = &self.frame.shared;
        let mut batch = shared.pool.take(shared.own_source());
        let inner = Arc::get_mut(&mut batch)?;
        for metric in metrics.drain(..) {
            let series = self.metric_series(&metric);
            if series != NO_SERIES {
                inner.points.push(Point {
                    series,
                    time: metric.time,
                    value: metric.value,
                });
            } else if let Some(own) = shared.sources.get(shared.own_source()) {
                own.reject(1, "there are too many series");
            }
        }
        let is_empty = inner.points.is_empty();
        self.metrics = metrics;
        if is_empty {
            self.frame.shared.pool.give(batch);
            return None;
        }
        Some(batch)
    }

    fn metric_series(&self, metric: &Metric) -> SeriesId {
        let slot = &metric.slot;
        let mut known = lock(&slot.metrics);
        if let Some(id) = known.get(&metric.name) {
            return *id;
        }
        let name = format!("tool.{}.{}", slot.meta.id, metric.name);
        let name = MetricName::sanitised(&name);
        // Several instances publish under the same name: the label keeps them apart.
        let labels =
            (slot.placement.shards > 1).then(|| ("shard", slot.placement.shard.to_string()));
        let key = SeriesKey::new(name.clone(), labels);
        let id = self.name_own(
            key.unwrap_or_else(|_| SeriesKey::plain(name)),
            "engine.tool",
            Unit::None,
        );
        known.insert(metric.name.clone(), id);
        id
    }

    fn name_own(&self, key: SeriesKey, hook: &str, unit: Unit) -> SeriesId {
        let Ok(hook) = HookName::new(hook) else {
            return NO_SERIES;
        };
        let info = SeriesInfo {
            key,
            hook,
            unit,
            limit: None,
        };
        match self.shared().names.name(&info) {
            Named::Is(id) | Named::But(id, _) => id,
            Named::Full => NO_SERIES,
        }
    }

    /// Publishes the number of dropped signals by source and reason, once a second while it changes.
    fn report_drops(&mut self) {
        let shared = Arc::clone(&self.frame.shared);
        let mut changed = Vec::new();
        for (source, counts) in shared.sources.iter().enumerate() {
            for (reason, count) in counts.dropped() {
                let mut known = self.own_series.iter_mut();
                let known = known.find(|(s, r, ..)| (*s, *r) == (source, reason));
                match known {
                    Some((.., before)) if *before == count => {}
                    Some((.., series, before)) => {
                        *before = count;
                        changed.push((*series, count));
                    }
                    None => {
                        let labels = [
                            ("reason", reason.as_str()),
                            ("source", counts.name.as_str()),
                        ];
                        let metric = MetricName::sanitised("engine.dropped");
                        let key = SeriesKey::new(metric.clone(), labels);
                        let key = key.unwrap_or_else(|_| SeriesKey::plain(metric));
                        let series = self.name_own(key, "engine.dropped", Unit::Count);
                        self.own_series.push((source, reason, series, count));
                        changed.push((series, count));
                    }
                }
            }
        }
        changed.retain(|(series, _)| *series != NO_SERIES);
        if changed.is_empty() {
            return;
        }
        let time = self.frame.now();
        let mut batch = shared.pool.take(shared.own_source());
        if let Some(inner) = Arc::get_mut(&mut batch) {
            inner
                .points
                .extend(changed.into_iter().map(|(series, count)| Point {
                    series,
                    time,
                    value: count as f64,
                }));
        }
        let entry = self.number_own(batch);
        self.shard().delivered.bump(entry.batch.len() as u64);
        shared
            .sinks
            .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
    }

    fn drop_signals(&self, source: usize, reason: DropReason, count: u64) {
        if let Some(counts) = self.shared().sources.get(source) {
            counts.drop_signals(reason, count);
        }
    }

    /// Runs a request on the calling thread, for a worker that is parked.
    pub(crate) fn run_request(&mut self) {
        let before = IS_WORKING.with(|w| w.replace(true));
        let _ = self.serve();
        IS_WORKING.with(|w| w.set(before));
    }
}

impl Frame {
    /// Time for retries, as this shard sees it.
    pub(crate) fn moment(&self) -> Duration {
        match self.shared.time {
            EngineTime::Clock => self.shared.clock.monotonic(),
            EngineTime::Signals => since_ever(self.shard.high_water_ns.load(Ordering::Relaxed)),
        }
    }

    /// The slot of that number on this shard.
    pub(crate) fn slot(&self, number: u32) -> Option<Arc<Slot>> {
        let slots = lock(&self.shard.slots);
        slots.iter().find(|slot| slot.number == number).cloned()
    }
}
