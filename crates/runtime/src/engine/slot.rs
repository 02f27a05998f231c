//! One instance of a tool on one shard.

mod call;
mod instance;
mod taping;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use voidstate_core::{Config, MetricName, Placement, SeriesId, Tool, ToolFactory, ToolMeta};

use super::append::AppendVec;
use super::count::{Count, Histogram};
use super::failure::discard;
use super::frame::Said;
use super::lock;
use super::random::SplitMix64;
use crate::memory::Owner;
use call::Kind;

/// Key under which a saved instance is kept.
pub(crate) const SNAPSHOT_KEY: &str = ".instance";

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
    /// The engine's numbers of what it publishes, by name and by the series whose labels it bears.
    pub(crate) metrics: Mutex<HashMap<(MetricName, Option<SeriesId>), SeriesId>>,
    pub(crate) config: Mutex<Config>,
    is_active: AtomicBool,
    /// Its tool hung: no instance is called for any purpose until there is a fresh one.
    is_hung: AtomicBool,
    /// Rises with every instance that is put into place or left behind.
    generation: AtomicU64,
    has_dependents: AtomicBool,
    /// Its tool was detached and its last call was made: there is no other one, whatever else is under way.
    is_gone: AtomicBool,
    /// While recording: the last position at which it was decided whether it is called, and what was decided.
    seen_at: AtomicU64,
    seen_active: AtomicBool,
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
            is_hung: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            has_dependents: AtomicBool::new(false),
            is_gone: AtomicBool::new(false),
            seen_at: AtomicU64::new(u64::MAX),
            seen_active: AtomicBool::new(false),
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
        let is_active = is_active && !self.is_gone();
        self.is_active.store(is_active, Ordering::Release);
    }

    /// From now on it is neither called nor given an instance.
    pub(crate) fn leave(&self) {
        self.is_gone.store(true, Ordering::Release);
        self.set_active(false);
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn is_active(&self) -> bool {
        self.is_active.load(Ordering::Acquire)
    }

    pub(crate) fn set_hung(&self, is_hung: bool) {
        self.is_hung.store(is_hung, Ordering::Release);
    }

    fn is_hung(&self) -> bool {
        self.is_hung.load(Ordering::Acquire)
    }

    /// Which of its instances is in place, by count.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn next_generation(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
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
            self.next_generation();
        }
    }

    /// Drops an instance that lives elsewhere than in this process, when the engine comes to its end; one that is being
    /// called is left.
    pub(crate) fn let_go(&self) {
        if self.factory.grace().is_zero() {
            return;
        }
        let body = self.bodies.get(self.body.load(Ordering::Acquire));
        if let Some(Ok(mut body)) = body.map(Mutex::try_lock) {
            discard(body.instance.take());
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
}
