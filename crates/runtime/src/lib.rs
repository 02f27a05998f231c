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
//! - [`Recorder`] and [`Replay`] ([`Recording`], [`Replayed`], [`Divergence`]): a run, lived through again. [`Handlers`]:
//!   the machine or a [`TestWorld`] behind the tools.
//! - [`HookBus`] ([`Hook`], [`CallbackSpec`], [`Ticket`], [`CallbackInfo`]): who is called when a hook fires.
//! - [`Pipeline`] ([`PipelineTool`], [`Needs`], [`After`]): tools whose needs, order and costs are types.
//! - [`process`]: tools in processes of their own. Sessions of tools: [`SessionStats`].
//! - [`ToolRegistry`]: tools by id, and who needs whom. [`memory`]: whose the live bytes are. [`Error`]: what can go wrong.
//!
//! # Invariants
//! - accepted = delivered + dropped: `nothing_accepted_is_lost_uncounted`.
//! - A series keeps its order: `several_shards_keep_the_order_of_each_series`.
//! - A tool that hangs takes no signal from another: `a_tool_that_hangs_is_named_and_nobody_else_loses_a_signal`.
//! - A call is finished or abandoned: `a_call_is_finished_or_abandoned_never_both`.
//! - Threads do not change results: `threads_and_inline_runs_give_the_same_results`.
//! - A replay gives the same findings: `a_replay_gives_the_same_findings`; so does one of a recording that was cut:
//!   `a_recording_that_is_cut_anywhere_is_replayed_up_to_there`.
//! - A tool says the same in a process of its own: `an_isolated_tool_says_what_it_says_at_home`; nothing that one sends
//!   brings the engine down: `no_peer_brings_the_engine_down`.
//! - Memory goes back to its owner: `memory_goes_back_to_its_owner_from_any_thread`.
//! - Lives follow the rules: `lives_agree_with_a_naive_model`.
//! - A version that takes over misses nothing: `a_version_that_is_proved_takes_over_and_misses_nothing`.
//! - No allocation per sample: `the_steady_path_allocates_nothing`.
//! - The bus calls whom a naive list would call: `the_bus_does_what_a_naive_list_does`.
//! - No list of callbacks is freed in use: `no_list_is_freed_while_it_is_gone_through_and_none_is_forgotten`.
//! - After a wait no call comes: `no_call_comes_after_the_wait_and_captures_are_dropped_once`.
//! - A pipeline that lacks a predecessor, has another number of them or costs too much does not build:
//!   `pipelines_that_do_not_fit_do_not_build`.
//! - The registry holds no cycle: `a_cycle_of_dependencies_is_refused_and_named`.
//!
//! # Cost
//! A firing with nobody to call is one load, otherwise no lock, no atomic read-modify-write and no fence (on Linux), and
//! per callback a counter and an indirect call; a registration is O(n) in the callbacks of a hook. The engine adds, per
//! sample and tool, three read-modify-writes (lock, unlock, end of call). Each
//! measured allocation takes two bytes more.
//!
//! # Limits
//! At most 256 shards, 2²⁰ series by default, 1023 measured instances, 4 abandoned threads by default. Tools that depend
//! on each other share a scope when there are several shards. A tool that hangs is only left behind, unless it has a process of its own.
//!
//! # Sources
//! Lists of callbacks are announced and freed as in M. Michael, *Hazard Pointers: Safe Memory Reclamation for Lock-Free
//! Objects*, IEEE TPDS 15(6), 2004, with `membarrier(2)` in place of the reader's fence. Callbacks are
//! ordered as in A. Kahn, *Topological sorting of large networks*, CACM 5(11), 1962.
//!
//! # Features
//! None.

#![deny(unsafe_code)]

mod bus;
mod clock;
mod engine;
mod error;
pub mod memory;
mod pipeline;
pub mod process;
mod registry;

pub use bus::{
    CallbackId, CallbackInfo, CallbackSpec, Hook, HookBus, LatencySummary, Ticket, Waited,
};
pub use clock::SystemClock;
pub use engine::{
    Divergence, DropReason, Ending, Engine, EngineBuilder, EngineHandle, EngineStats, EngineTime,
    Handlers, Head, InlineEngine, LogLine, MemoryState, Policy, Recorder, Recording,
    RecordingState, Replay, Replayed, Report, RunningEngine, SessionStats, Settings, SinkStats,
    SourceStats, StateStore, TestWorld, ToolStats,
};
pub use error::{Error, Result};
pub use pipeline::{
    After, Behind, Exactly, Here, Holds, Needs, Orderings, Pipeline, PipelineTool, Set, There,
    Within,
};
pub use registry::ToolRegistry;

/// The vocabulary, so that this crate can be used alone.
pub use voidstate_core;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
