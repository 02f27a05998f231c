//! The engine: moves signals from sources through hooks to tools, and what tools say to sinks.

mod append;
mod batch;
mod builder;
mod context;
mod count;
mod failure;
mod feeder;
mod files;
mod frame;
mod handle;
mod handlers;
mod inline;
mod lifecycle;
mod log;
mod names;
mod policy;
mod polling;
mod queue;
mod random;
mod record;
mod run;
mod sessions;
mod shard;
mod shared;
mod sinks;
mod slot;
mod state;
mod stats;
mod watchdog;
mod worker;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use append::AppendVec;
pub use builder::EngineBuilder;
pub(crate) use failure::{discard, panic_message};
pub use handle::EngineHandle;
pub use handlers::{Handlers, TestWorld};
pub use inline::InlineEngine;
pub use log::LogLine;
pub use policy::{EngineTime, Policy};
pub use record::{
    Divergence, Ending, Head, Recorder, Recording, RecordingState, Replay, Replayed, Settings,
};
pub(crate) use record::{Fault, Rationed, Rows, interned};
pub use run::{Engine, RunningEngine};
pub use state::{MemoryState, StateStore};
pub use stats::{DropReason, EngineStats, Report, SessionStats, SinkStats, SourceStats, ToolStats};

/// Locks, also after a panic of another holder: what is locked here is consistent between statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
