//! Findings: logs that rotate, and an index of the latest stage of every episode.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use voidstate_codec::{Kind, Schema};
use voidstate_core::{Finding, Stage, TimeRange, ToolId};

use crate::error::{Error, Result};
use crate::transaction::{Acknowledged, Extent};

/// A log of findings is followed by another at this size.
pub(crate) const LOG_BYTES_MAX: u64 = 1 << 20;

const SCHEMA: Schema = Schema::new(Kind::new(b"FIND"), 1);

/// Where the latest stage of an episode stands, and when the episode was.
#[derive(Debug, Clone, Copy)]
struct Entry {
    log: u64,
    offset: u64,
    bytes: u32,
    start: i64,
    /// The latest instant; `i64::MAX` while it goes on.
    end: i64,
    /// For retention: as `end`, but `start` while it goes on.
    known_end: i64,
}

/// One file of the index.
#[derive(Debug)]
pub(crate) struct FindingLog {
    pub(crate) path: PathBuf,
    pub(crate) file: Arc<File>,
    pub(crate) bytes: u64,
}

/// The latest stage of every episode.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    entries: HashMap<(ToolId, u64), Entry>,
    pub(crate) logs: BTreeMap<u64, FindingLog>,
}

impl Findings {
    /// Enters what stands at `extent` of log `log`.
    pub(crate) fn enter(&mut self, _: Acknowledged, finding: &Finding, log: u64, extent: Extent) {
        let start = finding.start.as_nanos();
        let known_end = finding.end.map_or(start, |end| end.as_nanos().max(start));
        let goes_on =
            finding.end.is_none() && matches!(finding.stage, Stage::Opened | Stage::Updated);
        let entry = Entry {
            log,
            offset: extent.offset,
            bytes: u32::try_from(extent.end - extent.offset).unwrap_or(u32::MAX),
            start,
            end: if goes_on { i64::MAX } else { known_end },
            known_end,
        };
        self.entries
            .insert((finding.tool.clone(), finding.episode), entry);
        if let Some(log) = self.logs.get_mut(&log) {
            log.bytes = log.bytes.max(extent.end);
        }
    }

    /// Where the findings that overlap `range` stand, in order of their start.
    pub(crate) fn select(&self, range: TimeRange) -> Vec<Place> {
        let (from, to) = (range.start().as_nanos(), range.end().as_nanos());
        let mut hits: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, e)| from < to && e.start < to && e.end >= from)
            .filter_map(|(key, e)| {
                Some((
                    (e.start, key),
                    Place {
                        file: Arc::clone(&self.logs.get(&e.log)?.file),
                        path: self.logs.get(&e.log)?.path.clone(),
                        offset: e.offset,
                        bytes: e.bytes,
                    },
                ))
            })
            .collect();
        hits.sort_by(|a, b| a.0.cmp(&b.0));
        hits.into_iter().map(|(_, place)| place).collect()
    }

    /// The oldest logs of which every episode ended before `cutoff`, and more of the oldest while all together are larger
    /// than `bytes_max`; never the newest. They are taken out of the index. Only a prefix goes, so that the end of an
    /// episode never goes before its beginning.
    pub(crate) fn expire(&mut self, cutoff: i64, bytes_max: u64) -> Vec<FindingLog> {
        let newest = self.logs.keys().next_back().copied();
        let mut latest: BTreeMap<u64, i64> = self.logs.keys().map(|log| (*log, i64::MIN)).collect();
        for entry in self.entries.values() {
            latest
                .entry(entry.log)
                .and_modify(|end| *end = entry.known_end.max(*end));
        }
        let mut total: u64 = self.logs.values().map(|log| log.bytes).sum();
        let mut gone = Vec::new();
        for (number, end) in latest {
            if Some(number) == newest || (end >= cutoff && total <= bytes_max) {
                break;
            }
            if let Some(log) = self.logs.remove(&number) {
                total = total.saturating_sub(log.bytes);
                self.entries.retain(|_, entry| entry.log != number);
                gone.push(log);
            }
        }
        gone
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.logs.values().map(|log| log.bytes).sum()
    }
}

/// Where a finding stands.
#[derive(Debug)]
pub(crate) struct Place {
    file: Arc<File>,
    path: PathBuf,
    offset: u64,
    bytes: u32,
}

impl Place {
    /// Reads it; an `Ok(Err(…))` says what is damaged.
    pub(crate) fn read(&self) -> Result<Result<Finding, String>> {
        let mut bytes = vec![0; self.bytes as usize];
        self.file
            .read_exact_at(&mut bytes, self.offset)
            .map_err(|e| Error::io("read", &self.path, e))?;
        Ok(decode(&bytes).map_err(|e| {
            format!(
                "{}: finding at {} is damaged ({e}); it was skipped",
                self.path.display(),
                self.offset
            )
        }))
    }
}

/// The record of a finding.
pub(crate) fn encode(finding: &Finding) -> Result<Vec<u8>> {
    SCHEMA.encode(finding).map_err(|cause| Error::Encode {
        what: "finding",
        cause,
    })
}

/// What a record says.
pub(crate) fn decode(record: &[u8]) -> Result<Finding, voidstate_codec::Error> {
    SCHEMA.decode(record)
}
