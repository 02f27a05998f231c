//! Putting an engine together.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use voidstate_core::{Attributes, Clock, Registry, Sink, Source, StoreReader, ToolFactory, ToolId};

use super::handle::EngineHandle;
use super::handlers::Handlers;
use super::log::{Listener, Log, LogLine};
use super::policy::{EngineTime, Policy};
use super::record::{Finisher, Mode, Recorder, Settings, Tapes};
use super::run::Engine;
use super::shared::{Parts, Shared};
use super::sinks::Sinks;
use super::state::{MemoryState, StateStore};
use super::worker::Worker;
use crate::clock::SystemClock;
use crate::error::{Error, Result};
use crate::pipeline::{Limits, hold};
use crate::registry::ToolRegistry;

/// Most shards.
const SHARDS_MAX: usize = 256;

/// How many parcels may wait for the sinks: a few batches, so that a slow sink is felt and not hidden.
const PARCELS_MAX: usize = 32;

/// Puts an [`Engine`] together; get one from [`Engine::builder`].
pub struct EngineBuilder {
    clock: Option<Arc<dyn Clock>>,
    time: EngineTime,
    seed: u64,
    shards: usize,
    queue_max: usize,
    batch_max: usize,
    policy: Policy,
    registry: Option<Arc<dyn Registry>>,
    sources: Vec<Box<dyn Source>>,
    sinks: Vec<Box<dyn Sink>>,
    tools: Vec<(Arc<dyn ToolFactory>, Attributes)>,
    store: Option<Arc<dyn StoreReader>>,
    state: Option<Arc<dyn StateStore>>,
    listener: Option<Listener>,
    budget: Option<Limits>,
    handlers: Handlers,
    recorder: Option<Recorder>,
}

impl std::fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineBuilder")
            .field("shards", &self.shards)
            .field("queue_max", &self.queue_max)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Default for EngineBuilder {
    /// The system's clock, seed 0, one shard, 65,536 signals a queue, 512 a batch.
    fn default() -> Self {
        Self {
            clock: None,
            time: EngineTime::default(),
            seed: 0,
            shards: 1,
            queue_max: 1 << 16,
            batch_max: 512,
            policy: Policy::default(),
            registry: None,
            sources: Vec::new(),
            sinks: Vec::new(),
            tools: Vec::new(),
            store: None,
            state: None,
            listener: None,
            budget: None,
            handlers: Handlers::Production,
            recorder: None,
        }
    }
}

impl EngineBuilder {
    /// Uses this clock instead of the system's. Waiting then goes through its `sleep`.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// What "now" is for tools.
    #[must_use]
    pub fn time(mut self, time: EngineTime) -> Self {
        self.time = time;
        self
    }

    /// Seed of the tools' random numbers.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Over how many shards series are spread, 1 to 256. Each shard is a thread; with more than one there is one more,
    /// for tools of which there is one in all.
    #[must_use]
    pub fn shards(mut self, shards: usize) -> Self {
        self.shards = shards;
        self
    }

    /// How many signals a shard's queue holds (at least one batch), and how many a batch.
    #[must_use]
    pub fn capacity(mut self, queue_max: usize, batch_max: usize) -> Self {
        self.queue_max = queue_max;
        self.batch_max = batch_max;
        self
    }

    /// Limits and times.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Where tools are looked up; a registry of its own otherwise.
    #[must_use]
    pub fn registry(mut self, registry: Arc<dyn Registry>) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Adds a source.
    #[must_use]
    pub fn source(mut self, source: Box<dyn Source>) -> Self {
        self.sources.push(source);
        self
    }

    /// Adds a sink; sinks are called in order of addition.
    #[must_use]
    pub fn sink(mut self, sink: Box<dyn Sink>) -> Self {
        self.sinks.push(sink);
        self
    }

    /// Registers a tool (unless the registry has it already) and attaches it, dependencies first whatever the order of
    /// addition.
    #[must_use]
    pub fn tool(mut self, factory: Arc<dyn ToolFactory>, config: Attributes) -> Self {
        self.tools.push((factory, config));
        self
    }

    /// What the tools given here may declare together: bytes of memory, and time for one signal that goes through all of
    /// them. No limit otherwise. [`Pipeline`](crate::Pipeline) says the same in types.
    #[must_use]
    pub fn budget(mut self, memory_bytes: u64, time_per_signal: Duration) -> Self {
        self.budget = Some(Limits {
            memory_bytes,
            time_per_signal,
        });
        self
    }

    /// The store that tools may read.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn StoreReader>) -> Self {
        self.store = Some(store);
        self
    }

    /// Where tools' durable values are kept; in memory otherwise.
    #[must_use]
    pub fn state(mut self, state: Arc<dyn StateStore>) -> Self {
        self.state = Some(state);
        self
    }

    /// Calls `listener` with each log line of a tool, on the thread that wrote it.
    #[must_use]
    pub fn on_log(mut self, listener: impl Fn(&LogLine) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// What stands behind the tools' effects; the machine unless told otherwise. A test world brings its own clock and
    /// state, in place of those given before.
    #[must_use]
    pub fn handlers(mut self, handlers: Handlers) -> Self {
        if let Handlers::Test(world) = &handlers {
            self.clock = Some(world.clock());
            self.state = None;
        }
        self.handlers = handlers;
        self
    }

    /// Records what happens, so that [`Replay`](super::Replay) gives the same findings again.
    ///
    /// Costs a copy of what a call is answered and says, and per batch a reference to it until a thread of its own has
    /// written it; workers never wait for the disk.
    #[must_use]
    pub fn record(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder);
        self
    }

    fn settings(&self) -> Settings {
        let nanos = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let policy = &self.policy;
        Settings {
            shards: small(self.shards),
            seed: self.seed,
            is_signal_time: self.time == EngineTime::Signals,
            queue_max: self.queue_max as u64,
            batch_max: self.batch_max as u64,
            hang_after_ns: nanos(policy.hang_after),
            errors_max: policy.errors_max,
            slow_calls_max: policy.slow_calls_max,
            retry_ns: (nanos(policy.retry_first), nanos(policy.retry_max)),
            series_max: policy.series_max,
            abandoned_max: small(policy.abandoned_max),
        }
    }

    /// Makes the engine and attaches its tools; nothing moves yet.
    ///
    /// # Errors
    /// [`Error::Setting`] for a number outside its domain; [`Error::OverBudget`]; what registering and attaching the tools may
    /// fail with; [`Error::RecordingFile`] when the recording cannot be begun.
    pub fn build(mut self) -> Result<Engine> {
        let setting = |name, value: usize, domain| {
            Err(Error::Setting {
                name,
                value,
                domain,
            })
        };
        if !(1..=SHARDS_MAX).contains(&self.shards) {
            return setting("shards", self.shards, "1 to 256");
        }
        if !(1..=1 << 20).contains(&self.batch_max) {
            return setting("signals in a batch", self.batch_max, "1 to 1048576");
        }
        if !(self.batch_max..=1 << 30).contains(&self.queue_max) {
            return setting(
                "signals in a queue",
                self.queue_max,
                "one batch to 1073741824",
            );
        }
        if let Some(limits) = self.budget {
            hold(limits, self.tools.iter().map(|(factory, _)| factory.meta()))?;
        }
        let is_real_time = self.clock.is_none();
        let clock = self.clock.take();
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let tapes = match self.recorder.take() {
            Some(recorder) => {
                let settings = self.settings();
                Some(Tapes::start(recorder, settings, Arc::clone(&clock))?)
            }
            None => None,
        };
        let mut finisher = Finisher(tapes.clone(), Weak::new());
        let shared = Arc::new(Shared::new(Parts {
            mode: if tapes.is_some() {
                Mode::Recording
            } else {
                Mode::Live
            },
            tapes,
            files: match self.handlers {
                Handlers::Test(world) => Some(world.files),
                Handlers::Production => None,
            },
            clock,
            is_real_time,
            time: self.time,
            seed: self.seed,
            registry: self
                .registry
                .unwrap_or_else(|| Arc::new(ToolRegistry::new())),
            spread: self.shards,
            queue_max: self.queue_max,
            batch_max: self.batch_max,
            sources: self.sources.iter().map(|source| source.info()).collect(),
            sinks: Sinks::new(self.sinks, PARCELS_MAX),
            store: self.store,
            state: self
                .state
                .unwrap_or_else(|| Arc::new(MemoryState::default())),
            log: Log::new(self.policy.log_lines_max, self.listener),
            engine_id: ToolId::new("engine")?,
            policy: self.policy,
        }));
        for (shard, parked) in shared.shards.iter().zip(&shared.parked) {
            *super::lock(parked) = Some(Worker::new(Arc::clone(&shared), Arc::clone(shard)));
        }
        finisher.1 = Arc::downgrade(&shared);
        let engine = Engine::new(EngineHandle { shared }, self.sources, finisher);
        attach_all(&engine.handle(), self.tools)?;
        Ok(engine)
    }
}

/// Registers and attaches, dependencies first.
fn attach_all(handle: &EngineHandle, tools: Vec<(Arc<dyn ToolFactory>, Attributes)>) -> Result<()> {
    let registry = &handle.shared.registry;
    for (factory, _) in &tools {
        let known = registry.get(&factory.meta().id);
        if !known.is_some_and(|known| Arc::ptr_eq(&known, factory)) {
            registry.register(Arc::clone(factory))?;
        }
    }
    let mut waiting: BTreeMap<usize, _> = tools.into_iter().enumerate().collect();
    while !waiting.is_empty() {
        let is_ready = |factory: &Arc<dyn ToolFactory>| {
            let needs = |id: &ToolId| {
                waiting
                    .values()
                    .any(|(other, _): &(Arc<dyn ToolFactory>, Attributes)| other.meta().id == *id)
            };
            !factory.meta().dependencies.iter().any(needs)
        };
        // The registry refuses cycles, so some tool is always ready; the first otherwise, to fail with its own error.
        let ready = waiting.iter().find(|(_, (factory, _))| is_ready(factory));
        let Some(next) = ready.or_else(|| waiting.iter().next()).map(|(at, _)| *at) else {
            break;
        };
        if let Some((factory, config)) = waiting.remove(&next) {
            handle.attach_with(&factory.meta().id, &config)?;
        }
    }
    Ok(())
}
