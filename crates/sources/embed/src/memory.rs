//! What the allocator counts, without a line of unsafe code: totals per thread and the choice of samples.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::ring::{self, Record};

/// Threads with counters of their own; later threads share the last ones.
const OWN: usize = 256;
const SHARED: usize = 16;
const UNSET: u32 = u32::MAX;

/// Counters on a cache line of their own.
#[repr(align(64))]
#[derive(Debug)]
struct Slot {
    allocations: AtomicU64,
    frees: AtomicU64,
    allocated_bytes: AtomicU64,
    freed_bytes: AtomicU64,
}

static SLOTS: [Slot; OWN + SHARED] = [const {
    Slot {
        allocations: AtomicU64::new(0),
        frees: AtomicU64::new(0),
        allocated_bytes: AtomicU64::new(0),
        freed_bytes: AtomicU64::new(0),
    }
}; OWN + SHARED];
static THREADS: AtomicU32 = AtomicU32::new(0);

// Plain numbers without a destructor: reading them inside an allocator neither allocates nor fails.
thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(UNSET) };
    /// Bytes until the next sample.
    static UNTIL: Cell<i64> = const { Cell::new(0) };
    /// State of the thread's generator; 0 before its first use.
    static SEED: Cell<u64> = const { Cell::new(0) };
}

/// Sums over all threads since the program began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Allocations, reallocations included.
    pub allocations: u64,
    /// Frees, reallocations included.
    pub frees: u64,
    /// Bytes asked for.
    pub allocated_bytes: u64,
    /// Bytes given back.
    pub freed_bytes: u64,
}

impl Totals {
    /// Bytes in use: what was asked for, not what the allocator keeps for itself.
    #[must_use]
    pub const fn live_bytes(&self) -> u64 {
        self.allocated_bytes.saturating_sub(self.freed_bytes)
    }

    /// Allocations in use.
    #[must_use]
    pub const fn live_allocations(&self) -> u64 {
        self.allocations.saturating_sub(self.frees)
    }
}

/// What an [`ObservedAllocator`](crate::ObservedAllocator) has counted so far; all zero when there is none.
///
/// Exact for threads that rest; a thread that allocates meanwhile may be counted a moment before or after.
/// Cost: 272 cache lines are read.
#[must_use]
pub fn totals() -> Totals {
    let mut sum = Totals::default();
    // Frees first: a block that is freed while we read must have been counted as allocated.
    for slot in &SLOTS {
        sum.frees = sum.frees.wrapping_add(slot.frees.load(Ordering::Acquire));
        sum.freed_bytes = sum
            .freed_bytes
            .wrapping_add(slot.freed_bytes.load(Ordering::Acquire));
    }
    for slot in &SLOTS {
        sum.allocations = sum
            .allocations
            .wrapping_add(slot.allocations.load(Ordering::Relaxed));
        sum.allocated_bytes = sum
            .allocated_bytes
            .wrapping_add(slot.allocated_bytes.load(Ordering::Relaxed));
    }
    sum
}

/// Adds to a counter; without a read-modify-write when this thread alone writes it.
#[inline]
fn add(counter: &AtomicU64, amount: u64, alone: bool) {
    if alone {
        counter.store(
            counter.load(Ordering::Relaxed).wrapping_add(amount),
            Ordering::Release,
        );
    } else {
        counter.fetch_add(amount, Ordering::Release);
    }
}

#[inline]
fn number() -> u32 {
    let number = NUMBER.get();
    if number == UNSET { claim() } else { number }
}

#[cold]
fn claim() -> u32 {
    let mut number = THREADS.fetch_add(1, Ordering::Relaxed);
    if number == UNSET - 1 {
        // Four billion threads: stay in the shared part for ever.
        THREADS.store(u32::MAX / 2, Ordering::Relaxed);
        number = u32::MAX / 2;
    }
    NUMBER.set(number);
    number
}

#[inline]
fn slot() -> Option<(&'static Slot, bool)> {
    let number = number() as usize;
    let alone = number < OWN;
    let at = if alone { number } else { OWN + number % SHARED };
    SLOTS.get(at).map(|slot| (slot, alone))
}

/// Counts an allocation, and now and then fires it.
#[inline]
pub(crate) fn allocated(bytes: usize, align: usize, mean_bytes: u64, kind: &'static str) {
    if let Some((slot, alone)) = slot() {
        add(&slot.allocations, 1, alone);
        add(&slot.allocated_bytes, bytes as u64, alone);
    }
    let until = UNTIL
        .get()
        .saturating_sub(i64::try_from(bytes).unwrap_or(i64::MAX));
    UNTIL.set(until);
    if until <= 0 {
        sampled(bytes as u64, align as u64, mean_bytes, kind);
    }
}

/// Counts a free.
#[inline]
pub(crate) fn freed(bytes: usize) {
    if let Some((slot, alone)) = slot() {
        add(&slot.frees, 1, alone);
        add(&slot.freed_bytes, bytes as u64, alone);
    }
}

/// The countdown ran out: a sample, and a new countdown. A thread's very first countdown only starts the process.
#[cold]
fn sampled(bytes: u64, align: u64, mean_bytes: u64, kind: &'static str) {
    let first = SEED.get() == 0;
    let gap = exponential(uniform(), mean_bytes);
    UNTIL.set(gap);
    let taken = if first {
        gap <= i64::try_from(bytes).unwrap_or(i64::MAX)
    } else {
        true
    };
    if !taken || !ring::is_watched() {
        return;
    }
    ring::outside(|| {
        let estimated_bytes = estimate(bytes, mean_bytes);
        ring::push(Record::Allocation {
            time: ring::now_ns(),
            bytes,
            align,
            estimated_bytes,
            kind,
        });
    });
}

/// How many bytes a sampled allocation stands for: its size over the chance `1 - exp(-size / mean)` of being sampled.
fn estimate(bytes: u64, mean_bytes: u64) -> f64 {
    let chance = -(-(bytes as f64) / mean_bytes.max(1) as f64).exp_m1();
    if chance > 0.0 {
        bytes as f64 / chance
    } else {
        bytes as f64
    }
}

/// A number in (0, 1] of the thread's own xorshift64* generator (Vigna 2016), seeded by the thread's number.
fn uniform() -> f64 {
    let mut x = SEED.get();
    if x == 0 {
        x = u64::from(number())
            .wrapping_add(1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            | 1;
    }
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    SEED.set(x);
    ((x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 + 1.0) / (1_u64 << 53) as f64
}

/// An exponential gap: allocations are sampled as a Poisson process over bytes, so that no pattern hides.
fn exponential(uniform: f64, mean_bytes: u64) -> i64 {
    let gap = -uniform.ln() * mean_bytes.max(1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and 2^62 bytes are never counted down"
    )]
    let gap = gap.min(4.0e18) as i64;
    gap.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_exponential() {
        let n = 100_000;
        let gaps: Vec<f64> = (0..n)
            .map(|_| exponential(uniform(), 1000) as f64)
            .collect();
        let mean = gaps.iter().sum::<f64>() / f64::from(n);
        assert!((mean - 1000.0).abs() < 20.0, "{mean}");
        let over = gaps.iter().filter(|gap| **gap > 1000.0).count() as f64 / f64::from(n);
        assert!((over - (-1.0_f64).exp()).abs() < 0.01, "{over}");
    }

    #[test]
    fn an_estimate_is_unbiased() {
        assert!((estimate(1 << 30, 1024) - (1_u64 << 30) as f64).abs() < 1.0);
        let small = estimate(1, 1 << 20);
        assert!((small - (1 << 20) as f64).abs() < 2.0, "{small}");
    }

    #[test]
    fn totals_add_up_over_threads() {
        let before = totals();
        let threads: Vec<_> = (0..OWN + 50)
            .map(|_| {
                std::thread::spawn(|| {
                    allocated(100, 8, 1 << 20, "alloc");
                    allocated(50, 8, 1 << 20, "alloc");
                    freed(100);
                })
            })
            .collect();
        let n = threads.len() as u64;
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        let after = totals();
        assert_eq!(after.allocations - before.allocations, 2 * n);
        assert_eq!(after.live_bytes() - before.live_bytes(), 50 * n);
        assert_eq!(after.live_allocations() - before.live_allocations(), n);
    }
}
