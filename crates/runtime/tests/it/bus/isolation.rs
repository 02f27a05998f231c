//! Callbacks that panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use voidstate_runtime::{HookBus, Waited};

use super::{name, spec};

/// Enough firings to meet both the sampled and the plain path.
const FIRINGS: u64 = 1000;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[test]
fn a_panic_is_kept_with_its_message_and_the_next_callback_is_called() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    let calls = Arc::new(AtomicUsize::new(0));
    bus.subscribe(spec("bad", "a"), |payload| panic!("payload {payload}"))
        .unwrap();
    let counted = Arc::clone(&calls);
    bus.subscribe(spec("good", "a"), move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    bus.subscribe(spec("worse", "a"), |_| std::panic::panic_any(Bomb))
        .unwrap();
    bus.subscribe(spec("number", "a"), |_| std::panic::panic_any(7_u8))
        .unwrap();
    for payload in 0..FIRINGS {
        hook.fire(&payload);
    }
    assert_eq!(calls.load(Ordering::Relaxed) as u64, FIRINGS);
    let infos = bus.callbacks(hook.id()).unwrap();
    let owners: Vec<&str> = infos.iter().map(|info| info.owner.as_str()).collect();
    assert_eq!(owners, ["bad", "good", "worse", "number"]);
    assert!(infos.iter().all(|info| info.calls == FIRINGS));
    let panics: Vec<u64> = infos.iter().map(|info| info.panics).collect();
    assert_eq!(panics, [FIRINGS, 0, FIRINGS, FIRINGS]);
    assert_eq!(infos[0].last_panic.as_deref(), Some("payload 999"));
    assert_eq!(infos[1].last_panic, None);
    assert_eq!(
        infos[3].last_panic.as_deref(),
        Some("a panic whose payload is no text")
    );
    assert_eq!(bus.list()[0].fired, FIRINGS);
}

#[test]
fn a_lone_callback_that_panics_is_counted_each_time() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    bus.subscribe(spec("bad", "a"), |payload| panic!("payload {payload}"))
        .unwrap();
    for payload in 0..FIRINGS {
        hook.fire(&payload);
    }
    let infos = bus.callbacks(hook.id()).unwrap();
    assert_eq!((infos[0].calls, infos[0].panics), (FIRINGS, FIRINGS));
    assert_eq!(infos[0].last_panic.as_deref(), Some("payload 999"));
    assert_eq!(bus.list()[0].fired, FIRINGS);
}

#[test]
fn captures_whose_drop_panics_do_not_escape() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    let bomb = Bomb;
    let id = bus.subscribe(spec("x", "a"), move |_| {
        let _ = &bomb;
    });
    hook.fire(&0);
    let ticket = bus.unregister(id.unwrap()).unwrap();
    assert_eq!(ticket.wait(), Waited::Finished);
    let bomb = Bomb;
    bus.subscribe(spec("x", "a"), move |_| {
        let _ = &bomb;
    })
    .unwrap();
    drop(bus);
    hook.fire(&0);
}

#[test]
fn sampled_latencies_are_of_the_right_size() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    bus.subscribe(spec("slow", "a"), |_| {
        std::thread::sleep(std::time::Duration::from_millis(3));
    })
    .unwrap();
    bus.subscribe(spec("fast", "a"), |_| {}).unwrap();
    hook.fire(&0);
    let infos = bus.callbacks(hook.id()).unwrap();
    assert_eq!((infos[0].latency.samples, infos[1].latency.samples), (1, 1));
    assert!(
        infos[0].latency.p50_ns >= 3_000_000,
        "{:?}",
        infos[0].latency
    );
    assert!(
        infos[1].latency.max_ns < 3_000_000,
        "{:?}",
        infos[1].latency
    );
}
