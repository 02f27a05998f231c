//! The allocator wrapper: the one module with unsafe code, because `GlobalAlloc` is an unsafe trait.

use std::alloc::{GlobalAlloc, Layout, System};

use crate::memory;

/// Mean bytes between two sampled allocations.
pub const SAMPLE_EVERY_BYTES: u64 = 512 << 10;

/// An allocator that counts what passes through it and fires `memory.after_allocation` for a sample of it.
///
/// Sampling is a Poisson process over bytes with one generator per thread: an allocation of `s` bytes is fired with
/// chance `1 - exp(-s / mean)`, and its `estimated_bytes` is the unbiased weight. Live bytes and allocations become
/// samples once a second. Nothing is fired from inside the crate itself, and nothing here allocates.
///
/// Cost: six relaxed or release accesses of the thread's own cache lines per allocation, no read-modify-write for the
/// first 256 threads of a process.
///
/// ```
/// use voidstate_embed::{ObservedAllocator, memory_totals};
///
/// #[global_allocator]
/// static ALLOCATOR: ObservedAllocator = ObservedAllocator::new();
///
/// let before = memory_totals();
/// let block = vec![0_u8; 1000];
/// assert!(memory_totals().live_bytes() >= before.live_bytes() + 1000);
/// # drop(block);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ObservedAllocator<A = System> {
    inner: A,
    mean_bytes: u64,
}

impl ObservedAllocator {
    /// Around the system's allocator.
    #[must_use]
    pub const fn new() -> Self {
        Self::around(System)
    }
}

impl Default for ObservedAllocator {
    fn default() -> Self {
        Self::new()
    }
}

impl<A> ObservedAllocator<A> {
    /// Around another allocator.
    #[must_use]
    pub const fn around(inner: A) -> Self {
        Self {
            inner,
            mean_bytes: SAMPLE_EVERY_BYTES,
        }
    }

    /// Samples once in `mean_bytes` on average; 0 and 1 sample nearly everything.
    #[must_use]
    pub const fn sample_every_bytes(mut self, mean_bytes: u64) -> Self {
        self.mean_bytes = mean_bytes;
        self
    }
}

#[allow(
    unsafe_code,
    reason = "GlobalAlloc is an unsafe trait; every call is handed on unchanged"
)]
// SAFETY: every method hands its arguments to the inner allocator unchanged and returns its answer unchanged, so that
// the inner allocator's promises are this one's. The counting neither allocates nor unwinds: it reads thread locals
// that are plain numbers without destructors, atomics, the clock and a ring whose slots were made beforehand.
unsafe impl<A: GlobalAlloc> GlobalAlloc for ObservedAllocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`, and it is the same contract.
        let block = unsafe { self.inner.alloc(layout) };
        if !block.is_null() {
            memory::allocated(layout.size(), layout.align(), self.mean_bytes, "alloc");
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        memory::freed(layout.size());
        // SAFETY: the block came from the inner allocator with this layout, as the caller promises of this one.
        unsafe { self.inner.dealloc(block, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as for `alloc`.
        let block = unsafe { self.inner.alloc_zeroed(layout) };
        if !block.is_null() {
            memory::allocated(
                layout.size(),
                layout.align(),
                self.mean_bytes,
                "alloc_zeroed",
            );
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: as for `dealloc`; the new size is handed on as the caller promises it.
        let new = unsafe { self.inner.realloc(block, layout, new_size) };
        if !new.is_null() {
            memory::freed(layout.size());
            memory::allocated(new_size, layout.align(), self.mean_bytes, "realloc");
        }
        new
    }
}
