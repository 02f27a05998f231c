//! What every thread of an engine shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{
    Clock, Confidence, Evidence, Finding, FindingKind, LogLevel, Overflow, Registry, Severity,
    SourceInfo, Stage, StoreReader, Timestamp, ToolId,
};

use super::batch::Pool;
use super::count::Count;
use super::handlers::Files;
use super::lifecycle::Tools;
use super::lock;
use super::log::{Log, LogLine, cut};
use super::names::Names;
use super::policy::{EngineTime, Policy};
use super::record::{Entry, Mode, ShardTape, Tapes};
use super::sessions;
use super::shard::Shard;
use super::sinks::Sinks;
use super::state::StateStore;
use super::stats::{DropReason, EngineStats, SourceStats};
use super::worker::Worker;

/// How many different reasons are kept per source; further ones are counted together.
const REASONS_MAX: usize = 64;

/// One source as it is counted.
#[derive(Debug)]
pub(crate) struct SourceCounts {
    pub(crate) name: String,
    pub(crate) overflow: Overflow,
    pub(crate) accepted: Count,
    dropped: [Count; DropReason::ALL.len()],
    rejected: Mutex<BTreeMap<String, u64>>,
    degraded: Mutex<BTreeSet<(String, String)>>,
    failure: Mutex<Option<String>>,
    is_done: AtomicBool,
    tapes: Option<(u32, Arc<Tapes>)>,
}

impl SourceCounts {
    pub(crate) fn new(info: &SourceInfo, tapes: Option<(u32, Arc<Tapes>)>) -> Self {
        if let Some((_, tapes)) = &tapes {
            tapes.note(Entry::Source(info.name.clone()));
        }
        Self {
            tapes,
            name: info.name.clone(),
            overflow: info.overflow,
            accepted: Count::default(),
            dropped: Default::default(),
            rejected: Mutex::default(),
            degraded: Mutex::default(),
            failure: Mutex::default(),
            is_done: AtomicBool::new(false),
        }
    }

    pub(crate) fn drop_signals(&self, reason: DropReason, count: u64) {
        if let Some(dropped) = self.dropped.get(reason as usize) {
            dropped.add(count);
        }
        if let Some((source, tapes)) = &self.tapes {
            tapes.note(Entry::Lost {
                source: *source,
                reason: reason.as_str().to_owned(),
                count,
            });
        }
    }

    pub(crate) fn reject(&self, count: u64, reason: &str) {
        let reason = cut(reason);
        let mut rejected = lock(&self.rejected);
        let is_new = !rejected.contains_key(reason);
        let reason = if is_new && rejected.len() >= REASONS_MAX {
            "other reasons"
        } else {
            reason
        };
        let total = rejected.entry(reason.to_owned()).or_default();
        *total = total.saturating_add(count);
    }

    /// Whether that is news.
    pub(crate) fn degrade(&self, part: &str, reason: &str) -> bool {
        let mut degraded = lock(&self.degraded);
        degraded.len() < 4 * REASONS_MAX
            && degraded.insert((cut(part).to_owned(), cut(reason).to_owned()))
    }

    pub(crate) fn fail(&self, reason: String) {
        *lock(&self.failure) = Some(reason);
    }

    pub(crate) fn set_done(&self) {
        self.is_done.store(true, Ordering::Release);
    }

    pub(crate) fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Acquire)
    }

    pub(crate) fn dropped(&self) -> Vec<(DropReason, u64)> {
        let counts = DropReason::ALL.iter().zip(&self.dropped);
        let counts = counts.map(|(reason, count)| (*reason, count.get()));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    fn stats(&self) -> SourceStats {
        let rejected = lock(&self.rejected);
        SourceStats {
            name: self.name.clone(),
            accepted: self.accepted.get(),
            dropped: self.dropped(),
            rejected: rejected.iter().map(|(r, n)| (r.clone(), *n)).collect(),
            degraded: lock(&self.degraded).iter().cloned().collect(),
            failure: lock(&self.failure).clone(),
            is_done: self.is_done(),
        }
    }
}

/// What every thread of an engine shares.
pub(crate) struct Shared {
    pub(crate) mode: Mode,
    pub(crate) tapes: Option<Arc<Tapes>>,
    pub(crate) files: Option<Files>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Whether the clock is the machine's, so that waiting may use the machine's means.
    pub(crate) is_real_time: bool,
    pub(crate) time: EngineTime,
    pub(crate) seed: u64,
    pub(crate) policy: Policy,
    pub(crate) registry: Arc<dyn Registry>,
    pub(crate) names: Names,
    pub(crate) pool: Pool,
    pub(crate) batch_max: usize,
    /// The shards that series are spread over, then, when there are several, the one for tools of which there is one.
    pub(crate) shards: Vec<Arc<Shard>>,
    /// How many shards series are spread over.
    pub(crate) spread: usize,
    /// Each source, then the engine itself.
    pub(crate) sources: Vec<SourceCounts>,
    pub(crate) sinks: Sinks,
    pub(crate) tools: Tools,
    pub(crate) store: Option<Arc<dyn StoreReader>>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) log: Log,
    /// Workers that no thread runs at present, by shard.
    pub(crate) parked: Vec<Mutex<Option<Worker>>>,
    health: Mutex<Vec<Finding>>,
    episodes: AtomicU64,
    pub(crate) engine_id: ToolId,
    pub(crate) is_stopping: AtomicBool,
    /// Set when waiting for queues to drain takes too long.
    pub(crate) is_aborting: AtomicBool,
    pub(crate) abandoned: AtomicUsize,
    pub(crate) is_memory_measured: bool,
    pub(crate) is_threaded: AtomicBool,
    /// Whether there is a tool for the shard of single tools, so that signals are sent there as well.
    pub(crate) has_single: AtomicBool,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Everything that [`Shared`] is made from.
pub(crate) struct Parts {
    pub(crate) mode: Mode,
    pub(crate) tapes: Option<Arc<Tapes>>,
    /// The files there are, instead of the machine's.
    pub(crate) files: Option<Files>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) is_real_time: bool,
    pub(crate) time: EngineTime,
    pub(crate) seed: u64,
    pub(crate) policy: Policy,
    pub(crate) registry: Arc<dyn Registry>,
    pub(crate) spread: usize,
    pub(crate) queue_max: usize,
    pub(crate) batch_max: usize,
    pub(crate) sources: Vec<SourceInfo>,
    pub(crate) sinks: Sinks,
    pub(crate) store: Option<Arc<dyn StoreReader>>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) log: Log,
    pub(crate) engine_id: ToolId,
}

impl Shared {
    pub(crate) fn new(parts: Parts) -> Self {
        let shards = if parts.spread > 1 {
            parts.spread + 1
        } else {
            1
        };
        let engine = SourceInfo {
            name: "engine".to_owned(),
            description: "the engine's own metrics".to_owned(),
            overflow: Overflow::Wait,
        };
        let sources = parts.sources.iter().chain([&engine]);
        // What queues and sinks can hold at a time, and one batch in each hand.
        let batches = shards * (parts.queue_max / parts.batch_max + parts.sources.len() + 2) + 64;
        let tape = |shard| (parts.mode != Mode::Live).then(|| ShardTape::new(shard));
        let counts = |(number, info)| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            SourceCounts::new(info, parts.tapes.clone().map(|tapes| (number, tapes)))
        };
        Self {
            mode: parts.mode,
            names: Names::new(parts.policy.series_max, parts.tapes.clone()),
            pool: Pool::new(batches, parts.batch_max),
            shards: (0..shards)
                .map(|n| Arc::new(Shard::new(n, parts.queue_max, tape(n))))
                .collect(),
            sources: sources.enumerate().map(counts).collect(),
            tapes: parts.tapes,
            files: parts.files,
            parked: (0..shards).map(|_| Mutex::new(None)).collect(),
            clock: parts.clock,
            is_real_time: parts.is_real_time,
            time: parts.time,
            seed: parts.seed,
            policy: parts.policy,
            registry: parts.registry,
            batch_max: parts.batch_max,
            spread: parts.spread,
            sinks: parts.sinks,
            tools: Tools::default(),
            store: parts.store,
            state: parts.state,
            log: parts.log,
            health: Mutex::default(),
            episodes: AtomicU64::new(1),
            engine_id: parts.engine_id,
            is_stopping: AtomicBool::new(false),
            is_aborting: AtomicBool::new(false),
            abandoned: AtomicUsize::new(0),
            is_memory_measured: crate::memory::is_measured(),
            is_threaded: AtomicBool::new(false),
            has_single: AtomicBool::new(false),
        }
    }

    /// The shard for tools of which there is one, when there are several shards and such a tool.
    #[inline]
    pub(crate) fn single(&self) -> Option<usize> {
        (self.spread > 1 && self.has_single.load(Ordering::Relaxed)).then_some(self.spread)
    }

    /// The number under which the engine's own metrics are counted.
    pub(crate) fn own_source(&self) -> usize {
        self.sources.len().saturating_sub(1)
    }

    /// Time since an arbitrary start, for retries: of the clock, or of the signals.
    pub(crate) fn moment(&self) -> Duration {
        match self.time {
            EngineTime::Clock => self.clock.monotonic(),
            EngineTime::Signals => {
                let seen = self
                    .shards
                    .iter()
                    .map(|s| s.high_water_ns.load(Ordering::Relaxed));
                since_ever(seen.max().unwrap_or(i64::MIN))
            }
        }
    }

    /// The engine's time.
    pub(crate) fn now(&self) -> Timestamp {
        match self.time {
            EngineTime::Clock => self.clock.now(),
            EngineTime::Signals => {
                let seen = self
                    .shards
                    .iter()
                    .map(|s| s.high_water_ns.load(Ordering::Relaxed));
                Timestamp::from_nanos(seen.max().unwrap_or(0).max(0))
            }
        }
    }

    pub(crate) fn new_episode(&self) -> u64 {
        self.episodes.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes something of the whole engine, when it is recorded.
    pub(crate) fn note_entry(&self, entry: impl FnOnce() -> Entry) {
        if let Some(tapes) = &self.tapes {
            tapes.note(entry());
        }
    }

    /// Tells, once, that the recording ended before the engine did.
    pub(crate) fn tell_recording(&self) {
        let Some(trouble) = self.tapes.as_ref().and_then(|tapes| tapes.news()) else {
            return;
        };
        let sentence = format!("the recording ended early: {trouble}; the run goes on without it");
        let episode = self.new_episode();
        self.say(episode, Stage::Instant, Severity::Warning, sentence, None);
    }

    /// Says something about the observer itself, to the sinks.
    pub(crate) fn say(
        &self,
        episode: u64,
        stage: Stage,
        severity: Severity,
        sentence: String,
        tool: Option<&ToolId>,
    ) {
        // What an engine that is replayed says of itself was recorded.
        if self.mode == Mode::Replaying {
            return;
        }
        let now = self.now();
        let evidence = tool.map(|tool| Evidence::Fact {
            name: "tool".to_owned(),
            value: tool.as_str().into(),
        });
        let finding = Finding {
            tool: self.engine_id.clone(),
            episode,
            kind: FindingKind::Health,
            severity,
            stage,
            start: now,
            end: (stage != Stage::Opened).then_some(now),
            series: Vec::new(),
            sentence,
            evidence: evidence.into_iter().collect(),
            confidence: Confidence::saturating(1.0),
            refutation: "it is the engine's own record; its counters would have to differ"
                .to_owned(),
        };
        self.note_entry(|| Entry::Said(Box::new(finding.clone())));
        lock(&self.health).push(finding);
    }

    pub(crate) fn take_health(&self) -> Vec<Finding> {
        std::mem::take(&mut *lock(&self.health))
    }

    /// Warns of something about a tool: to the sinks, and to the log in the tool's name.
    pub(crate) fn note(&self, tool: &ToolId, time: Timestamp, message: &str) {
        self.log.write(LogLine {
            time,
            tool: tool.clone(),
            level: LogLevel::Warn,
            message: message.to_owned(),
        });
        let sentence = format!("tool {tool}: {}", cut(message));
        let episode = self.new_episode();
        let (stage, severity) = (Stage::Instant, Severity::Warning);
        self.say(episode, stage, severity, sentence, Some(tool));
    }

    pub(crate) fn stats(&self) -> EngineStats {
        let sources: Vec<_> = self.sources.iter().map(SourceCounts::stats).collect();
        let mut dropped = BTreeMap::new();
        for (reason, count) in sources.iter().flat_map(|source| &source.dropped) {
            *dropped.entry(*reason).or_insert(0) += count;
        }
        EngineStats {
            accepted: sources.iter().map(|source| source.accepted).sum(),
            delivered: self.shards.iter().map(|s| s.delivered.get()).sum(),
            dropped: dropped.into_iter().collect(),
            queued: self.shards.iter().map(|s| s.queue.depth() as u64).sum(),
            series: u64::from(self.names.series_count()),
            abandoned_threads: self.abandoned.load(Ordering::Relaxed),
            sources,
            sinks: self.sinks.stats(),
            tools: self.tools.stats(self.is_memory_measured),
            sessions: sessions::stats(&self.shards),
        }
    }
}

/// Signal time as time since the earliest instant that can be said.
pub(crate) fn since_ever(nanos: i64) -> Duration {
    Timestamp::from_nanos(nanos).since(Timestamp::MIN)
}
