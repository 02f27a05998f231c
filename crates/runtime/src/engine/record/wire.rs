//! What a recording is made of, as it is kept in the file.

use serde::{Deserialize, Serialize};
use voidstate_codec::{Kind, Schema};
use voidstate_core::{
    Attributes, Finding, HookName, LifecycleState, SeriesId, SeriesInfo, SeriesKey, SessionMessage,
    Signal, Stamped, StoreStatus, Timestamp, ToolId, Window,
};

use super::fault::Fault;

/// The record that begins the file.
pub(crate) const HEAD: Schema = Schema::new(Kind::new(b"VREC"), 1);
/// Every other record. Version 2 has what tools ask of sessions; version 1 reads the same without it.
pub(crate) const CHUNK: Schema = Schema::new(Kind::new(b"VRCH"), 2).reading_from(1);
/// What the hash and the comparison of a finding are taken of.
pub(crate) const SAID: Schema = Schema::new(Kind::new(b"VRFN"), 1);

/// Number of the tape on which the whole engine writes; a shard's tape is its number.
pub(crate) const ENGINE_TAPE: u32 = u32::MAX;

/// How the recorded engine was set.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Over how many shards series were spread.
    pub shards: u32,
    /// Seed of the tools' random numbers.
    pub seed: u64,
    /// Whether "now" was the time of the signals rather than the clock's.
    pub is_signal_time: bool,
    /// Signals in a shard's queue.
    pub queue_max: u64,
    /// Signals in a batch.
    pub batch_max: u64,
    /// After how long a call counted as a hang, in nanoseconds.
    pub hang_after_ns: u64,
    /// After how many errors in a row a tool was suspended.
    pub errors_max: u32,
    /// How many calls of a tool might be slow within ten seconds.
    pub slow_calls_max: u64,
    /// First and longest wait before a retry, in nanoseconds.
    pub retry_ns: (u64, u64),
    /// How many series there could be.
    pub series_max: u32,
    /// How many threads could be abandoned.
    pub abandoned_max: u32,
}

/// The head of a recording.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which program wrote it, with its version.
    pub program: String,
    /// When, by the engine's clock.
    pub started: Timestamp,
    /// How the engine was set.
    pub settings: Settings,
}

impl Head {
    /// Before the head is read.
    pub(crate) const fn none() -> Self {
        Self {
            program: String::new(),
            started: Timestamp::from_nanos(0),
            settings: Settings {
                shards: 0,
                seed: 0,
                is_signal_time: false,
                queue_max: 0,
                batch_max: 0,
                hang_after_ns: 0,
                errors_max: 0,
                slow_calls_max: 0,
                retry_ns: (0, 0),
                series_max: 0,
                abandoned_max: 0,
            },
        }
    }
}

/// Some of what happened on one tape, in order; of a shard, whole batches but for the very last.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Chunk {
    pub(crate) tape: u32,
    /// Up to which position everything is there.
    pub(crate) through: u64,
    pub(crate) entries: Vec<Placed>,
}

/// Something that happened, and how many positions after what happened before.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) step: u64,
    pub(crate) what: Entry,
}

/// One thing that happened.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Entry {
    /// A batch was taken; its signals are fired at the positions that follow.
    Batch(Packed),
    /// The tools are ticked at this position.
    Tick,
    /// From this position on the slot is called, or not.
    Flip { slot: u32, is_active: bool },
    /// A call that did something or failed; silent ones are not written.
    Call { slot: u32, call: Call },
    /// The last call.
    Finish { slot: u32, call: Call },
    /// The call at this position (or, between calls, what the instance was asked for) never returned in time.
    Abandoned { slot: u32, is_call: bool },
    /// The rest of the batch was dropped.
    Cut,
    /// A fresh instance took the place of the former one.
    Made {
        slot: u32,
        config: Attributes,
        saved: Option<Vec<u8>>,
        is_probing: bool,
    },
    /// A new configuration; `is_called` tells whether the instance was asked.
    Reconfigured {
        slot: u32,
        config: Attributes,
        is_called: bool,
    },
    /// The instance was asked for its state.
    Saved { slot: u32 },
    /// The instance was dropped.
    Dropped { slot: u32 },
    /// Its tool was detached.
    Left { slot: u32 },
    /// A hook was switched on or off.
    Switched { hook: u32, is_enabled: bool },

    /// A hook got the next number.
    Hook(HookName),
    /// A series got the next number.
    Series(SeriesInfo),
    /// More became known of a series.
    Refined { series: SeriesId, info: SeriesInfo },
    /// A source, by the order of addition.
    Source(String),
    /// An instance was put in.
    Slot(Box<SlotEntry>),
    /// The engine said something about itself.
    Said(Box<Finding>),
    /// A tool came to another place in its life: every decision of budgets, failures, retries and users.
    Life { tool: ToolId, state: LifecycleState },
    /// Accepted signals were dropped.
    Lost {
        source: u32,
        reason: String,
        count: u64,
    },
    /// Why nothing follows.
    End { why: EndWhy, at: Timestamp },
}

/// Why a recording ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EndWhy {
    /// The engine came to its end.
    Finished,
    /// It could not go on, for this reason.
    Stopped(String),
}

/// An instance that was put in.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SlotEntry {
    pub(crate) number: u32,
    pub(crate) tool: ToolId,
    pub(crate) version: String,
    /// Hash of everything the tool says about itself.
    pub(crate) meta_hash: u64,
    pub(crate) shard: u32,
    pub(crate) placement: (u32, u32),
    pub(crate) dependencies: Vec<u32>,
    pub(crate) config: Attributes,
    pub(crate) saved: Option<Vec<u8>>,
}

/// What a call did.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) ops: Vec<Op>,
    /// Whether the engine took the instance away for it.
    pub(crate) is_failed: bool,
}

/// One operation of a call through its context, with the answer; what goes out is kept as a hash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Op {
    Now(i64),
    Random(u64),
    ReadState {
        hash: u32,
        answer: Result<Option<Vec<u8>>, Fault>,
    },
    WriteState {
        hash: u32,
        answer: Result<(), Fault>,
    },
    /// The store was asked for.
    Store(Result<(), Fault>),
    ReadStore {
        hash: u32,
        answer: Result<Rows, Fault>,
    },
    Log {
        hash: u32,
    },
    Metric {
        hash: u32,
    },
    Emit(Box<Finding>),
    ReadFile {
        hash: u32,
        answer: Result<Vec<u8>, Fault>,
    },
    /// Another edition of what is known of a series than the shard saw before.
    Series {
        series: SeriesId,
        edition: u32,
    },
    /// Something was asked of a session.
    Session {
        hash: u32,
        answer: Result<Spoken, Fault>,
        /// Whether the tool broke the protocol with it.
        is_breach: bool,
    },
}

/// What a session answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Spoken {
    Open(bool),
    Sent,
    Received(Option<SessionMessage>),
}

/// What a store answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Rows {
    List(Vec<SeriesInfo>),
    Range(Vec<Stamped>),
    Windows(Vec<Window>),
    Quantiles(Vec<(Timestamp, Vec<f64>)>),
    Findings(Vec<Finding>),
    Status(StoreStatus),
}

/// A batch, small: runs of neighbouring series, runs of equal times, values as changes of the series' last one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Packed {
    /// Number of its first signal on the shard.
    pub(crate) first: u64,
    pub(crate) source: u32,
    /// Distance from the last series, and how many follow with rising numbers.
    pub(crate) series: Vec<(i64, u32)>,
    /// Distance from the last time, and for how many points.
    pub(crate) times: Vec<(i64, u32)>,
    pub(crate) values: Vec<u8>,
    /// Points in front, hook, signal.
    pub(crate) others: Vec<(u32, u32, Signal)>,
}

/// Key of a series that findings are ordered by.
pub(crate) fn first_series(finding: &Finding) -> Option<&SeriesKey> {
    finding.series.first()
}
