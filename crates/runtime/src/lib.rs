//! Tool registry, hook bus, lifecycle and engine.
#![deny(unsafe_code)]

mod bus;
mod clock;
mod engine;
mod error;
pub mod memory;
mod registry;

pub use bus::{
    CallbackId, CallbackInfo, CallbackSpec, Hook, HookBus, LatencySummary, Ticket, Waited,
};
pub use clock::SystemClock;
pub use engine::{
    DropReason, Engine, EngineBuilder, EngineHandle, EngineStats, EngineTime, InlineEngine,
    LogLine, MemoryState, Policy, Report, RunningEngine, SinkStats, SourceStats, StateStore,
    ToolStats,
};
pub use error::{Error, Result};
pub use registry::ToolRegistry;
