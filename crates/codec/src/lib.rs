//! Versioned, checksummed binary records of compact state.
//!
//! It is *not* a file format or a protocol: it turns one value into one self-delimiting record and back, and is the only
//! crate of the house that knows bincode.
//!
//! ```
//! use voidstate_codec::{Kind, Schema};
//!
//! const COUNTS: Schema = Schema::new(Kind::new(b"CNTS"), 1);
//! let bytes = COUNTS.encode(&vec![1_u32, 2, 300])?;
//! assert_eq!(COUNTS.decode::<Vec<u32>>(&bytes)?, [1, 2, 300]);
//! assert!(COUNTS.decode::<Vec<u32>>(&bytes[..bytes.len() - 1]).is_err());
//! # Ok::<(), voidstate_codec::Error>(())
//! ```
//!
//! # Items
//! [`Schema`] (kind and versions of a type) encodes and decodes; [`Schema::open`] checks a frame and leaves the choice of
//! the decoder to a caller that reads several versions; [`open`] reads any kind.
//!
//! # Layout
//! | bytes | field |
//! |---|---|
//! | 0–3 | magic `56 53 00 01` |
//! | 4–7 | kind, four printable ASCII characters |
//! | 8–9 | version, little endian |
//! | 10–13 | payload bytes, little endian, at most 64 MiB |
//! | 14–17 | CRC-32 (IEEE) of bytes 0–13 and the payload, little endian |
//! | 18– | payload: bincode 2 standard configuration (little endian, variable-length integers) |
//!
//! # Invariants
//! - What was encoded decodes to itself: `round_trips`.
//! - Any bytes decode to a value or an error, without panic and without allocating more than they justify:
//!   `hostile_bytes_are_errors`.
//! - A changed bit is noticed: `every_flipped_bit_is_noticed`.
//! - The bytes of version 1 never change: `golden_vectors`.
//!
//! # Cost
//! One pass to write, two to read (checksum, decode); one allocation to encode.
//!
//! # Limits
//! Types that need a self-describing format (serde's untagged and internally tagged enums, flattened fields, skipped
//! fields) cannot be decoded; the checksum finds accidents, not forgery.

#![forbid(unsafe_code)]

mod error;
mod kind;
mod record;

pub use error::Error;
pub use kind::Kind;
pub use record::{HEADER_BYTES, PAYLOAD_BYTES_MAX, Record, Schema, open};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
