//! One instance of a tool on one shard, and how it is called.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use voidstate_core::{
    Config, Effect, Error, Firing, MetricName, Placement, Result, SeriesId, Severity, Stage, Tool,
    ToolFactory, ToolMeta,
};

use super::append::AppendVec;
use super::context::CallContext;
use super::count::{Count, Histogram};
use super::frame::{Frame, Said, Scratch};
use super::lock;
use super::random::SplitMix64;
use super::shard::Metric;
use super::shared::Shared;
use crate::memory::Owner;

/// Key under which a saved instance is kept.
pub(crate) const SNAPSHOT_KEY: &str = ".instance";

/// Why a tool is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Requested,
    Effect,
    Errors,
    Panic,
    Hang,
    Memory,
    Time,
    Create,
}

impl Cause {
    /// Whether waiting may help.
    pub(crate) const fn is_retried(self) -> bool {
        !matches!(self, Self::Requested | Self::Effect)
    }
}

/// A tool failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    pub(crate) reason: String,
}

#[derive(Debug, Default)]
pub(crate) struct SlotCounts {
    pub(crate) calls: Count,
    pub(crate) errors: Count,
    pub(crate) panics: Count,
    pub(crate) slow: Count,
    pub(crate) busy_ns: Count,
    pub(crate) latency: Histogram,
}

/// What is locked while the instance is being called.
pub(crate) struct Body {
    instance: Option<Box<dyn Tool>>,
    owner: Option<Arc<Owner>>,
    /// Position of the last call.
    last: u64,
    said_at: u64,
    said: Said,
    random: SplitMix64,
    /// Errors in a row, of signals and of ticks.
    errors_in_a_row: [u32; 2],
    is_probing: bool,
    /// Ticks that went well while it is on probation.
    probed_ticks: u32,
}

/// What a tool is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Signal = 0,
    Tick = 1,
    Finish = 2,
}

/// How many ticks without a failure end a probation in which no signal came.
const PROBED_TICKS: u32 = 3;

impl Body {
    /// A call went well. A good tick does not make up for bad signals.
    #[inline]
    fn forgive(&mut self, kind: Kind) {
        if let Some(in_a_row) = self.errors_in_a_row.get_mut(kind as usize) {
            *in_a_row = 0;
        }
    }

    /// Whether a call that went well ends the probation.
    #[inline]
    fn passes_probe(&mut self, kind: Kind) -> bool {
        if !self.is_probing {
            return false;
        }
        self.probed_ticks += u32::from(kind == Kind::Tick);
        let is_passed = kind == Kind::Signal || self.probed_ticks >= PROBED_TICKS;
        self.is_probing = !is_passed;
        is_passed
    }
}

/// One instance of a tool on one shard.
pub(crate) struct Slot {
    /// Its number within the engine.
    pub(crate) number: u32,
    pub(crate) meta: Arc<ToolMeta>,
    pub(crate) factory: Arc<dyn ToolFactory>,
    pub(crate) shard: usize,
    pub(crate) placement: Placement,
    /// Slots of the dependencies on the same shard, in order of declaration.
    pub(crate) dependencies: Vec<Arc<Slot>>,
    pub(crate) counts: SlotCounts,
    pub(crate) metrics: Mutex<HashMap<MetricName, SeriesId>>,
    pub(crate) config: Mutex<Config>,
    is_active: AtomicBool,
    has_dependents: AtomicBool,
    /// Owner of the present instance, for whoever measures it.
    owner: Mutex<Option<Arc<Owner>>>,
    seed: u64,
    /// A thread that hangs keeps its body locked for ever, so there is a new one after each hang.
    bodies: AppendVec<Mutex<Body>>,
    body: AtomicU32,
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot")
            .field("tool", &self.meta.id)
            .field("shard", &self.shard)
            .finish_non_exhaustive()
    }
}

/// What a slot is made of.
pub(crate) struct SlotPlan {
    pub(crate) number: u32,
    pub(crate) meta: Arc<ToolMeta>,
    pub(crate) factory: Arc<dyn ToolFactory>,
    pub(crate) shard: usize,
    pub(crate) placement: Placement,
    pub(crate) dependencies: Vec<Arc<Slot>>,
    pub(crate) config: Config,
    pub(crate) seed: u64,
}

impl Slot {
    pub(crate) fn new(plan: SlotPlan) -> Self {
        let slot = Self {
            number: plan.number,
            meta: plan.meta,
            factory: plan.factory,
            shard: plan.shard,
            placement: plan.placement,
            dependencies: plan.dependencies,
            counts: SlotCounts::default(),
            metrics: Mutex::default(),
            config: Mutex::new(plan.config),
            is_active: AtomicBool::new(false),
            has_dependents: AtomicBool::new(false),
            owner: Mutex::new(None),
            seed: plan.seed,
            bodies: AppendVec::new(),
            body: AtomicU32::new(0),
        };
        for dependency in &slot.dependencies {
            dependency.has_dependents.store(true, Ordering::Relaxed);
        }
        slot.bodies.push(Mutex::new(slot.empty_body()));
        slot
    }

    fn empty_body(&self) -> Body {
        Body {
            instance: None,
            owner: None,
            last: 0,
            said_at: 0,
            said: Said::default(),
            random: SplitMix64::of(self.seed, &self.meta.id, self.shard),
            errors_in_a_row: [0; 2],
            is_probing: false,
            probed_ticks: 0,
        }
    }

    pub(crate) fn set_active(&self, is_active: bool) {
        self.is_active.store(is_active, Ordering::Release);
    }

    #[inline]
    pub(crate) fn is_active(&self) -> bool {
        self.is_active.load(Ordering::Acquire)
    }

    pub(crate) fn has_dependents(&self) -> bool {
        self.has_dependents.load(Ordering::Relaxed)
    }

    /// Live bytes of the present instance.
    pub(crate) fn memory_bytes(&self) -> u64 {
        lock(&self.owner).as_ref().map_or(0, |o| o.live_bytes())
    }

    /// Leaves the body to the thread that hangs with it. Only for a call that was declared abandoned.
    pub(crate) fn leave_body(&self) {
        if let Some(body) = self.bodies.push(Mutex::new(self.empty_body())) {
            *lock(&self.owner) = None;
            self.body.store(body, Ordering::Release);
        }
    }

    #[inline]
    fn body(&self) -> Option<MutexGuard<'_, Body>> {
        let body = self.bodies.get(self.body.load(Ordering::Acquire))?;
        Some(lock(body))
    }

    /// What it said in the firing at `position`, copied into `heard`.
    fn tell(&self, position: u64, heard: &mut Said) {
        heard.clear();
        let Some(body) = self.bodies.get(self.body.load(Ordering::Acquire)) else {
            return;
        };
        let body = match body.try_lock() {
            Ok(body) => body,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Somebody hangs in it: it said nothing.
            Err(TryLockError::WouldBlock) => return,
        };
        if body.said_at == position {
            heard.findings.extend_from_slice(&body.said.findings);
            heard.outputs.extend_from_slice(&body.said.outputs);
        }
    }

    /// Hands it the signal of the frame.
    #[inline]
    pub(crate) fn observe(&self, frame: &Frame) {
        if !self.is_active() || frame.stale.get() {
            return;
        }
        let batch = frame.batch.borrow();
        let (Some(signal), Some(hook)) = (
            frame.signal(batch.as_deref()),
            frame.shared.names.hook_name(frame.hook.get()),
        ) else {
            return;
        };
        let firing = Firing {
            hook,
            signal,
            sequence: frame.sequence.get(),
        };
        self.call(frame, Kind::Signal, |tool, ctx| tool.observe(&firing, ctx));
    }

    pub(crate) fn tick(&self, frame: &Frame) {
        if self.is_active() {
            self.call(frame, Kind::Tick, |tool, ctx| tool.tick(ctx));
        }
    }

    pub(crate) fn finish(&self, frame: &Frame) {
        self.call(frame, Kind::Finish, |tool, ctx| tool.finish(ctx));
    }

    /// Calls the instance under the eyes of the watchdog; `None` when nobody was called or nobody waits any more.
    ///
    /// Each position calls it at most once, so that a firing can be gone through again after a hang.
    #[inline]
    fn call(
        &self,
        frame: &Frame,
        kind: Kind,
        work: impl FnOnce(&mut dyn Tool, &mut CallContext<'_>) -> Result<()>,
    ) -> Option<()> {
        let beat = &frame.shard.beat;
        let ticket = beat.begin(self.number);
        let (Some(mut guard), Ok(mut scratch)) = (self.body(), frame.scratch.try_borrow_mut())
        else {
            return self.close(frame, ticket);
        };
        let body = &mut *guard;
        let position = frame.position.get();
        let Some(instance) = body
            .instance
            .as_deref_mut()
            .filter(|_| body.last < position)
        else {
            drop(guard);
            return self.close(frame, ticket);
        };
        body.last = position;
        if !self.dependencies.is_empty() {
            self.listen(position, &mut scratch);
        }
        let timed = frame.timer.start();
        let entered = body.owner.as_ref().map(|owner| owner.enter());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            work(
                instance,
                &mut CallContext {
                    frame,
                    slot: self,
                    scratch: &mut scratch,
                    random: &mut body.random,
                    ticket,
                },
            )
        }));
        let failure = match outcome {
            Ok(Ok(())) if scratch.violation.is_none() => {
                body.forgive(kind);
                None
            }
            outcome => self.failed(frame, kind, body, outcome, scratch.violation),
        };
        if failure.is_some() {
            // Inside the call still: a destructor may panic or hang as well.
            discard(body.instance.take());
        }
        drop(entered);
        if !beat.end(ticket) {
            frame.stale.set(true);
            scratch.clear();
            discard(body.instance.take());
            return None;
        }
        self.counts.calls.bump(1);
        if let Some((start, stands_for)) = timed {
            self.time(frame, start.elapsed(), stands_for);
        }
        self.take_over(frame, position, body, &mut scratch);
        let is_recovered = failure.is_none() && body.passes_probe(kind);
        drop(guard);
        drop(scratch);
        if let Some(failure) = failure {
            frame
                .shared
                .tools
                .failed(&frame.shared, self, failure, frame.moment());
        } else if is_recovered {
            frame
                .shared
                .tools
                .recovered(&frame.shared, self, frame.moment());
        }
        Some(())
    }

    fn close(&self, frame: &Frame, ticket: u64) -> Option<()> {
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
        }
        None
    }

    fn listen(&self, position: u64, scratch: &mut Scratch) {
        scratch.heard.resize_with(
            self.dependencies.len().max(scratch.heard.len()),
            Said::default,
        );
        for (dependency, heard) in self.dependencies.iter().zip(&mut scratch.heard) {
            dependency.tell(position, heard);
        }
    }

    #[cold]
    fn failed(
        &self,
        frame: &Frame,
        kind: Kind,
        body: &mut Body,
        outcome: std::thread::Result<Result<()>>,
        violation: Option<Effect>,
    ) -> Option<Failure> {
        let failure = |cause, reason| Some(Failure { cause, reason });
        let what = || match frame.shared.names.hook_name(frame.hook.get()) {
            Some(hook) => format!(" at {hook}"),
            None => String::new(),
        };
        let error = match outcome {
            Err(payload) => {
                self.counts.panics.bump(1);
                let reason = format!("it panicked{}: {}", what(), panic_message(&*payload));
                discard(payload);
                return failure(Cause::Panic, reason);
            }
            Ok(outcome) => outcome.err(),
        };
        if error.is_some() {
            self.counts.errors.bump(1);
        }
        if let Some(effect) = violation {
            let reason = format!("it used the effect {effect} without declaring it");
            return failure(Cause::Effect, reason);
        }
        let error = error?;
        let limit = frame.shared.policy.errors_max.max(1);
        let in_a_row = body.errors_in_a_row.get_mut(kind as usize)?;
        *in_a_row += 1;
        if *in_a_row < limit && !body.is_probing {
            return None;
        }
        let times = match *in_a_row {
            1 => "once".to_owned(),
            times => format!("{times} times in a row"),
        };
        failure(
            Cause::Errors,
            format!("it failed {times}, last{}: {error}", what()),
        )
    }

    fn time(&self, frame: &Frame, elapsed: std::time::Duration, stands_for: u64) {
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        frame.timer.timed(nanos);
        self.counts.busy_ns.bump(nanos.saturating_mul(stands_for));
        self.counts.latency.record(nanos);
        if elapsed > self.meta.budget.time_per_signal {
            self.counts.slow.bump(1);
        }
    }

    /// Takes over what the tool said in a call that somebody waited for.
    #[inline]
    fn take_over(&self, frame: &Frame, position: u64, body: &mut Body, scratch: &mut Scratch) {
        let is_silent = scratch.findings.is_empty() && scratch.metrics.is_empty();
        if is_silent && scratch.outputs.is_empty() {
            return;
        }
        if self.has_dependents() {
            if body.said_at != position {
                body.said.clear();
                body.said_at = position;
            }
            body.said.findings.extend_from_slice(&scratch.findings);
            body.said.outputs.append(&mut scratch.outputs);
        }
        if !scratch.findings.is_empty() {
            lock(&frame.shard.findings).append(&mut scratch.findings);
        }
        if !scratch.metrics.is_empty() {
            let time = frame.now();
            let slot = frame.slot(self.number);
            let metrics = scratch.metrics.drain(..).filter_map(|(name, value)| {
                Some(Metric {
                    slot: Arc::clone(slot.as_ref()?),
                    name,
                    time,
                    value,
                })
            });
            lock(&frame.shard.metrics).extend(metrics);
        }
        scratch.clear();
    }

    /// Makes a fresh instance, continues it from what was last saved, and puts it into place.
    ///
    /// Not under the eyes of the watchdog; see [`revive`](Self::revive).
    pub(crate) fn create(&self, saved: Option<&[u8]>) -> Result<Made> {
        let owner = Owner::claim().map(Arc::new);
        let entered = owner.as_ref().map(|owner| owner.enter());
        let config = lock(&self.config).clone();
        let made = catch_unwind(AssertUnwindSafe(|| {
            let mut instance = self.factory.create(&config, self.placement)?;
            let refused = saved.and_then(|saved| instance.restore(saved).err());
            // A state that does not fit is no reason to go without the tool.
            if refused.is_some() {
                instance = self.factory.create(&config, self.placement)?;
            }
            Ok::<_, Error>((instance, refused.map(|error| error.to_string())))
        }));
        drop(entered);
        match made {
            Ok(made) => {
                let (instance, refused) = made?;
                Ok(Made {
                    instance,
                    owner,
                    refused,
                })
            }
            Err(payload) => {
                let message = format!("making an instance panicked: {}", panic_message(&*payload));
                discard(payload);
                Err(voidstate_core::Error::Tool {
                    tool: self.meta.id.to_string(),
                    message,
                })
            }
        }
    }

    /// Puts an instance into place.
    pub(crate) fn install(&self, shared: &Shared, made: Made, is_probing: bool) {
        if let Some(refused) = &made.refused {
            self.starts_afresh(shared, refused);
        }
        let Some(mut body) = self.body() else { return };
        *lock(&self.owner) = made.owner.clone();
        let before = body.instance.replace(made.instance);
        body.owner = made.owner;
        body.errors_in_a_row = [0; 2];
        body.is_probing = is_probing;
        body.probed_ticks = 0;
        drop(body);
        discard(before);
    }

    fn starts_afresh(&self, shared: &Shared, why: &str) {
        let tool = &self.meta.id;
        let sentence = format!("tool {tool} starts afresh, its saved state cannot be used: {why}");
        let episode = shared.new_episode();
        let (stage, severity) = (Stage::Instant, Severity::Notice);
        shared.say(episode, stage, severity, sentence, Some(tool));
    }

    /// What was saved of it, if that can be read.
    pub(crate) fn saved(&self, shared: &Shared) -> Option<Vec<u8>> {
        match shared.state.read(&self.meta.id, self.shard, SNAPSHOT_KEY) {
            Ok(saved) => saved,
            Err(error) => {
                self.starts_afresh(shared, &error.to_string());
                None
            }
        }
    }

    /// A fresh instance for a retry, made on the worker's thread under the eyes of the watchdog.
    pub(crate) fn revive(&self, frame: &Frame, is_probing: bool) -> Result<bool> {
        let saved = self.saved(&frame.shared);
        let ticket = frame.shard.beat.begin(self.number);
        let made = self.create(saved.as_deref());
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
            discard(made);
            return Ok(false);
        }
        self.install(&frame.shared, made?, is_probing);
        Ok(true)
    }

    /// Runs `work` on the instance under the eyes of the watchdog, outside of any firing; `None` when there is no
    /// instance or nobody waits any more.
    pub(crate) fn with_instance<R>(
        &self,
        frame: &Frame,
        work: impl FnOnce(&mut dyn Tool) -> Result<R>,
    ) -> Option<Result<R>> {
        let ticket = frame.shard.beat.begin(self.number);
        let mut body = self.body();
        let mut outcome = None;
        if let Some(body) = body.as_deref_mut() {
            let entered = body.owner.as_ref().map(|owner| owner.enter());
            if let Some(instance) = body.instance.as_deref_mut() {
                outcome = Some(catch_unwind(AssertUnwindSafe(|| work(instance))));
            }
            drop(entered);
        }
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
            if let Some(body) = body.as_deref_mut() {
                discard(body.instance.take());
            }
            return None;
        }
        match outcome? {
            Ok(result) => Some(result),
            Err(payload) => {
                self.counts.panics.bump(1);
                let reason = format!("it panicked: {}", panic_message(&*payload));
                discard(payload);
                if let Some(body) = body.as_deref_mut() {
                    discard(body.instance.take());
                }
                drop(body);
                let failure = Failure {
                    cause: Cause::Panic,
                    reason: reason.clone(),
                };
                frame
                    .shared
                    .tools
                    .failed(&frame.shared, self, failure, frame.moment());
                Some(Err(voidstate_core::Error::Tool {
                    tool: self.meta.id.to_string(),
                    message: reason,
                }))
            }
        }
    }

    /// Gives the instance a new configuration, or puts a fresh one with it in its place that continues from its state.
    pub(crate) fn reconfigure(&self, frame: &Frame, config: &Config) -> Result<()> {
        let taken = self.with_instance(frame, |tool| match tool.reconfigure(config) {
            Ok(()) => Ok(None),
            Err(Error::Unavailable { .. }) => tool.save().map(Some),
            Err(error) => Err(error),
        });
        let before = std::mem::replace(&mut *lock(&self.config), config.clone());
        let result = match taken {
            // Without an instance the next one is made with it.
            None | Some(Ok(None)) => Ok(()),
            Some(Ok(Some(saved))) => self.replace_instance(frame, &saved),
            Some(Err(error)) => Err(error),
        };
        if result.is_err() {
            *lock(&self.config) = before;
        }
        result
    }

    fn replace_instance(&self, frame: &Frame, saved: &[u8]) -> Result<()> {
        let ticket = frame.shard.beat.begin(self.number);
        let made = self.create(Some(saved));
        if frame.shard.beat.end(ticket) {
            self.install(&frame.shared, made?, false);
        } else {
            frame.stale.set(true);
            discard(made);
        }
        Ok(())
    }

    /// Keeps the instance's state for a retry or the next start.
    pub(crate) fn save(&self, frame: &Frame) {
        let Some(saved) = self.with_instance(frame, |tool| tool.save()) else {
            return;
        };
        let write = |bytes: Vec<u8>| {
            let state = &frame.shared.state;
            state.write(&self.meta.id, self.shard, SNAPSHOT_KEY, &bytes)
        };
        if let Err(error) = saved.and_then(write) {
            frame.shared.note(
                &self.meta.id,
                frame.now(),
                &format!("its state cannot be saved: {error}"),
            );
        }
    }

    /// Drops the instance, under the eyes of the watchdog.
    pub(crate) fn drop_instance(&self, frame: &Frame) {
        let ticket = frame.shard.beat.begin(self.number);
        if let Some(mut body) = self.body() {
            discard(body.instance.take());
            body.owner = None;
        }
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
            return;
        }
        *lock(&self.owner) = None;
    }
}

/// A fresh instance and the account of its memory.
pub(crate) struct Made {
    instance: Box<dyn Tool>,
    owner: Option<Arc<Owner>>,
    /// Why it does not continue from the state that was saved.
    refused: Option<String>,
}

/// Drops a foreign value whose destructor may panic, with a payload whose destructor may panic.
pub(crate) fn discard<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        std::mem::forget(payload);
    }
}

/// The message of a panic, at most 512 bytes of it.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic whose payload is no text");
    text.chars().take(512).collect()
}
