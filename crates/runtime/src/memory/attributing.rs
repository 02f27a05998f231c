//! The global allocator that charges blocks to their owners.
#![allow(
    unsafe_code,
    reason = "a global allocator cannot be written without it; everything unsafe of memory attribution is in this file"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

use super::{charge, current};

/// Bytes behind each block that hold its owner's number.
const TRAILER: usize = size_of::<u16>();

/// An allocator around `A` that charges each block to the owner that the allocating thread has entered.
///
/// A block stays on the account of the owner that allocated it, whoever frees it and wherever; a block of nobody that an
/// owner makes larger or smaller goes to that owner. Costs two bytes per block; without an owner one thread-local read
/// and one two-byte write per allocation, with one also an atomic addition.
///
/// ```
/// use voidstate_runtime::memory::{Attributing, Owner};
/// #[global_allocator]
/// static ALLOCATOR: Attributing = Attributing::system();
///
/// let owner = Owner::claim().expect("few owners here");
/// let entered = owner.enter();
/// let block = vec![0_u8; 1000];
/// drop(entered);
/// assert_eq!(owner.live_bytes(), 1000);
/// drop(block);
/// assert_eq!(owner.live_bytes(), 0);
/// ```
#[derive(Debug)]
pub struct Attributing<A = System>(A);

impl Attributing<System> {
    /// Around the system's allocator.
    #[must_use]
    pub const fn system() -> Self {
        Self(System)
    }
}

impl<A> Attributing<A> {
    /// Around `inner`.
    #[must_use]
    pub const fn new(inner: A) -> Self {
        Self(inner)
    }
}

/// The layout with room for the trailer; `None` when that is more than a layout can say.
fn extended(size: usize, align: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(TRAILER)?, align).ok()
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// # Safety
/// `block` is a live block of at least `size + TRAILER` bytes.
unsafe fn read_owner(block: *mut u8, size: usize) -> u16 {
    // SAFETY: the trailer lies inside the block by the caller's promise, was written by `write_owner` when the block was
    // made, and is read without regard to alignment.
    unsafe { block.add(size).cast::<u16>().read_unaligned() }
}

/// # Safety
/// `block` is a live block of at least `size + TRAILER` bytes, and nobody else uses the trailer.
unsafe fn write_owner(block: *mut u8, size: usize, owner: u16) {
    // SAFETY: the trailer lies inside the block by the caller's promise and is written without regard to alignment.
    unsafe { block.add(size).cast::<u16>().write_unaligned(owner) }
}

impl<A: GlobalAlloc> Attributing<A> {
    /// # Safety
    /// `block` is null or a fresh block of at least `size + TRAILER` bytes.
    unsafe fn adopt(block: *mut u8, size: usize) -> *mut u8 {
        if block.is_null() {
            return block;
        }
        let owner = current();
        // SAFETY: not null, so a fresh block of the promised size that nobody else knows yet.
        unsafe { write_owner(block, size, owner) };
        if owner != 0 {
            charge(owner, signed(size));
        }
        block
    }
}

// SAFETY: every block comes from `A` with the layout enlarged by the trailer and the alignment kept, and goes back to `A`
// with that same enlarged layout; callers see the first `size` bytes only. Nothing here allocates or unwinds: the owner
// is a thread-local `Cell` without destructor, the accounts are a static array.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Attributing<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(larger) = extended(layout.size(), layout.align()) else {
            return ptr::null_mut();
        };
        // SAFETY: `larger` has the trailer, so its size is not zero; the block, if any, has room for it.
        unsafe { Self::adopt(self.0.alloc(larger), layout.size()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(larger) = extended(layout.size(), layout.align()) else {
            return ptr::null_mut();
        };
        // SAFETY: as in `alloc`; the trailer behind the caller's bytes need not be zero.
        unsafe { Self::adopt(self.0.alloc_zeroed(larger), layout.size()) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(larger) = extended(layout.size(), layout.align()) else {
            return;
        };
        // SAFETY: the caller promises a live block of this allocator with this layout, hence with a trailer.
        let owner = unsafe { read_owner(block, layout.size()) };
        if owner != 0 {
            charge(owner, -signed(layout.size()));
        }
        // SAFETY: `larger` is the layout with which the block was allocated from `A`.
        unsafe { self.0.dealloc(block, larger) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size_new: usize) -> *mut u8 {
        let old = extended(layout.size(), layout.align());
        let new = extended(size_new, layout.align());
        let (Some(old), Some(new)) = (old, new) else {
            return ptr::null_mut();
        };
        // SAFETY: the caller promises a live block of this allocator with this layout, hence with a trailer.
        let before = unsafe { read_owner(block, layout.size()) };
        // SAFETY: `old` is the layout with which the block was allocated from `A`; the new size is not zero.
        let moved = unsafe { self.0.realloc(block, old, new.size()) };
        if moved.is_null() {
            return moved;
        }
        let after = if before == 0 { current() } else { before };
        // SAFETY: not null, so a live block of the new size with trailer.
        unsafe { write_owner(moved, size_new, after) };
        if before != 0 {
            charge(before, -signed(layout.size()));
        }
        if after != 0 {
            charge(after, signed(size_new));
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Owner;

    #[test]
    fn a_block_keeps_its_bytes_and_its_owner() {
        let allocator = Attributing::system();
        let owner = Owner::claim().unwrap();
        for align in [1, 2, 8, 64, 4096] {
            let layout = Layout::from_size_align(100, align).unwrap();
            // SAFETY: the layout is not empty; blocks are freed once with the layout they have then.
            unsafe {
                let entered = owner.enter();
                let block = allocator.alloc_zeroed(layout);
                drop(entered);
                assert!(!block.is_null() && block.addr().is_multiple_of(align));
                assert_eq!(owner.live_bytes(), 100);
                assert!((0..100).all(|i| block.add(i).read() == 0));
                ptr::write_bytes(block, 7, 100);
                let block = allocator.realloc(block, layout, 5000);
                assert_eq!(
                    owner.live_bytes(),
                    5000,
                    "nobody's thread enlarges the owner's block"
                );
                assert!((0..100).all(|i| block.add(i).read() == 7));
                let larger = Layout::from_size_align(5000, align).unwrap();
                allocator.dealloc(block, larger);
                assert_eq!(owner.live_bytes(), 0);
            }
        }
    }

    #[test]
    fn a_size_that_cannot_be_is_refused() {
        let layout = Layout::from_size_align(isize::MAX.unsigned_abs(), 1).unwrap();
        // SAFETY: the layout is not empty; null is checked.
        let block = unsafe { Attributing::system().alloc(layout) };
        assert!(block.is_null());
    }
}
