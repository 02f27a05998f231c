//! Runs tools on signals: a hook bus, a registry, lives with budgets, and the engine that moves everything.
//!
//! It is *not* a source, a tool, a sink or a store, knows no network and no async runtime: threads are `std`'s, and what it
//! runs comes in through the traits of `voidstate-core`.
//!
//! ```
//! use voidstate_core::{Emitter, MetricName, Next, Overflow, Result, SeriesInfo, SeriesKey, Source, SourceInfo, Timestamp, Unit};
//! struct One;
//! impl Source for One {
//!     fn info(&self) -> SourceInfo {
//!         SourceInfo { name: "one".into(), description: "one sample".into(), overflow: Overflow::Wait }
//!     }
//!     fn poll(&mut self, now: Timestamp, out: &mut dyn Emitter) -> Result<Next> {
//!         let key = SeriesKey::plain(MetricName::new("answer")?);
//!         let id = out.series(&SeriesInfo { key, hook: "file.row".parse()?, unit: Unit::None, limit: None });
//!         out.sample(id, now, 42.0);
//!         Ok(Next::Done)
//!     }
//! }
//! let report = voidstate_runtime::Engine::builder().source(Box::new(One)).build()?.run_inline();
//! assert_eq!((report.stats.accepted, report.stats.delivered), (1, 1));
//! # Ok::<(), voidstate_runtime::Error>(())
//! ```
//!
//! # Items
//! - [`Engine`] ([`EngineBuilder`], [`RunningEngine`], [`InlineEngine`]), [`EngineHandle`] (the core's `Lifecycle` and
//!   `Hooks`), [`Policy`], [`EngineStats`], [`SystemClock`], [`StateStore`].
//! - [`HookBus`], [`Hook`], [`CallbackSpec`]; [`ToolRegistry`]; [`memory`].
//!
//! # Invariants
//! - accepted = delivered + dropped: `nothing_accepted_is_lost_uncounted`.
//! - A series keeps its order: `several_shards_keep_the_order_of_each_series`.
//! - A tool that hangs takes no signal from another: `a_tool_that_hangs_is_named_and_nobody_else_loses_a_signal`.
//! - A call is finished or abandoned: `a_call_is_finished_or_abandoned_never_both`.
//! - Threads do not change results: `threads_and_inline_runs_give_the_same_results`.
//! - Memory goes back to its owner: `memory_goes_back_to_its_owner_from_any_thread`.
//! - Lives follow the rules: `lives_agree_with_a_naive_model`.
//! - No allocation per sample: `the_steady_path_allocates_nothing`.
//!
//! # Cost and limits
//! Per sample and tool three atomic read-modify-writes (lock, unlock, end of call). At most 256 shards, 2²⁰ series by
//! default, 1023 measured instances, 4 abandoned threads by default. Tools that depend on each other share a scope when
//! there are several shards. A native tool that hangs cannot be killed, only left behind.

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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
