//! Embedded time-series store: a checksummed log, compressed segments, exact reads.
//!
//! It is *not* a server, a query language or a cluster: one process opens one directory and reads and writes through
//! `voidstate-core`'s [`StoreReader`](voidstate_core::StoreReader) and [`StoreWriter`](voidstate_core::StoreWriter).
//!
//! ```
//! use voidstate_core::{HookName, MetricName, Point, SeriesInfo, SeriesKey, StoreReader, StoreWriter, TimeRange, Timestamp, Unit};
//! use voidstate_timeseries::{Options, SegmentStore};
//!
//! let store = SegmentStore::temporary(Options::default())?;
//! let key = SeriesKey::plain(MetricName::new("host.load")?);
//! let info = SeriesInfo { key: key.clone(), hook: HookName::new("host.load")?, unit: Unit::None, limit: None };
//! let series = store.series(&info)?;
//! for second in 0..90 {
//!     store.append(&[Point { series, time: Timestamp::from_secs(second), value: second as f64 }])?;
//! }
//! let minutes = store.windows(&key, TimeRange::ALL, std::time::Duration::from_secs(60))?;
//! assert_eq!((minutes.len(), minutes[0].count, minutes[0].mean()), (2, 60, 29.5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Items
//! [`SegmentStore`] (open, temporary, compact, retain, verify), [`Options`], [`VerifyReport`], [`Error`].
//!
//! # Durability
//! Acknowledged means handed to the operating system: `write(2)` returned. The death of the process loses nothing that was
//! acknowledged; a power loss costs at most the last [`Options::sync_interval`] (one second), or nothing where that is zero.
//! [`sync`](voidstate_core::StoreWriter::sync) forces everything onto the disk at once.
//!
//! # Invariants
//! - What a writer acknowledged is seen by every later read in order of time, and of samples with equal stamps the last one
//!   written: `what_a_writer_acknowledged_is_seen_in_order_and_the_last_of_equal_stamps_wins`.
//! - `kill -9` at any moment loses nothing acknowledged and leaves no append in parts:
//!   `kill_nine_loses_nothing_acknowledged`.
//! - Torn tails are cut and told: `every_torn_tail_of_the_log_is_cut_and_told`.
//! - Damage is skipped and told, never served: `a_changed_byte_is_reported_and_never_served`.
//! - No room refuses appends as a whole and hurts nothing: `a_full_disk_refuses_appends_and_loses_nothing`.
//! - One store at a time has a directory: `one_process_at_a_time`.
//! - Retention drops nothing younger than the age: `whole_segments_go_by_age_and_nothing_younger`.
//! - Points never pass to another series: `a_lost_catalogue_never_gives_samples_to_another_series`.
//! - The bytes of version 1 never change: `the_bytes_of_version_1_never_change`.
//!
//! # Cost
//! An append is one `write(2)` of about 9 bytes per point and a push per point; sealing runs on a thread of its own.
//! Memory: 16 bytes per point that is not in a segment yet (bounded by [`Options::wal_bytes_max`]), about 72 bytes per chunk.
//! A read takes two `pread(2)` per chunk and O(points); a window that holds a whole chunk reads nothing.
//!
//! # Numbers
//! Every `f64` comes back bit for bit, but for NaN, of which only the one without payload is stored. Sums are rounded: a
//! window's sum lies within 2⁻⁵³ × count × Σ|x| of the exact one.
//!
//! # Limits
//! 1,048,576 series ([`SERIES_MAX`]) and as many points per append ([`APPEND_POINTS_MAX`]); a stamp of
//! [`Timestamp::MAX`](voidstate_core::Timestamp::MAX) is refused. A series stays in the catalogue when its samples expired.
//! Checksums find accidents, not forgery; a removed segment is not missed. A log cut exactly between two records looks as if
//! the rest had not been written.
//!
//! # Format
#![doc = include_str!("../FORMAT.md")]
//!
//! # Sources
//! Pelkonen et al., Gorilla (VLDB 2015): chunks per series. O'Neil et al., The Log-Structured Merge-Tree (1996): log, then
//! runs written as a whole. Hyndman and Fan (1996): quantiles of type 7.

#![forbid(unsafe_code)]

mod aggregate;
mod background;
mod bytes;
mod catalogue;
mod column;
mod error;
mod files;
mod findings;
mod head;
mod header;
mod log;
mod notes;
mod open;
mod options;
mod read;
mod retention;
mod segment;
mod segment_index;
mod segment_write;
mod state;
mod store;
mod transaction;
mod verify;
mod wal;
mod window;
mod write;

pub use catalogue::SERIES_MAX;
pub use error::{Error, Result};
pub use options::Options;
pub use store::SegmentStore;
pub use verify::VerifyReport;
pub use wal::APPEND_POINTS_MAX;

/// The vocabulary, so that this crate can be used alone.
pub use voidstate_core;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
