//! Counters that only one thread writes, so that counting is a load, an addition and a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Counters at both ends that stay unused: two cache lines, so that rows of different threads never share one.
const PAD: usize = 16;

/// Latency buckets: bucket `i` holds calls of `2^i` to `2^(i+1) - 1` ns, the first also 0 ns, the last everything longer.
pub(super) const BUCKETS: usize = 32;

/// The cell that counts firings; cells of callbacks follow.
pub(super) const FIRED: usize = PAD;

#[derive(Debug, Default)]
#[repr(align(128))]
struct Buckets([AtomicU32; BUCKETS]);

/// The counters of one thread at one hook: [`FIRED`] counts firings, the others calls of one callback each.
#[derive(Debug, Clone)]
pub(super) struct Row {
    counts: Arc<[AtomicU64]>,
    latency: Arc<[Buckets]>,
}

impl Row {
    /// Room for all cells below `end`, all zero.
    pub(super) fn new(end: usize) -> Self {
        let end = (end - FIRED.min(end)).max(1).next_power_of_two().max(16) + FIRED;
        Self {
            counts: (0..end + PAD).map(|_| AtomicU64::new(0)).collect(),
            latency: (FIRED..end).map(|_| Buckets::default()).collect(),
        }
    }

    /// The first cell that there is no room for.
    pub(super) fn end(&self) -> usize {
        self.counts.len() - PAD
    }

    /// The counters, for [`count`].
    #[inline(always)]
    pub(super) fn counts(&self) -> &[AtomicU64] {
        &self.counts
    }

    /// Puts a duration into the histogram of `cell`. Called by the owning thread only.
    pub(super) fn record(&self, cell: usize, nanos: u64) {
        let bucket = (nanos.max(1).ilog2() as usize).min(BUCKETS - 1);
        if let Some(count) = self.buckets(cell).and_then(|b| b.0.get(bucket)) {
            let before = count.load(Ordering::Relaxed);
            count.store(before.saturating_add(1), Ordering::Relaxed);
        }
    }

    /// The count of `cell`.
    pub(super) fn read(&self, cell: usize) -> u64 {
        let count = self.counts.get(cell);
        count.map_or(0, |count| count.load(Ordering::Relaxed))
    }

    fn buckets(&self, cell: usize) -> Option<&Buckets> {
        self.latency.get(cell.checked_sub(FIRED)?)
    }

    /// Adds the histogram of `cell` to `sum`.
    pub(super) fn add_latency(&self, cell: usize, sum: &mut [u64; BUCKETS]) {
        if let Some(buckets) = self.buckets(cell) {
            for (sum, count) in sum.iter_mut().zip(&buckets.0) {
                *sum += u64::from(count.load(Ordering::Relaxed));
            }
        }
    }

    /// Sets `cell` back to zero. Only while no thread counts in it.
    pub(super) fn clear(&self, cell: usize) {
        if let Some(count) = self.counts.get(cell) {
            count.store(0, Ordering::Relaxed);
        }
        if let Some(buckets) = self.buckets(cell) {
            for count in &buckets.0 {
                count.store(0, Ordering::Relaxed);
            }
        }
    }
}

/// Adds one to `cell` and returns what it was. Called by the owning thread only.
#[inline(always)]
pub(super) fn count(counts: &[AtomicU64], cell: usize) -> u64 {
    let Some(count) = counts.get(cell) else {
        return 0;
    };
    let before = count.load(Ordering::Relaxed);
    count.store(before.wrapping_add(1), Ordering::Relaxed);
    before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_and_clears_each_cell_alone() {
        let row = Row::new(FIRED + 17);
        assert_eq!(row.end(), FIRED + 32);
        let last = row.end() - 1;
        assert_eq!(
            (count(row.counts(), last), count(row.counts(), last)),
            (0, 1)
        );
        for nanos in [0, 1024, u64::MAX] {
            row.record(last, nanos);
        }
        let mut sum = [0; BUCKETS];
        row.add_latency(last, &mut sum);
        assert_eq!((sum[0], sum[10], sum[BUCKETS - 1]), (1, 1, 1));
        assert_eq!(
            (row.read(last), row.read(last - 1), row.read(FIRED)),
            (2, 0, 0)
        );
        row.clear(last);
        let mut sum = [0; BUCKETS];
        row.add_latency(last, &mut sum);
        assert_eq!((row.read(last), sum), (0, [0; BUCKETS]));
    }
}
