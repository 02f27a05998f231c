//! What goes over the pipes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use voidstate_codec::{Kind, Schema};
use voidstate_core::{
    AttributeValue, Attributes, EffectSet, Finding, HookName, LogLevel, MetricName, Selector,
    SeriesId, SeriesInfo, SeriesKey, SessionMessage, Signal, TimeRange, Timestamp, ToolId,
    ToolMeta,
};

use crate::engine::{Fault, Rows};

/// A frame of either direction.
pub(super) const FRAME: Schema = Schema::new(Kind::new(b"VTCO"), 1);
/// Most bytes of a frame with its header.
pub(super) const FRAME_BYTES_MAX: usize = 16 << 20;

/// From the engine to the tool.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToTool {
    Init(Box<InitRequest>),
    Start(Box<StartWork>),
    Answer(Box<Result<Answer, Fault>>),
    Cancel,
}

/// From the tool to the engine.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToEngine {
    Ready(Box<InitResponse>),
    Refused(String),
    Ask(Box<Question>),
    Complete(Box<WorkComplete>),
}

impl ToTool {
    /// Its label in the protocol.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Init(_) => "Init",
            Self::Start(_) => "Start",
            Self::Answer(_) => "Answer",
            Self::Cancel => "Cancel",
        }
    }
}

impl ToEngine {
    /// Its label in the protocol.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Ready(_) => "Ready",
            Self::Refused(_) => "Refused",
            Self::Ask(_) => "Ask",
            Self::Complete(_) => "Complete",
        }
    }
}

/// Which instance is wanted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InitRequest {
    pub(super) tool: ToolId,
    pub(super) config: Attributes,
    pub(super) shard: u32,
    pub(super) shards: u32,
}

/// What the instance says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InitResponse {
    pub(super) meta: ToolMeta,
    pub(super) effects: Option<EffectSet>,
}

/// What a dependency said in the firing at hand.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Heard {
    pub(super) tool: ToolId,
    pub(super) findings: Vec<Finding>,
    pub(super) outputs: Vec<(String, AttributeValue)>,
}

/// A signal; a series' key comes along the first time that the instance sees it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Seen {
    Sample {
        id: SeriesId,
        key: Option<SeriesKey>,
        time: Timestamp,
        value: f64,
    },
    Other(Signal),
}

/// A piece of work.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum StartWork {
    Observe {
        hook: HookName,
        sequence: u64,
        seen: Seen,
        heard: Vec<Heard>,
    },
    Tick(Vec<Heard>),
    Finish(Vec<Heard>),
    Reconfigure(Attributes),
    Save,
    Restore(Vec<u8>),
}

/// What came of a piece of work.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WorkComplete {
    pub(super) outcome: Outcome,
    pub(super) outputs: Vec<(String, AttributeValue)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Outcome {
    Done,
    Saved(Vec<u8>),
    Failed(Fault),
    /// The instance panicked and is not there any more.
    Panicked(String),
}

/// A call of the tool's context.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Question {
    Now,
    Random,
    ReadState(String),
    WriteState(String, Vec<u8>),
    Store,
    List(Selector),
    Range(SeriesKey, TimeRange),
    Windows(SeriesKey, TimeRange, Duration),
    Quantiles(SeriesKey, TimeRange, Duration, Vec<f64>),
    Findings(TimeRange),
    Status,
    Log(LogLevel, String),
    Metric(MetricName, f64),
    MetricLike(MetricName, SeriesId, f64),
    Emit(Box<Finding>),
    Series(SeriesId),
    ReadFile(String, u64),
    IsOpen(String),
    Send {
        session: String,
        to: String,
        label: String,
        payload: Vec<AttributeValue>,
    },
    Receive(String),
}

impl Question {
    /// Whether it is asked of the store that was handed out before.
    pub(super) const fn is_of_store(&self) -> bool {
        matches!(
            self,
            Self::List(_)
                | Self::Range(..)
                | Self::Windows(..)
                | Self::Quantiles(..)
                | Self::Findings(_)
                | Self::Status
        )
    }
}

/// What the context answered.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Nothing,
    Time(Timestamp),
    Bits(u64),
    State(Option<Vec<u8>>),
    Rows(Rows),
    Series(Option<SeriesInfo>),
    File(Vec<u8>),
    Open(bool),
    Heard(Option<SessionMessage>),
}
