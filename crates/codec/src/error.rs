//! What may be wrong with encoded bytes.

use crate::Kind;

/// Why a value could not be encoded or decoded.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The value does not fit in one record.
    #[error("encoded value takes {bytes} bytes, the limit is {limit}; split it")]
    TooLarge {
        /// Bytes it takes or claims.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The serialiser refused the value.
    #[error("value cannot be encoded: {0}")]
    Encode(#[source] bincode::error::EncodeError),
    /// There are fewer bytes than the header promises.
    #[error("record is cut off: {have} bytes are there, {need} are needed")]
    Truncated {
        /// Bytes that are there.
        have: u64,
        /// Bytes that are needed.
        need: u64,
    },
    /// The bytes do not start as a record does.
    #[error("these bytes are not a voidstate record: they start with {found:02x?}")]
    NotARecord {
        /// The first four bytes.
        found: [u8; 4],
    },
    /// The record is of another kind.
    #[error("record is of kind {found}, expected {expected}")]
    Kind {
        /// The kind found.
        found: Kind,
        /// The kind expected.
        expected: Kind,
    },
    /// The record was written by a newer version, or one that is no longer read.
    #[error("record of kind {kind} has version {found}, this program reads {oldest} to {newest}")]
    Version {
        /// The kind.
        kind: Kind,
        /// The version found.
        found: u16,
        /// The oldest version that is read.
        oldest: u16,
        /// The newest version that is read.
        newest: u16,
    },
    /// The bytes were damaged.
    #[error("record of kind {kind} is damaged: checksum is {found:08x}, expected {expected:08x}")]
    Checksum {
        /// The kind.
        kind: Kind,
        /// Checksum of what is there.
        found: u32,
        /// Checksum in the header.
        expected: u32,
    },
    /// The payload is not such a value.
    #[error("record of kind {kind} does not hold such a value: {cause}")]
    Decode {
        /// The kind.
        kind: Kind,
        /// What the decoder says.
        #[source]
        cause: bincode::error::DecodeError,
    },
    /// Bytes are left over after the value.
    #[error("record of kind {kind} has {bytes} bytes after its value")]
    Trailing {
        /// The kind.
        kind: Kind,
        /// How many bytes.
        bytes: u64,
    },
}
