//! An allocator that counts, per thread, what is held and the most that was.

#![expect(
    clippy::disallowed_methods,
    reason = "threads of their own show whose memory is counted"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Instant;

use voidstate_dependent::{Meter, Spent};

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    static MOST: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

fn count(bytes: i64) {
    // A thread that ends may free after its counters are gone; nobody measures it then.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[expect(unsafe_code, reason = "an allocator cannot be written otherwise")]
// SAFETY: every call goes to the system's allocator unchanged; the counters neither allocate nor panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `GlobalAlloc`, which is the system allocator's too.
        let block = unsafe { System.alloc(layout) };
        if !block.is_null() {
            count(signed(layout.size()));
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Measures the calling thread.
#[derive(Debug)]
pub(crate) struct ThreadMeter {
    held: i64,
    since: Instant,
}

impl ThreadMeter {
    pub(crate) fn new() -> Self {
        Self {
            held: 0,
            since: Instant::now(),
        }
    }
}

impl Meter for ThreadMeter {
    fn start(&mut self) {
        self.held = HELD.get();
        MOST.set(self.held);
        self.since = Instant::now();
    }

    fn stop(&mut self) -> Spent {
        let nanos = self.since.elapsed().as_nanos();
        Spent {
            ram_bytes: MOST.get().saturating_sub(self.held).unsigned_abs(),
            latency_ns: u64::try_from(nanos).unwrap_or(u64::MAX),
        }
    }
}
