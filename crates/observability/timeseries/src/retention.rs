//! Retention: what is too old or too much goes, whole segments at a time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use voidstate_core::Timestamp;

use crate::files;
use crate::segment::Segment;
use crate::state::State;
use crate::store::{Inner, SegmentStore};

impl SegmentStore {
    /// Drops what is older than the retention age at `now`, and the oldest while the store is too large; the same happens
    /// by itself whenever a segment was written, with the time of the newest segment in place of `now`.
    ///
    /// Only whole segments go: data that is younger than the age never goes for its age. What is not in a segment yet is
    /// never dropped.
    pub fn retain(&self, now: Timestamp) {
        self.inner.expire(Some(now));
    }
}

impl Inner {
    /// Applies retention at `now`, or at the time of the newest segment.
    pub(crate) fn expire(&self, now: Option<Timestamp>) {
        let mut gone_files = Vec::new();
        {
            let mut state = self.write();
            let newest = state
                .segments
                .iter()
                .map(|s| s.typical)
                .max()
                .map(Timestamp::from_nanos);
            let Some(now) = now.or(newest) else { return };
            let cutoff = before(now, self.options.retention_age);
            let logs = state
                .findings
                .expire(cutoff, self.options.retention_bytes / 8);
            gone_files.extend(logs.into_iter().map(|log| log.path));
            for segment in expired(&state, cutoff, self.options.retention_bytes) {
                segment.gone.store(true, Ordering::Release);
                Arc::make_mut(&mut state.segments).retain(|s| s.generation != segment.generation);
                gone_files.push(segment.path.clone());
            }
        }
        for path in gone_files {
            if let Err(error) = files::remove(&path) {
                self.notes.say(error.to_string());
            }
        }
    }
}

/// `now - age`, or the earliest instant.
fn before(now: Timestamp, age: Duration) -> i64 {
    let age = i128::try_from(age.as_nanos()).unwrap_or(i128::MAX);
    let cutoff = i128::from(now.as_nanos()).saturating_sub(age);
    i64::try_from(cutoff).unwrap_or(i64::MIN)
}

/// The segments that must go.
fn expired(state: &State, cutoff: i64, bytes_max: u64) -> Vec<Arc<Segment>> {
    let mut by_age: Vec<&Arc<Segment>> = state.segments.iter().collect();
    by_age.sort_by_key(|s| (s.end, s.generation));
    let mut bytes = state.bytes();
    let mut gone = Vec::new();
    for segment in by_age {
        if segment.end < cutoff || bytes > bytes_max {
            bytes = bytes.saturating_sub(segment.bytes);
            gone.push(Arc::clone(segment));
        }
    }
    gone
}
