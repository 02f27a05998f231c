//! What the engine has done so far.

use std::time::Duration;

use voidstate_core::{LifecycleState, ToolId};

/// Why an accepted signal did not reach its hook.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// The shard's queue was full and the source does not wait.
    QueueFull,
    /// The engine shut down before the signal could be queued or delivered.
    Shutdown,
}

impl DropReason {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::QueueFull, Self::Shutdown];

    /// The reason in one word, as in the label of the series `engine.dropped`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Shutdown => "shutdown",
        }
    }
}

/// One source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStats {
    /// Its name.
    pub name: String,
    /// Signals that the engine took; one that goes to several shards counts once for each.
    pub accepted: u64,
    /// Accepted signals that were dropped, by reason; reasons that did not occur are left out.
    pub dropped: Vec<(DropReason, u64)>,
    /// Inputs that were not usable, by reason, as the source or the engine told it.
    pub rejected: Vec<(String, u64)>,
    /// Parts that cannot be read: part and reason.
    pub degraded: Vec<(String, String)>,
    /// Why it ended early, if it did.
    pub failure: Option<String>,
    /// Whether it has ended.
    pub is_done: bool,
}

/// One sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkStats {
    /// Its name.
    pub name: String,
    /// Points it took.
    pub points: u64,
    /// Findings it took.
    pub findings: u64,
    /// Points it failed to take.
    pub points_failed: u64,
    /// Findings it failed to take.
    pub findings_failed: u64,
    /// Its latest error.
    pub last_error: Option<String>,
}

/// One tool, over all its instances.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolStats {
    /// Which tool.
    pub tool: ToolId,
    /// Where it is in its life.
    pub state: LifecycleState,
    /// Calls of any kind.
    pub calls: u64,
    /// Calls that returned an error.
    pub errors: u64,
    /// Calls that panicked.
    pub panics: u64,
    /// Timed calls that exceeded the time per signal.
    pub slow_calls: u64,
    /// Time spent in it, estimated from the timed calls.
    pub busy: Duration,
    /// Share of one core over the last ten seconds; 0 where nobody measures it (inline runs).
    pub core_share: f64,
    /// Half of the timed calls took at most this long (to a factor of two).
    pub latency_p50: Duration,
    /// 99 of 100 timed calls took at most this long (to a factor of two).
    pub latency_p99: Duration,
    /// Live bytes on its account; `None` when the program does not use the attributing allocator.
    pub memory_bytes: Option<u64>,
}

/// One session, over all shards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionStats {
    /// Its name.
    pub session: String,
    /// Conversations that began.
    pub begun: u64,
    /// Conversations that came to their end.
    pub completed: u64,
    /// Conversations that were cancelled.
    pub cancelled: u64,
    /// Conversations under way.
    pub under_way: u64,
    /// Messages sent.
    pub sent: u64,
    /// Messages that were not taken, because too many waited for the receiver or they were too large.
    pub refused: u64,
}

/// A snapshot of the engine's counters.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineStats {
    /// Signals that the engine took; one that goes to several shards counts once for each.
    pub accepted: u64,
    /// Signals fired at their hook.
    pub delivered: u64,
    /// Signals dropped, by reason; reasons that did not occur are left out.
    pub dropped: Vec<(DropReason, u64)>,
    /// Signals waiting in queues.
    pub queued: u64,
    /// Series known.
    pub series: u64,
    /// Threads that hang in a tool and were replaced.
    pub abandoned_threads: usize,
    /// Each source, in order of addition; the engine's own metrics come last.
    pub sources: Vec<SourceStats>,
    /// Each sink, in order of addition.
    pub sinks: Vec<SinkStats>,
    /// Each tool that was ever attached, by id.
    pub tools: Vec<ToolStats>,
    /// Each session of tools that are or were attached, by name.
    pub sessions: Vec<SessionStats>,
}

impl EngineStats {
    /// Signals dropped for whatever reason.
    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.dropped.iter().map(|(_, count)| count).sum()
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The counters at the end.
    pub stats: EngineStats,
    /// What could not be brought to an end, in sentences: a source that did not return, a thread that hangs. Empty when
    /// all is well.
    pub leftovers: Vec<String>,
}
