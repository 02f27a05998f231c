//! Watch a Rust program from inside: hook points, observed functions, an allocator, a `tracing` layer, and the source
//! that attaches to all of it.
//!
//! It is *not* a logger or a profiler: nothing is written, formatted or kept; what nobody watches costs one relaxed load.
//!
//! ```
//! use voidstate_core::{Source, Timestamp};
//! use voidstate_embed::{AttachSource, Observer, hook, sample};
//!
//! let socket = std::env::temp_dir().join(format!("embed-doc-{}.sock", std::process::id()));
//! let observer = Observer::builder().socket(&socket).start()?; // in the program
//! let source = AttachSource::connect(observer.path())?; // in the watcher
//! assert_eq!(source.info().name, "embed");
//!
//! hook!("program.request", latency_ms = 12.5, route = "/x");
//! sample!("program.queue_len", 17, queue = "mail");
//! # Ok::<(), voidstate_embed::Error>(())
//! ```
//!
//! # Items
//! - In the program: [`Observer`], [`hook!`], [`sample!`], [`macro@observed`], [`ObservedAllocator`], `ObserverLayer`
//!   (feature `tracing`), [`is_watched`].
//! - In the watcher: [`AttachSource`], a [`Source`](voidstate_core::Source).
//!
//! # What is fired
//! | hook | what |
//! |---|---|
//! | the name given | events of [`hook!`], samples of [`sample!`] |
//! | `program.span` | spans of observed functions and of `tracing` |
//! | `program.calls`, `.errors`, `.latency`, `.latency_max` | once a second per observed function (label `function`) |
//! | `program.event` | events of `tracing` |
//! | `memory.after_allocation` | sampled allocations |
//! | `memory.live_bytes`, `.live_allocations`, `.allocated_bytes`, `.allocations` | once a second, when the allocator is wrapped |
//!
//! # Invariants
//! - A hook point never waits, and what it drops is counted and told: `a_full_ring_never_blocks_and_every_drop_is_told`.
//! - Nothing is evaluated while nobody watches: `nothing_is_evaluated_while_nobody_watches`.
//! - An observed function means what it meant: `observed_keeps_meaning`.
//! - What the program says is what arrives: `what_the_program_says_is_what_arrives`, `frames_survive_any_cuts`.
//! - No peer can crash the watcher or fill its memory: `hostile_frames_are_taken_or_rejected_and_counted`,
//!   `tables_are_bounded_whatever_the_peer_sends`.
//! - The bytes of protocol version 1 never change: `golden_wire_bytes`.
//! - Only the owner may connect, and a living socket is never taken away: `a_socket_is_for_its_owner_alone`,
//!   `a_stale_socket_is_replaced_and_nothing_else`.
//! - The crate does not watch itself: `the_crate_does_not_watch_itself`.
//!
//! # Cost
//! Unwatched: one relaxed load per point; the serving thread sleeps without waking. Watched: the ring takes about 1 MiB
//! and is emptied every 10 ms. Figures beside `tracing`: README.
//!
//! # Limits
//! Unix, one observer per process; 8192 records in the ring, 8 watchers, 4096 series, 8192 distinct names, 32 attributes,
//! 1024 bytes per text (a longer one is cut and ends in `…`). A child made by `fork` without `exec` is not observed. The
//! socket is protected by its mode, not by a secret: every process of the same user may watch.
//!
//! # Features
//! `macros` (default): [`macro@observed`]. `tracing`: the layer.

#![deny(unsafe_code)]

mod allocator;
mod attach;
mod check;
mod error;
mod intake;
#[cfg(feature = "tracing")]
mod layer;
mod macros;
mod memory;
mod observer;
mod ring;
mod server;
mod site;
#[cfg(test)]
#[path = "../tests/it/soak.rs"]
mod soak;
mod socket;
mod span;
mod tables;
mod value;
mod wire;

pub use allocator::{ObservedAllocator, SAMPLE_EVERY_BYTES};
pub use attach::AttachSource;
pub use check::{ATTRIBUTES_MAX, SAMPLE_LABELS_MAX};
pub use error::Error;
pub use intake::PROGRAM;
#[cfg(feature = "tracing")]
pub use layer::ObserverLayer;
pub use memory::{Totals, totals as memory_totals};
pub use observer::{Observer, ObserverBuilder, observer};
pub use ring::{RING_RECORDS, is_watched};
pub use server::WATCHERS_MAX;
pub use socket::default_socket;
pub use value::{TEXT_BYTES_MAX, ToNumber, ToValue, Value};
#[cfg(feature = "macros")]
pub use voidstate_embed_macros::observed;
pub use wire::{FRAME_BYTES_MAX, PROTOCOL_VERSION, SERIES_MAX, TEXTS_MAX};

#[doc(hidden)]
#[path = "expand.rs"]
pub mod __private;

/// The vocabulary, so that this crate can be used alone.
pub use voidstate_core;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;

#[cfg(all(doctest, feature = "macros"))]
#[doc = include_str!("../../embed-macros/README.md")]
struct MacrosReadmeDoctests;
