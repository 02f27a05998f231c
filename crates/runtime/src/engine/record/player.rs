//! Replaying a recording: the same calls in the same order, with every decision imposed and every answer read.

mod between;
mod naming;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use voidstate_core::{Attributes, Clock, Config, Finding, Timestamp, ToolFactory, ToolId};

use super::outcome::{Divergence, Ending, Replayed, Said, ordered};
use super::pack::Memory;
use super::reader::{Read1, Recording};
use super::wire::{Call, Chunk, ENGINE_TAPE, Entry, Op, SAID, Settings};
use super::{Here, Mode, hash64};
use crate::bus::CallbackId;
use crate::engine::batch::Batch;
use crate::engine::lock;
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
    SAID.encode(factory.meta())
        .map_or(0, |bytes| hash64(&[&bytes]))
}

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
    factories: BTreeMap<ToolId, Arc<dyn ToolFactory>>,
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
            until: None,
        }
    }

    /// The tools that may be needed; those that were not recorded are left out.
    #[must_use]
    pub fn tools(mut self, factories: impl IntoIterator<Item = Arc<dyn ToolFactory>>) -> Self {
        let named = factories.into_iter().map(|f| (f.meta().id.clone(), f));
        self.factories.extend(named);
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
    factories: BTreeMap<ToolId, Arc<dyn ToolFactory>>,
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

    fn shard_chunk(&mut self, chunk: Chunk) -> Result<()> {
        let shard = chunk.tape as usize;
        let Some(reel) = self.reels.get_mut(shard) else {
            return Err(self
                .recording
                .garbled("something happens on a shard that is not there"));
        };
        for placed in chunk.entries {
            let Some(position) = reel.position.checked_add(placed.step) else {
                return Err(self.recording.garbled("a position is beyond any number"));
            };
            reel.position = position;
            if position <= chunk.through {
                let mut entry = placed.what;
                reel.memory.grow(&mut entry);
                reel.entries.push_back((position, entry));
            }
        }
        reel.through = reel.through.max(chunk.through);
        while let Some((position, entry)) = self.take(shard) {
            if self.reels.get(shard).is_none_or(|reel| reel.is_over) || self.divergence.is_some() {
                return Ok(());
            }
            match entry {
                Entry::Batch(packed) => {
                    let (series, hooks) = (
                        self.shared.names.series_count(),
                        self.shared.names.hook_count(),
                    );
                    let Some(reel) = self.reels.get_mut(shard) else {
                        return Ok(());
                    };
                    let batch = reel.memory.unpack(packed, series, hooks);
                    let (first, batch) = batch.map_err(|why| self.recording.garbled(why.0))?;
                    self.batch(shard, position, first, batch)?;
                }
                Entry::Tick => self.tick(shard, position)?,
                Entry::Cut => {
                    return Err(self.recording.garbled("a batch is cut that was not begun"));
                }
                entry => self.between(shard, position, entry)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, shard: usize) -> Option<(u64, Entry)> {
        self.reels.get_mut(shard)?.entries.pop_front()
    }

    fn next_if(
        &mut self,
        shard: usize,
        position: u64,
        is_it: impl FnOnce(&Entry) -> bool,
    ) -> Option<Entry> {
        self.reels.get_mut(shard)?.next_if(position, is_it)
    }

    /// Fires a batch whose first signal comes after `position`.
    fn batch(&mut self, shard: usize, mut position: u64, first: u64, batch: Batch) -> Result<()> {
        let batch = Arc::new(batch);
        let (shards, number) = (self.shared.shards.len() as u64, shard as u64);
        let mut others = 0;
        for at in 0..batch.len() {
            loop {
                if let Some(entry) = self.next_if(shard, position, is_between) {
                    self.between(shard, position, entry)?;
                } else if self
                    .next_if(shard, position + 1, |e| matches!(e, Entry::Tick))
                    .is_some()
                {
                    position += 1;
                    self.tick(shard, position)?;
                } else {
                    break;
                }
                if self.divergence.is_some() {
                    return Ok(());
                }
            }
            if self
                .next_if(shard, position, |e| matches!(e, Entry::Cut))
                .is_some()
            {
                return Ok(());
            }
            let sequence = first
                .saturating_add(at as u64)
                .saturating_mul(shards)
                .saturating_add(number);
            let Some(reel) = self.reels.get_mut(shard) else {
                return Ok(());
            };
            position += 1;
            if position > reel.through || self.until.is_some_and(|until| sequence >= until) {
                reel.is_over = true;
                return Ok(());
            }
            let Some(item) = batch.item(at, others) else {
                return Ok(());
            };
            if matches!(item, crate::engine::batch::Item::Other(_)) {
                others += 1;
            }
            self.latest = self
                .latest
                .max(batch.time_of(item).unwrap_or(Timestamp::MIN));
            self.signals += 1;
            self.load(shard, position)?;
            if let (true, Some(worker)) = (self.is_playing, self.workers.get_mut(shard)) {
                worker.play_signal(&batch, item, sequence, position);
            }
            self.gather(shard, position);
            if self.divergence.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn tick(&mut self, shard: usize, position: u64) -> Result<()> {
        self.load(shard, position)?;
        if let (true, Some(worker)) = (self.is_playing, self.workers.get_mut(shard)) {
            worker.play_tick(position);
        }
        self.gather(shard, position);
        Ok(())
    }

    /// Brings what was recorded of the calls at a position into place.
    fn load(&mut self, shard: usize, position: u64) -> Result<()> {
        while let Some(entry) = self.next_if(shard, position, is_of_calls) {
            match entry {
                Entry::Flip { slot, is_active } => {
                    if let Some(slot) = self.slot(slot)? {
                        if is_active {
                            self.clear_away(&slot);
                        }
                        slot.set_active(is_active);
                    }
                }
                Entry::Call { slot, call } => self.expect(shard, position, slot, call)?,
                Entry::Abandoned { slot, .. } => {
                    if let Some(slot) = self.slot(slot)? {
                        slot.leave_body();
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Lets a call be answered from what was recorded of it.
    fn expect(&mut self, shard: usize, position: u64, number: u32, call: Call) -> Result<()> {
        for op in &call.ops {
            if let Op::Emit(finding) = op {
                let said = self.at(shard, position, (**finding).clone());
                self.recorded.push(said);
            }
        }
        if self.slot(number)?.is_some()
            && let Some(worker) = self.workers.get(shard)
        {
            worker.here().borrow_mut().calls.insert(number, call);
        }
        Ok(())
    }

    fn at(&mut self, shard: usize, position: u64, finding: Finding) -> Said {
        self.ordinal += 1;
        Said {
            finding,
            position,
            shard,
            ordinal: self.ordinal,
        }
    }

    /// Takes what was said, and looks whether everything was done that was recorded.
    fn gather(&mut self, shard: usize, position: u64) {
        let Some(place) = self.shared.shards.get(shard) else {
            return;
        };
        lock(&place.metrics).clear();
        let findings = std::mem::take(&mut *lock(&place.findings));
        for finding in findings {
            let said = self.at(shard, position, finding);
            self.said.push(said);
        }
        let Some(worker) = self.workers.get(shard) else {
            return;
        };
        let Here {
            calls, divergence, ..
        } = std::mem::take(&mut *worker.here().borrow_mut());
        let missed = calls.into_iter().next().and_then(|(number, call)| {
            let slot = &self.slots.get(&number)?.slot;
            Some(Divergence {
                tool: slot.meta.id.clone(),
                shard,
                call: position,
                recorded: call.told(),
                replayed: "no call".to_owned(),
            })
        });
        if self.divergence.is_none() {
            self.divergence = divergence.or(missed);
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
