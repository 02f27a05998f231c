//! What a reader allocates, counted per thread so that tests beside it do not disturb.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Read;

use voidstate_file::{Options, Reader};

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static HELD: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

fn note(bytes: i64) {
    // During the end of a thread the counters are gone; such calls are nobody's.
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

#[allow(
    unsafe_code,
    reason = "an allocator cannot be counted without implementing its unsafe trait"
)]
// SAFETY: every call is handed unchanged to the system's allocator; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(i64::try_from(layout.size()).unwrap_or(0));
        // SAFETY: the caller keeps the contract of `alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        note(-i64::try_from(layout.size()).unwrap_or(0));
        // SAFETY: `at` came from `System.alloc` with this layout.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A long file that is never in memory: the same lines again and again.
struct Endless {
    lines: Vec<u8>,
    at: usize,
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let from = &self.lines[self.at..];
        let count = from.len().min(buf.len()).min(self.left);
        buf[..count].copy_from_slice(&from[..count]);
        self.at = (self.at + count) % self.lines.len();
        self.left -= count;
        Ok(count)
    }
}

fn endless(bytes: usize) -> Reader {
    let lines: String = (0..600)
        .map(|i| {
            format!(
                "2014-04-01 00:{:02}:{:02},h{},{i}.25,{}\n",
                i / 60,
                i % 60,
                i % 3,
                i * 7
            )
        })
        .collect();
    let lines = lines.into_bytes();
    let left = bytes / lines.len() * lines.len();
    Reader::from_stream(
        Endless { lines, at: 0, left },
        "endless",
        &Options::default(),
    )
    .unwrap()
}

fn peak_of(bytes: usize) -> i64 {
    let before = HELD.get();
    PEAK.set(before);
    let mut reader = endless(bytes);
    while reader.next_row().unwrap().is_some() {}
    assert!(reader.stats().bytes as usize > bytes - 100_000 && reader.stats().bad_rows == 0);
    PEAK.get() - before
}

#[test]
fn memory_is_constant() {
    let (small, large) = (peak_of(2 << 20), peak_of(32 << 20));
    assert!(
        large <= small + 4096,
        "{small} bytes for 2 MiB, {large} for 32 MiB"
    );
    assert!(large < 4 << 20, "{large}");
}

#[test]
fn rows_with_known_labels_allocate_nothing() {
    let mut reader = endless(4 << 20);
    for _ in 0..40_000 {
        reader.next_row().unwrap().unwrap();
    }
    let before = CALLS.get();
    for _ in 0..40_000 {
        reader.next_row().unwrap().unwrap();
    }
    assert_eq!(CALLS.get() - before, 0);
}
