//! One value as one record: header, then payload.

use std::ops::RangeInclusive;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Kind};

/// Bytes of the header.
pub const HEADER_BYTES: usize = 18;
/// Largest payload in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 64 << 20;

const MAGIC: [u8; 4] = *b"VS\x00\x01";

fn config() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<PAYLOAD_BYTES_MAX>()
}

/// Kind and present version of the values of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    kind: Kind,
    oldest: u16,
    newest: u16,
}

/// A record whose frame is sound, before its payload is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    kind: Kind,
    version: u16,
    payload: &'a [u8],
    bytes: usize,
}

impl Schema {
    /// Values of `kind`, written as version `version` and read in that version only.
    #[must_use]
    pub const fn new(kind: Kind, version: u16) -> Self {
        Self {
            kind,
            oldest: version,
            newest: version,
        }
    }

    /// Also accepts records of older versions, from `oldest` on; [`Record::version`] tells which one came.
    #[must_use]
    pub const fn reading_from(self, oldest: u16) -> Self {
        Self { oldest, ..self }
    }

    /// The versions that are read.
    #[must_use]
    pub const fn versions(self) -> RangeInclusive<u16> {
        self.oldest..=self.newest
    }

    /// Encodes `value` as one record of the newest version.
    ///
    /// # Errors
    /// [`Error::TooLarge`] over 64 MiB; [`Error::Encode`] when the value cannot be serialised.
    pub fn encode<T: Serialize + ?Sized>(self, value: &T) -> Result<Vec<u8>, Error> {
        let mut out = vec![0; HEADER_BYTES];
        self.encode_into(value, &mut out)?;
        Ok(out)
    }

    /// Encodes into `out`, whose content is replaced and whose capacity is kept.
    fn encode_into<T: Serialize + ?Sized>(self, value: &T, out: &mut Vec<u8>) -> Result<(), Error> {
        out.clear();
        out.resize(HEADER_BYTES, 0);
        bincode::serde::encode_into_std_write(value, out, config()).map_err(Error::Encode)?;
        let payload = out.get(HEADER_BYTES..).unwrap_or_default();
        let limit = PAYLOAD_BYTES_MAX as u64;
        let too_large = Error::TooLarge {
            bytes: payload.len() as u64,
            limit,
        };
        let length = match u32::try_from(payload.len()) {
            Ok(length) if u64::from(length) <= limit => length,
            _ => return Err(too_large),
        };
        let mut header = [0; HEADER_BYTES];
        let fields = MAGIC
            .into_iter()
            .chain(self.kind.bytes())
            .chain(self.newest.to_le_bytes());
        let fields = fields.chain(length.to_le_bytes());
        header
            .iter_mut()
            .zip(fields)
            .for_each(|(to, from)| *to = from);
        let checksum = checksum(&header, payload);
        header
            .iter_mut()
            .skip(HEADER_BYTES - 4)
            .zip(checksum.to_le_bytes())
            .for_each(|(to, from)| *to = from);
        out.iter_mut().zip(header).for_each(|(to, from)| *to = from);
        Ok(())
    }

    /// Checks the frame at the start of `bytes`; what follows it is the caller's ([`Record::bytes`] says where).
    ///
    /// # Errors
    /// Too few bytes, another format, kind or version, a payload over 64 MiB, or damage.
    pub fn open(self, bytes: &[u8]) -> Result<Record<'_>, Error> {
        let record = open(bytes)?;
        if record.kind != self.kind {
            return Err(Error::Kind {
                found: record.kind,
                expected: self.kind,
            });
        }
        if !self.versions().contains(&record.version) {
            let (oldest, newest) = (self.oldest, self.newest);
            return Err(Error::Version {
                kind: self.kind,
                found: record.version,
                oldest,
                newest,
            });
        }
        Ok(record)
    }

    /// Decodes a record that fills `bytes` and has the newest version.
    ///
    /// # Errors
    /// Those of [`open`](Self::open) and [`Record::decode`]; [`Error::Trailing`] for bytes after the record;
    /// [`Error::Version`] for an older one.
    pub fn decode<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, Error> {
        let newest = Self {
            oldest: self.newest,
            ..self
        };
        let record = newest.open(bytes)?;
        if record.bytes < bytes.len() {
            return Err(Error::Trailing {
                kind: self.kind,
                bytes: (bytes.len() - record.bytes) as u64,
            });
        }
        record.decode()
    }
}

/// Checks the frame at the start of `bytes`, whatever its kind and version.
///
/// # Errors
/// As [`Schema::open`], but for kind and version.
pub fn open(bytes: &[u8]) -> Result<Record<'_>, Error> {
    let have = bytes.len() as u64;
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        // Too short for a record, and not the beginning of one either.
        if let Some(found) = bytes.first_chunk::<4>().filter(|start| **start != MAGIC) {
            return Err(Error::NotARecord { found: *found });
        }
        return Err(Error::Truncated {
            have,
            need: HEADER_BYTES as u64,
        });
    };
    let [
        m0,
        m1,
        m2,
        m3,
        k0,
        k1,
        k2,
        k3,
        v0,
        v1,
        l0,
        l1,
        l2,
        l3,
        c0,
        c1,
        c2,
        c3,
    ] = *header;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(Error::NotARecord {
            found: [m0, m1, m2, m3],
        });
    }
    let kind = Kind::new(&[k0, k1, k2, k3]);
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if length > PAYLOAD_BYTES_MAX {
        return Err(Error::TooLarge {
            bytes: length as u64,
            limit: PAYLOAD_BYTES_MAX as u64,
        });
    }
    let Some(payload) = rest.get(..length) else {
        return Err(Error::Truncated {
            have,
            need: (HEADER_BYTES + length) as u64,
        });
    };
    let expected = u32::from_le_bytes([c0, c1, c2, c3]);
    let found = checksum(header, payload);
    if found != expected {
        return Err(Error::Checksum {
            kind,
            found,
            expected,
        });
    }
    Ok(Record {
        kind,
        version: u16::from_le_bytes([v0, v1]),
        payload,
        bytes: HEADER_BYTES + length,
    })
}

impl Record<'_> {
    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The version it was written in.
    #[must_use]
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// How many bytes it takes, header included.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Decodes the payload.
    ///
    /// # Errors
    /// [`Error::Decode`] when it is not a `T`, [`Error::Trailing`] when bytes are left over.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let (value, used) =
            bincode::serde::decode_from_slice(self.payload, config()).map_err(|cause| {
                Error::Decode {
                    kind: self.kind,
                    cause,
                }
            })?;
        if used < self.payload.len() {
            return Err(Error::Trailing {
                kind: self.kind,
                bytes: (self.payload.len() - used) as u64,
            });
        }
        Ok(value)
    }
}

/// CRC-32 (IEEE) of the header without its checksum field, then the payload.
fn checksum(header: &[u8; HEADER_BYTES], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(
        header
            .split_last_chunk::<4>()
            .map_or(&[][..], |(fields, _)| fields),
    );
    hasher.update(payload);
    hasher.finalize()
}
