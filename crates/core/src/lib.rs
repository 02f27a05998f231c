//! The vocabulary and the traits that VOID-STATE's crates meet through.
//!
//! It is *not* an engine: nothing here reads a file, starts a thread, knows a time or draws a random number. Depend on it
//! to write a tool, a source, a sink or a store; depend on `voidstate-runtime` to run them.
//!
//! ```
//! use voidstate_core::effects::Log;
//! use voidstate_core::{Allowed, Effect, Firing, LogLevel, Result, SignalRef, ToolMeta, TypedTool};
//!
//! struct Doubler;
//! impl TypedTool for Doubler {
//!     type Effects = (Log,);
//!
//!     fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, (Log,)>) -> Result<()> {
//!         let SignalRef::Sample { value, .. } = firing.signal else { return Ok(()) };
//!         ctx.log(LogLevel::Info, &format!("twice that is {}", value * 2.0))
//!     }
//! }
//! let meta = ToolMeta::typed::<Doubler>("doubler", "host.**", "doubles every sample")?;
//! assert!(meta.effects.contains(Effect::Log) && meta.subscriptions[0].pattern.matches("host.cpu"));
//! # Ok::<(), voidstate_core::Error>(())
//! ```
//!
//! # Items
//! - What happened: [`Signal`] ([`Sample`], [`Event`], [`Span`], [`State`]), [`SeriesKey`], [`Point`], [`HookName`].
//! - Who looks: [`Tool`], [`ToolFactory`], [`ToolMeta`], [`Ctx`], [`EffectSet`], [`Permission`], [`Config`].
//! - Who talks with whom: [`SessionDecl`], [`SessionMessage`].
//! - Who says in types what it does: [`TypedTool`] with a row of [`effects`] ([`EffectRow`]) and its context [`Allowed`].
//! - What is said: [`Finding`], [`Evidence`], [`Confidence`].
//! - How well it is known that one may stand in for another: [`Verdict`] with its [`Grade`].
//! - What moves it: [`Source`], [`Sink`], [`Registry`], [`Hooks`], [`Lifecycle`], [`Clock`].
//! - What keeps it: [`StoreReader`], [`StoreWriter`], [`Selector`].
//!
//! # Invariants
//! - Signals and findings read back from JSON as what they were: `round_trips`; signals and metadata from binary records,
//!   too (a test of the program, where both rooms meet).
//! - NaN and the infinities are strings in JSON: `numbers_survive_json`.
//! - A glob matches what a naive matcher matches: `globs_agree_with_the_naive_matcher`.
//! - A series key's text selects that series: `a_key_selects_itself`.
//! - A typed tool's effects are those of its row: `a_typed_tool_is_a_tool_with_the_effects_of_its_row`; what the row lacks
//!   does not compile: the refused examples of [`EffectRow`] and [`Allowed`], and `voidstate-spec`'s
//!   `refusals_are_at_the_parameter` with the compiler's words.
//! - The JSON schemas accept exactly what the code accepts: `schemas_agree_with_the_code`.
//!
//! # Cost and limits
//! Names are at most 128 bytes, a series has at most 32 labels of at most 1024 bytes, values nest at most 16 deep. A
//! [`Point`] is 24 bytes and copied; names and keys are shared, so cloning them is one reference count.

#![forbid(unsafe_code)]

mod allowed;
mod attribute;
mod clock;
mod config;
mod context;
mod effect;
pub mod effects;
mod error;
mod finding;
mod glob;
mod grade;
mod lifecycle;
mod name;
pub mod number;
mod registry;
mod row;
mod selector;
mod series;
mod session;
mod signal;
mod sink;
mod source;
mod store;
mod time;
mod tool;
mod typed;
pub mod wellknown;

pub use allowed::Allowed;
pub use attribute::{AttributeValue, Attributes, NESTING_MAX};
pub use clock::{Clock, ManualClock};
pub use config::{Config, ConfigField, ConfigKind};
pub use context::{Ctx, DependencyView, LogLevel, Output};
pub use effect::{Action, Effect, EffectSet, Permission};
pub use error::{Error, Result};
pub use finding::{Confidence, Evidence, Finding, FindingKind, Severity, Stage};
pub use glob::{Glob, HookPattern};
pub use grade::{Grade, Verdict};
pub use lifecycle::{Lifecycle, LifecycleState};
pub use name::{HookCategory, HookName, MetricName, NAME_BYTES_MAX, ToolId};
pub use registry::{HookId, HookInfo, Hooks, Registry};
pub use row::{Allows, At, EffectRow, Includes};
pub use selector::Selector;
pub use series::{LABEL_VALUE_BYTES_MAX, LABELS_MAX, Point, SeriesId, SeriesKey, Unit};
pub use session::{PROTOCOL_BYTES_MAX, SESSION_NAME_BYTES_MAX, SessionDecl, SessionMessage};
pub use signal::{Event, Sample, Signal, SignalRef, Span, SpanStatus, State};
pub use sink::{Catalogue, Sink};
pub use source::{Emitter, Next, Overflow, SeriesInfo, Source, SourceInfo};
pub use store::{Stamped, Store, StoreReader, StoreStatus, StoreWriter, Window};
pub use time::{TimeRange, Timestamp};
pub use tool::{
    Budget, Firing, Placement, Priority, Scope, Subscription, Tool, ToolFactory, ToolMeta,
};
pub use typed::TypedTool;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
