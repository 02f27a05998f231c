//! Memory attribution, and what the steady path allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;

use voidstate_core::{Attributes, ManualClock, Next, Overflow, SeriesId, Timestamp};
use voidstate_runtime::Engine;
use voidstate_runtime::memory::{Attributing, Owner, outside};

use super::kit::{FnSource, FnTool, info};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static OBSERVER: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// Runs `work` with `observer` called at each allocation that this thread makes, but for those of the observer itself.
pub(crate) fn observing_allocations<R>(observer: fn(), work: impl FnOnce() -> R) -> R {
    OBSERVER.set(Some(observer));
    let result = work();
    OBSERVER.set(None);
    result
}

/// Counts the allocations of each thread, and tells its observer.
struct Counting;

fn allocated() {
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
    let _ = OBSERVER.try_with(|cell| {
        if let Some(observer) = cell.take() {
            observer();
            cell.set(Some(observer));
        }
    });
}

// SAFETY: hands everything on to `System` unchanged; what else it does uses thread-local `Cell`s without destructor.
#[expect(unsafe_code, reason = "a global allocator that counts")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocated();
        // SAFETY: the caller's promises are `System`'s.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        allocated();
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Attributing<Counting> = Attributing::new(Counting);

#[test]
fn memory_goes_back_to_its_owner_from_any_thread() {
    let (a, b) = (Owner::claim().unwrap(), Owner::claim().unwrap());
    let entered = a.enter();
    let mut list: Vec<u64> = Vec::with_capacity(1000);
    drop(entered);
    assert_eq!(a.live_bytes(), 8000);
    // Another owner makes it larger: it stays the first one's.
    let entered = b.enter();
    list.reserve_exact(2000);
    drop(entered);
    assert_eq!((a.live_bytes(), b.live_bytes()), (16_000, 0));
    // Nobody's block, made larger under an owner, becomes the owner's.
    let mut nobodys: Vec<u8> = Vec::with_capacity(10);
    let entered = b.enter();
    nobodys.reserve_exact(100);
    let free = outside();
    let not_charged = vec![0_u8; 500];
    drop(free);
    drop(entered);
    assert_eq!(b.live_bytes(), 100);
    let (to, from) = channel::<Vec<u64>>();
    let freeing = std::thread::spawn(move || from.into_iter().for_each(drop));
    to.send(list).unwrap();
    drop(to);
    freeing.join().unwrap();
    assert_eq!(a.live_bytes(), 0);
    drop((nobodys, not_charged));
    assert_eq!(b.live_bytes(), 0);
}

/// The path from the source through the hook and two tools to the sink, on one thread, where every allocation is seen.
#[test]
fn the_steady_path_allocates_nothing() {
    const WARM: u64 = 50;
    static BEFORE: AtomicU64 = AtomicU64::new(0);
    static AFTER: AtomicU64 = AtomicU64::new(0);
    let mut ids: Vec<SeriesId> = Vec::new();
    let mut polls = 0;
    let source = FnSource::boxed(Overflow::Wait, move |_, out| {
        if ids.is_empty() {
            ids = (0..1000)
                .map(|i| out.series(&info(&format!("m.{i}"))))
                .collect();
        }
        if polls == WARM {
            BEFORE.store(ALLOCATIONS.with(std::cell::Cell::get), Ordering::SeqCst);
        }
        for id in &ids {
            out.sample(*id, Timestamp::from_secs(0), 1.0);
        }
        polls += 1;
        if polls == 4 * WARM {
            AFTER.store(ALLOCATIONS.with(std::cell::Cell::get), Ordering::SeqCst);
            return Ok(Next::Done);
        }
        Ok(Next::Now)
    });
    let speaking = FnTool::new("speaking", &[], |call, _, ctx| {
        ctx.output(voidstate_core::Output {
            name: "call",
            value: (call as f64).into(),
        });
        Ok(())
    })
    .share();
    let whom = super::kit::id("speaking");
    let hearing = FnTool::new("hearing", &[], move |_, _, ctx| {
        assert_eq!(ctx.dependency(&whom)?.outputs.len(), 1);
        Ok(())
    })
    .meta(|meta| meta.dependencies = vec![super::kit::id("speaking")])
    .share();
    let engine = Engine::builder()
        .clock(std::sync::Arc::new(ManualClock::new(Timestamp::from_secs(
            1,
        ))))
        .source(source)
        .sink(Box::new(Quiet))
        .tool(speaking, Attributes::new())
        .tool(hearing, Attributes::new())
        .build()
        .unwrap();
    let report = engine.run_inline();
    assert_eq!(report.stats.delivered, 4 * WARM * 1000);
    assert!(report.stats.tools.iter().all(|t| t.errors + t.panics == 0));
    let allocations = AFTER.load(Ordering::SeqCst) - BEFORE.load(Ordering::SeqCst);
    assert_eq!(allocations, 0, "over {} samples", 3 * WARM * 1000);
}

struct Quiet;

impl voidstate_core::Sink for Quiet {
    fn name(&self) -> &str {
        "quiet"
    }

    fn points(
        &mut self,
        _: &[voidstate_core::Point],
        _: &dyn voidstate_core::Catalogue,
    ) -> voidstate_core::Result<()> {
        Ok(())
    }

    fn finding(&mut self, _: &voidstate_core::Finding) -> voidstate_core::Result<()> {
        Ok(())
    }
}
