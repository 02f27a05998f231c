//! Counters that only one thread writes, so that counting is a load, an addition and a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

const LANES: usize = 16;

/// Latency buckets: bucket `i` holds calls of `2^i` to `2^(i+1) - 1` ns, the first also 0 ns, the last everything longer.
pub(super) const BUCKETS: usize = 32;

/// Counters of two cache lines, so that rows of different threads never share one.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Block([AtomicU64; LANES]);

#[derive(Debug, Default)]
#[repr(align(128))]
struct Buckets([AtomicU32; BUCKETS]);

/// The counters of one thread at one hook: cell 0 counts firings, the others calls of one callback each.
#[derive(Debug, Clone)]
pub(super) struct Row {
    counts: Arc<[Block]>,
    latency: Arc<[Buckets]>,
}

impl Row {
    /// Room for at least `cells` counters, all zero.
    pub(super) fn new(cells: usize) -> Self {
        let blocks = cells.div_ceil(LANES).max(1).next_power_of_two();
        Self {
            counts: (0..blocks).map(|_| Block::default()).collect(),
            latency: (0..blocks * LANES).map(|_| Buckets::default()).collect(),
        }
    }

    /// How many counters there are.
    pub(super) fn cells(&self) -> usize {
        self.counts.len() * LANES
    }

    /// Adds one to `cell` and returns what it was. Called by the owning thread only.
    #[inline(always)]
    pub(super) fn count(&self, cell: usize) -> u64 {
        let Some(block) = self.counts.get(cell / LANES) else {
            return 0;
        };
        let Some(count) = block.0.get(cell % LANES) else {
            return 0;
        };
        let before = count.load(Ordering::Relaxed);
        count.store(before.wrapping_add(1), Ordering::Relaxed);
        before
    }

    /// Puts a duration into the histogram of `cell`. Called by the owning thread only.
    pub(super) fn record(&self, cell: usize, nanos: u64) {
        let bucket = (nanos.max(1).ilog2() as usize).min(BUCKETS - 1);
        if let Some(count) = self.latency.get(cell).and_then(|b| b.0.get(bucket)) {
            let before = count.load(Ordering::Relaxed);
            count.store(before.saturating_add(1), Ordering::Relaxed);
        }
    }

    /// The count of `cell`.
    pub(super) fn read(&self, cell: usize) -> u64 {
        self.counts
            .get(cell / LANES)
            .and_then(|block| block.0.get(cell % LANES))
            .map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Adds the histogram of `cell` to `sum`.
    pub(super) fn add_latency(&self, cell: usize, sum: &mut [u64; BUCKETS]) {
        if let Some(buckets) = self.latency.get(cell) {
            for (sum, count) in sum.iter_mut().zip(&buckets.0) {
                *sum += u64::from(count.load(Ordering::Relaxed));
            }
        }
    }

    /// Sets `cell` back to zero. Only while no thread counts in it.
    pub(super) fn clear(&self, cell: usize) {
        if let Some(count) = self
            .counts
            .get(cell / LANES)
            .and_then(|block| block.0.get(cell % LANES))
        {
            count.store(0, Ordering::Relaxed);
        }
        if let Some(buckets) = self.latency.get(cell) {
            for count in &buckets.0 {
                count.store(0, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_and_clears_each_cell_alone() {
        let row = Row::new(17);
        assert_eq!(row.cells(), 32);
        assert_eq!((row.count(31), row.count(31), row.count(32)), (0, 1, 0));
        row.record(31, 0);
        row.record(31, 1024);
        row.record(31, u64::MAX);
        let mut sum = [0; BUCKETS];
        row.add_latency(31, &mut sum);
        assert_eq!((sum[0], sum[10], sum[BUCKETS - 1]), (1, 1, 1));
        row.clear(31);
        assert_eq!((row.read(31), row.read(30)), (0, 0));
    }
}
