//! Firing, registering and taking out from several threads.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use voidstate_runtime::{Hook, HookBus, Waited};

use super::{name, spec};

struct Capture {
    dropped: Arc<AtomicUsize>,
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

/// After `wait` there is no late call, and captures were dropped exactly once.
#[test]
fn no_call_comes_after_the_wait_and_captures_are_dropped_once() {
    const ROUNDS: usize = 400;
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    bus.subscribe(spec("always", "a"), |_| {}).unwrap();
    let stop = AtomicBool::new(false);
    let late = Arc::new(AtomicUsize::new(0));
    let called = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    hook.fire(&1);
                }
            });
        }
        let registering = [(); 2].map(|()| {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    let over = Arc::new(AtomicBool::new(false));
                    let dropped = Arc::new(AtomicUsize::new(0));
                    let capture = Capture {
                        dropped: Arc::clone(&dropped),
                    };
                    let (over_seen, late, called) =
                        (Arc::clone(&over), Arc::clone(&late), Arc::clone(&called));
                    let id = bus.subscribe(spec("x", "*"), move |_| {
                        let _ = &capture;
                        called.fetch_add(1, Ordering::Relaxed);
                        if over_seen.load(Ordering::SeqCst) {
                            late.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                    std::thread::yield_now();
                    let ticket = bus.unregister(id.unwrap()).unwrap();
                    assert_eq!(ticket.wait(), Waited::Finished);
                    over.store(true, Ordering::SeqCst);
                    assert_eq!(dropped.load(Ordering::SeqCst), 1);
                }
            })
        });
        let results = registering.map(|thread| thread.join());
        while called.load(Ordering::Relaxed) == 0 && results.iter().all(Result::is_ok) {
            let called = Arc::clone(&called);
            let id = bus.subscribe(spec("x", "a"), move |_| {
                called.fetch_add(1, Ordering::Relaxed);
            });
            std::thread::sleep(Duration::from_millis(1));
            assert_eq!(
                bus.unregister(id.unwrap()).unwrap().wait(),
                Waited::Finished
            );
        }
        stop.store(true, Ordering::Relaxed);
        for result in results {
            result.unwrap();
        }
    });
    assert_eq!(late.load(Ordering::SeqCst), 0);
}

#[test]
fn a_wait_lasts_as_long_as_the_call_that_is_under_way() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    let other = bus.declare(&name("b"));
    let (entered, on_entry) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let dropped = Arc::new(AtomicUsize::new(0));
    let capture = Capture {
        dropped: Arc::clone(&dropped),
    };
    let id = bus.subscribe(spec("x", "a"), move |_| {
        let _ = &capture;
        entered.send(()).unwrap();
        let _ = released.lock().unwrap().recv();
    });
    std::thread::scope(|scope| {
        scope.spawn(|| hook.fire(&1));
        on_entry.recv().unwrap();
        let ticket = bus.unregister(id.unwrap()).unwrap();
        assert!(!hook.is_active());
        assert_eq!(
            ticket.wait_timeout(Duration::from_millis(20)),
            Waited::TimedOut
        );
        assert_eq!(dropped.load(Ordering::SeqCst), 0);
        // A call that hangs at one hook keeps nobody else waiting.
        let quick = bus.subscribe(spec("y", "b"), |_| {}).unwrap();
        other.fire(&1);
        assert_eq!(bus.unregister(quick).unwrap().wait(), Waited::Finished);
        release.send(()).unwrap();
        assert_eq!(ticket.wait(), Waited::Finished);
        assert_eq!(dropped.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn counts_outlive_their_threads() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    for callbacks in 1..40 {
        bus.subscribe(spec("x", "a"), |_| {}).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..10).for_each(|payload| hook.fire(&payload)));
            }
        });
        let infos = bus.callbacks(hook.id()).unwrap();
        assert_eq!(bus.list()[0].fired, callbacks * 20);
        for (position, info) in (0..).zip(&infos) {
            assert_eq!(info.calls, (callbacks - position) * 20);
        }
    }
}

#[test]
fn a_new_callback_never_inherits_counts() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    for round in 0..300_u64 {
        let id = bus.subscribe(spec("x", "a"), |_| {}).unwrap();
        assert_eq!(bus.callbacks(hook.id()).unwrap()[0].calls, 0, "{round}");
        hook.fire(&round);
        assert_eq!(bus.callbacks(hook.id()).unwrap()[0].calls, 1, "{round}");
        drop(bus.unregister(id).unwrap());
    }
    assert_eq!(bus.list()[0].fired, 300);
}

struct FiresAtExit(Hook<u64>);

impl Drop for FiresAtExit {
    fn drop(&mut self) {
        self.0.fire(&7);
    }
}

thread_local! {
    static AT_EXIT: std::cell::RefCell<Option<FiresAtExit>> = const { std::cell::RefCell::new(None) };
}

/// Whether the thread's own slot is still there or not when a destructor fires.
#[test]
fn a_destructor_of_a_thread_local_may_fire() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    bus.subscribe(spec("x", "a"), |_| {}).unwrap();
    for fires_first in [true, false] {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                if fires_first {
                    hook.fire(&1);
                }
                AT_EXIT.with(|cell| *cell.borrow_mut() = Some(FiresAtExit(hook.clone())));
                hook.fire(&1);
            });
        });
    }
    // The scope does not wait for destructors of thread locals.
    for _ in 0..1000 {
        if bus.list()[0].fired == 5 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(bus.list()[0].fired, 5);
    let id = bus.callbacks(hook.id()).unwrap()[0].id;
    assert_eq!(bus.unregister(id).unwrap().wait(), Waited::Finished);
}

#[test]
fn a_storm_of_registrations_frees_what_it_replaces() {
    let bus = HookBus::<u64>::new();
    let hook = bus.declare(&name("a"));
    let alive = Arc::new(());
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                hook.fire(&1);
            }
        });
        for _ in 0..5000 {
            let held = Arc::clone(&alive);
            let id = bus.subscribe(spec("x", "a"), move |_| {
                let _ = &held;
            });
            drop(bus.unregister(id.unwrap()).unwrap());
            assert!(Arc::strong_count(&alive) < 200, "captures pile up");
        }
        stop.store(true, Ordering::Relaxed);
    });
    drop(bus);
    assert_eq!(Arc::strong_count(&alive), 1);
}
