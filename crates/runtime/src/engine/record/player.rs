//! Replaying a recording: the same calls in the same order, with every decision imposed and every answer read.

mod between;
mod firing;
mod naming;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use voidstate_core::{
    Attributes, Budget, Clock, Config, ConfigField, EffectSet, Permission, Priority, Scope,
    Subscription, Timestamp, ToolFactory, ToolId, ToolMeta,
};

use super::outcome::{Divergence, Ending, Replayed, Said, ordered};
use super::pack::Memory;
use super::reader::{Read1, Recording};
use super::wire::{ENGINE_TAPE, Entry, SAID, Settings};
use super::{Mode, hash64};
use crate::bus::CallbackId;
use crate::engine::log::Log;
use crate::engine::policy::{EngineTime, Policy};
use crate::engine::shared::{Parts, Shared};
use crate::engine::sinks::Sinks;
use crate::engine::slot::Slot;
use crate::engine::state::MemoryState;
use crate::engine::worker::Worker;
use crate::error::{Error, Result};
use crate::registry::ToolRegistry;

/// Most series and hooks that a recording may name.
const SERIES_MAX: u32 = 1 << 24;

/// Hash of everything that a tool says about itself.
pub(crate) fn meta_hash(factory: &dyn ToolFactory) -> u64 {
    let meta = factory.meta();
    let known = KnownSince1::of(meta);
    let Ok(bytes) = SAID.encode(&known) else {
        return 0;
    };
    if meta.sessions.is_empty() {
        return hash64(&[&bytes]);
    }
    let sessions = SAID.encode(&meta.sessions);
    sessions.map_or(0, |sessions| hash64(&[&bytes, &sessions]))
}

/// What tools said about themselves when recordings had version 1: a tool that says no more has the hash that it had.
#[derive(Serialize)]
struct KnownSince1<'a> {
    id: &'a ToolId,
    name: &'a str,
    category: &'a str,
    version: &'a str,
    description: &'a str,
    layer: u8,
    phase: u8,
    priority: Priority,
    scope: Scope,
    effects: EffectSet,
    permissions: &'a [Permission],
    dependencies: &'a [ToolId],
    subscriptions: &'a [Subscription],
    config: &'a [ConfigField],
    budget: Budget,
}

impl<'a> KnownSince1<'a> {
    fn of(meta: &'a ToolMeta) -> Self {
        Self {
            id: &meta.id,
            name: &meta.name,
            category: &meta.category,
            version: &meta.version,
            description: &meta.description,
            layer: meta.layer,
            phase: meta.phase,
            priority: meta.priority,
            scope: meta.scope,
            effects: meta.effects,
            permissions: &meta.permissions,
            dependencies: &meta.dependencies,
            subscriptions: &meta.subscriptions,
            config: &meta.config,
            budget: meta.budget,
        }
    }
}

/// Tools by id and version.
type Factories = BTreeMap<ToolId, BTreeMap<String, Arc<dyn ToolFactory>>>;

/// Makes a tool of its id and configuration.
type Maker = Box<dyn Fn(&ToolId, &Attributes) -> Option<Arc<dyn ToolFactory>> + Send>;

/// Lives a recording through again, without its source, its store and its clock.
///
/// ```no_run
/// use voidstate_runtime::{Recording, Replay};
/// # fn tools() -> Vec<std::sync::Arc<dyn voidstate_core::ToolFactory>> { Vec::new() }
/// let replayed = Replay::of(Recording::open("run.rec")?).tools(tools()).run()?;
/// assert!(replayed.is_identical());
/// # Ok::<(), voidstate_runtime::Error>(())
/// ```
pub struct Replay {
    recording: Recording,
    factories: Factories,
    otherwise: Option<Maker>,
    until: Option<u64>,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay")
            .field("recording", &self.recording)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// A clock that nobody may ask.
#[derive(Debug, Default)]
struct Absent(AtomicBool);

impl Clock for Absent {
    fn now(&self) -> Timestamp {
        self.0.store(true, Ordering::Relaxed);
        Timestamp::MIN
    }

    fn monotonic(&self) -> Duration {
        self.0.store(true, Ordering::Relaxed);
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Replay {
    /// Of this recording, from its beginning.
    #[must_use]
    pub const fn of(recording: Recording) -> Self {
        Self {
            recording,
            factories: BTreeMap::new(),
            otherwise: None,
            until: None,
        }
    }

    /// The tools that may be needed, in any number of versions; those that were not recorded are left out.
    #[must_use]
    pub fn tools(mut self, factories: impl IntoIterator<Item = Arc<dyn ToolFactory>>) -> Self {
        for factory in factories {
            let meta = factory.meta();
            let versions = self.factories.entry(meta.id.clone()).or_default();
            versions.insert(meta.version.clone(), factory);
        }
        self
    }

    /// Where a tool of the recording comes from that is not among [`tools`](Self::tools), by its id and the configuration
    /// that it had: tools that are made of a line of text are not known before.
    #[must_use]
    pub fn otherwise(
        mut self,
        maker: impl Fn(&ToolId, &Attributes) -> Option<Arc<dyn ToolFactory>> + Send + 'static,
    ) -> Self {
        self.otherwise = Some(Box::new(maker));
        self
    }

    /// Only the signals whose sequence number is below `sequence`.
    #[must_use]
    pub const fn until(mut self, sequence: u64) -> Self {
        self.until = Some(sequence);
        self
    }

    /// Replays.
    ///
    /// # Errors
    /// The recording cannot be read, is damaged or says what cannot be ([`Error::RecordingFile`],
    /// [`Error::RecordingRecord`], [`Error::RecordingGarbled`]); a tool of it is not here, or is another one
    /// ([`Error::ReplayTool`]). A tool that does something else is no error but a
    /// [`divergence`](Replayed::divergence).
    pub fn run(self) -> Result<Replayed> {
        self.go(true)
    }

    /// The findings as they were recorded, without calling any tool.
    ///
    /// # Errors
    /// As [`run`](Self::run), but for the tools.
    pub fn recorded(self) -> Result<Replayed> {
        self.go(false)
    }

    fn go(self, is_playing: bool) -> Result<Replayed> {
        let clock = Arc::new(Absent::default());
        let shared = shared(
            &self.recording.head().settings,
            Arc::<Absent>::clone(&clock),
        )?;
        let shards = shared.shards.len();
        let mut player = Player {
            is_playing,
            recording: self.recording,
            factories: self.factories,
            otherwise: self.otherwise,
            until: self.until,
            reels: (0..shards).map(|_| Reel::default()).collect(),
            workers: shared
                .shards
                .iter()
                .map(|shard| Worker::new(Arc::clone(&shared), Arc::clone(shard)))
                .collect(),
            shared,
            slots: HashMap::new(),
            said: Vec::new(),
            recorded: Vec::new(),
            engine: Vec::new(),
            divergence: None,
            signals: 0,
            dropped: 0,
            latest: Timestamp::MIN,
            ordinal: 0,
        };
        let ending = player.play()?;
        if clock.0.load(Ordering::Relaxed) {
            return Err(Error::ReplayAsked);
        }
        Ok(player.outcome(ending))
    }
}

/// An engine with nothing behind it.
fn shared(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Arc<Shared>> {
    let policy = Policy {
        errors_max: settings.errors_max,
        series_max: settings.series_max.min(SERIES_MAX),
        log_lines_max: 0,
        ..Policy::default()
    };
    Ok(Arc::new(Shared::new(Parts {
        mode: Mode::Replaying,
        tapes: None,
        clock,
        is_real_time: false,
        // The time of the signals is read from them; nothing else is asked what time it is.
        time: EngineTime::Signals,
        seed: settings.seed,
        registry: Arc::new(ToolRegistry::new()),
        spread: settings.shards as usize,
        queue_max: 1,
        batch_max: 1,
        sources: Vec::new(),
        sinks: Sinks::new(Vec::new(), 1),
        store: None,
        state: Arc::new(MemoryState::default()),
        files: None,
        log: Log::new(0, None),
        engine_id: ToolId::new("engine")?,
        policy,
    })))
}

/// How far one shard has come.
#[derive(Debug, Default)]
struct Reel {
    memory: Memory,
    position: u64,
    entries: VecDeque<(u64, Entry)>,
    through: u64,
    is_over: bool,
}

impl Reel {
    /// What comes next, when it belongs to `position` and `is_it`.
    fn next_if(&mut self, position: u64, is_it: impl FnOnce(&Entry) -> bool) -> Option<Entry> {
        let is_next =
            matches!(self.entries.front(), Some((at, entry)) if *at == position && is_it(entry));
        if is_next {
            self.entries.pop_front().map(|(_, entry)| entry)
        } else {
            None
        }
    }
}

/// Whether an entry belongs to the calls of a position rather than to what comes between them.
const fn is_of_calls(entry: &Entry) -> bool {
    matches!(
        entry,
        Entry::Flip { .. } | Entry::Call { .. } | Entry::Abandoned { is_call: true, .. }
    )
}

const fn is_between(entry: &Entry) -> bool {
    !is_of_calls(entry) && !matches!(entry, Entry::Tick | Entry::Batch(_) | Entry::Cut)
}

/// One instance and its callbacks.
struct Placed {
    slot: Arc<Slot>,
    callbacks: Vec<CallbackId>,
    /// Its tool was detached; it may still be called until the tool's next instance is.
    has_left: bool,
}

struct Player {
    is_playing: bool,
    recording: Recording,
    factories: Factories,
    otherwise: Option<Maker>,
    until: Option<u64>,
    reels: Vec<Reel>,
    workers: Vec<Worker>,
    shared: Arc<Shared>,
    slots: HashMap<u32, Placed>,
    said: Vec<Said>,
    recorded: Vec<Said>,
    engine: Vec<Said>,
    divergence: Option<Divergence>,
    signals: u64,
    dropped: u64,
    latest: Timestamp,
    ordinal: u64,
}

impl Player {
    fn play(&mut self) -> Result<Ending> {
        loop {
            let Read1::Chunk(chunk) = self.recording.next()? else {
                return Ok(Ending::Torn {
                    offset: self.recording.offset(),
                });
            };
            if chunk.tape == ENGINE_TAPE {
                if let Some(ending) = self.engine_chunk(chunk)? {
                    self.recording.check_end()?;
                    return Ok(ending);
                }
                continue;
            }
            self.shard_chunk(chunk)?;
            if self.divergence.is_some() {
                // How the rest ends is of no interest.
                return Ok(Ending::Whole);
            }
        }
    }

    fn outcome(self, ending: Ending) -> Replayed {
        let (until, latest) = (self.until, self.latest);
        let is_in = |said: &Said| until.is_none() || said.finding.start <= latest;
        let engine: Vec<Said> = self.engine.into_iter().filter(is_in).collect();
        let with = |mut said: Vec<Said>| {
            said.extend(engine.iter().cloned());
            ordered(said)
        };
        Replayed {
            findings: with(if self.is_playing {
                self.said
            } else {
                self.recorded.clone()
            }),
            recorded: with(self.recorded),
            divergence: self.divergence,
            ending,
            signals: self.signals,
            dropped: self.dropped,
        }
    }

    fn slot(&self, number: u32) -> Result<Option<Arc<Slot>>> {
        if !self.is_playing {
            return Ok(None);
        }
        match self.slots.get(&number) {
            Some(placed) => Ok(Some(Arc::clone(&placed.slot))),
            None => Err(self
                .recording
                .garbled("something happens to a tool that was never put in")),
        }
    }
}

fn config(factory: &Arc<dyn ToolFactory>, given: &Attributes) -> Result<Config> {
    let meta = factory.meta();
    Config::checked(&meta.config, given).map_err(|error| Error::ReplayTool {
        tool: meta.id.to_string(),
        reason: format!("its recorded configuration is not accepted: {error}"),
    })
}
