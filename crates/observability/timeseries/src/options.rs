//! How a store is kept.

use std::time::Duration;

use crate::error::{Error, Result};

/// How a store is kept. `..Options::default()` fills in what is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Samples and findings older than this are dropped, a whole segment at a time; default 24 h. Age is measured against
    /// the newest data, not a clock (see [`retain`](crate::SegmentStore::retain) for the latter): against the median of the
    /// series in the newest segment, so that one stamp from the far future evicts nothing.
    pub retention_age: Duration,
    /// The oldest segments are dropped while the store is larger than this; default 256 MiB, at least 1 MiB.
    pub retention_bytes: u64,
    /// Points per chunk and series that are aimed at; default 1024, from 2 to 65,536. More compress better and are read in
    /// larger pieces.
    pub chunk_points: usize,
    /// The write-ahead log moves into a segment once it holds `chunk_points` for the average series and at least this
    /// many points; default 65,536. It spares stores of few series from many small segments.
    pub head_points_min: usize,
    /// The write-ahead log moves into a segment at this size in any case; default 16 MiB, from 4 KiB to 1 GiB. It bounds
    /// memory: about 3 bytes each (active and waiting) per byte of log.
    pub wal_bytes_max: u64,
    /// How often what was appended is forced onto the disk, in the background; default 1 s. Zero forces every append
    /// before it returns.
    pub sync_interval: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            retention_age: Duration::from_secs(24 * 3600),
            retention_bytes: 256 << 20,
            chunk_points: 1024,
            head_points_min: 65_536,
            wal_bytes_max: 16 << 20,
            sync_interval: Duration::from_secs(1),
        }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<()> {
        let within = |name, value, low, high, domain| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(Error::Option {
                    name,
                    value,
                    domain,
                })
            }
        };
        let points = self.chunk_points as u64;
        within("chunk_points", points, 2, 65_536, "2 to 65536")?;
        within(
            "retention_bytes",
            self.retention_bytes,
            1 << 20,
            u64::MAX,
            "at least 1 MiB",
        )?;
        within(
            "wal_bytes_max",
            self.wal_bytes_max,
            4 << 10,
            1 << 30,
            "4 KiB to 1 GiB",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_outside_their_domain_are_refused() {
        assert!(Options::default().check().is_ok());
        for bad in [
            Options {
                chunk_points: 1,
                ..Options::default()
            },
            Options {
                chunk_points: 65_537,
                ..Options::default()
            },
            Options {
                retention_bytes: 0,
                ..Options::default()
            },
            Options {
                wal_bytes_max: u64::MAX,
                ..Options::default()
            },
        ] {
            assert!(matches!(bad.check(), Err(Error::Option { .. })), "{bad:?}");
        }
    }
}
