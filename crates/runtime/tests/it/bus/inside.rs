//! Firings while the bus is being changed by the same thread.

use std::hint::black_box;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use voidstate_runtime::{Hook, HookBus};

use super::{name, spec};
use crate::engine::memory::observing_allocations;

static HOOK: OnceLock<Hook<u64>> = OnceLock::new();
static FIRINGS: AtomicU64 = AtomicU64::new(0);
static CALLS: AtomicU64 = AtomicU64::new(0);

fn fire() {
    if let Some(hook) = HOOK.get() {
        FIRINGS.fetch_add(1, Ordering::Relaxed);
        hook.fire(&1);
    }
}

fn counts() -> (u64, u64) {
    (
        FIRINGS.load(Ordering::Relaxed),
        CALLS.load(Ordering::Relaxed),
    )
}

#[test]
fn an_allocator_that_fires_inside_the_bus_is_counted_as_missed() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("allocator.alloc"));
    let id = hook.id();
    bus.subscribe(spec("counter", "allocator.*"), |_| {
        CALLS.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    HOOK.get_or_init(|| hook);

    let boxed = observing_allocations(fire, || black_box(Box::new(7)));
    assert_eq!((*boxed, counts()), (7, (1, 1)));
    assert_eq!(bus.missed(id).unwrap(), 0, "outside the bus it is called");

    let listed = observing_allocations(fire, || bus.list());
    assert_eq!(listed.len(), 1);
    let (firings, calls) = counts();
    let missed = bus.missed(id).unwrap();
    assert!(missed > 0, "listing allocates under the lock");
    assert_eq!(firings, calls + missed, "nothing is lost uncounted");

    fire();
    assert_eq!(counts(), (firings + 1, calls + 1), "and it goes on");
    assert_eq!(bus.missed(id).unwrap(), missed);
}
