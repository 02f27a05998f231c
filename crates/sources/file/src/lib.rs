//! File source: the numbers in CSV, TSV and JSON lines, plain or compressed, row by row in constant memory.
//!
//! It is *not* a data frame: nothing is kept, sorted, joined or filled in. It never guesses silently: what it found is
//! said by [`Layout`], and what it could not use is counted in [`Stats`].
//!
//! ```
//! use voidstate_file::{Options, Reader};
//!
//! let text = "timestamp,host,load\n2014-04-01 00:00:00,a,0.5\n2014-04-01 00:00:00,b\n2014-04-01 00:01:00,a,0.75\n";
//! let mut reader = Reader::from_stream(text.as_bytes(), "load.csv", &Options::default())?;
//! assert_eq!(reader.layout().time.name, "timestamp");
//! let mut sum = 0.0;
//! while let Some(row) = reader.next_row()? {
//!     sum += row.values[0];
//! }
//! assert!((sum - 1.25).abs() < 1e-12);
//! assert_eq!(reader.stats().bad[0].line, 3);
//! # Ok::<(), voidstate_file::Error>(())
//! ```
//!
//! # Items
//! - [`Reader`]: opens a path or stream and hands over one [`Row`] after the other; [`Options`] fixes what it should not
//!   find by itself.
//! - [`Layout`]: what was found, with [`TimeColumn`], [`Column`] and [`Format`]; its `Display` is a sentence.
//! - [`Stats`], [`BadRow`], [`Reason`]: what was read and what was not usable.
//! - [`FileSource`]: the reader as a [`voidstate_core::Source`]; [`stem`] names a file in labels.
//!
//! # Invariants
//! - No bytes make it panic or run for ever: `arbitrary_bytes_are_read_or_refused`.
//! - Every row is usable, bad, blank, header or inside another's quotes: `every_row_is_counted_once`.
//! - The fast way through unquoted lines agrees with `csv-core`: `rows_agree_with_csv_core`.
//! - Numbers agree with the standard parser bit for bit: `numbers_agree_with_the_standard_parser`.
//! - Times agree with `jiff`: `times_agree_with_jiff`.
//! - Compression and the size of reads change nothing: `compression_changes_nothing`.
//! - A cut stream gives the rows before the cut and an error, never half a row: `a_cut_stream_gives_whole_rows_and_an_error`.
//! - Memory does not grow with the file: `memory_is_constant`.
//!
//! # Cost
//! O(bytes). No allocation per row of delimited text once its labels are known.
//!
//! # Limits
//! Rows of at most [`Options::row_bytes_max`] bytes and [`COLUMNS_MAX`] columns, at most [`Options::groups_max`] label
//! combinations and 30 label columns, labels of at most 1024 bytes, times of the years 1677 to 2262, Zstandard windows of
//! at most 128 MiB, JSON nested at most 8 deep. The layout is found from the first [`Options::sample_rows`] rows or 1 MiB; where
//! these leave open which texts split series, from the whole first MiB.
//!
//! # Sources
//! RFC 4180 (CSV), RFC 8259 (JSON), RFC 1952 (gzip), RFC 8878 (Zstandard), ISO 8601 and RFC 9557 and RFC 2822 (times).

#![forbid(unsafe_code)]

mod apart;
mod columns;
mod delimited;
mod detect;
mod error;
mod groups;
mod input;
mod json;
mod layout;
mod lines;
mod names;
mod number;
mod options;
mod reader;
mod sample;
mod source;
mod stats;
mod time;
mod zstd;

pub use error::Error;
pub use layout::{
    Column, Compression, Format, Ignored, Layout, NumberStyle, TimeColumn, TimeKind, TimeUnit,
};
pub use names::stem;
pub use options::{COLUMNS_MAX, Options};
pub use reader::{Reader, Row};
pub use source::{FileSource, HOOK_ROW};
pub use stats::{BAD_ROWS_KEPT, BadRow, Reason, Stats};

/// The vocabulary, so that this crate can be used alone.
pub use voidstate_core;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
