//! Callbacks that use the bus.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use voidstate_runtime::{CallbackId, Hook, HookBus, Ticket, Waited};

use super::{Log, name, spec};

#[test]
fn a_callback_may_subscribe_declare_fire_and_unregister_itself() {
    let bus = HookBus::<u32>::new();
    let hook = bus.declare(&name("a"));
    let log = Log::default();
    let own: Arc<Mutex<Option<CallbackId>>> = Arc::default();
    let ticket: Arc<Mutex<Option<Ticket>>> = Arc::default();
    let capture = Arc::new(());
    let callback = {
        let (bus, log, own, ticket) = (
            bus.clone(),
            log.clone(),
            Arc::clone(&own),
            Arc::clone(&ticket),
        );
        let capture = Arc::clone(&capture);
        move |payload: &u32| {
            let _ = &capture;
            log.push(format!("once {payload}"));
            let inner = log.clone();
            bus.subscribe(spec("y", "*"), move |p| inner.push(format!("later {p}")))
                .unwrap();
            bus.declare(&name("b")).fire(&(payload + 10));
            if let Some(id) = own.lock().unwrap().take() {
                let given = bus.unregister(id).unwrap();
                assert_eq!(given.wait(), Waited::Deferred);
                assert_eq!(
                    given.wait_timeout(std::time::Duration::MAX),
                    Waited::Deferred
                );
                *ticket.lock().unwrap() = Some(given);
            }
        }
    };
    let id = bus.subscribe(spec("x", "a"), callback).unwrap();
    *own.lock().unwrap() = Some(id);
    hook.fire(&1);
    assert_eq!(log.take(), ["once 1", "later 11"]);
    let ticket = ticket.lock().unwrap().take().unwrap();
    assert!(
        ticket.is_finished(),
        "the firing thread drops the captures when it is done"
    );
    assert_eq!(Arc::strong_count(&capture), 1);
    hook.fire(&2);
    assert_eq!(log.take(), ["later 2"]);
}

#[test]
fn firings_nest_deeper_than_a_slot_announces() {
    let bus = HookBus::<u32>::new();
    let hook = bus.declare(&name("a"));
    let calls = Arc::new(AtomicUsize::new(0));
    let (again, counted): (Hook<u32>, _) = (hook.clone(), Arc::clone(&calls));
    bus.subscribe(spec("x", "a"), move |left| {
        counted.fetch_add(1, Ordering::Relaxed);
        if *left > 0 {
            again.fire(&(left - 1));
        }
    })
    .unwrap();
    hook.fire(&40);
    hook.fire(&40);
    assert_eq!(calls.load(Ordering::Relaxed), 82);
    assert_eq!(bus.list()[0].fired, 82);
    let id = bus.callbacks(hook.id()).unwrap()[0].id;
    assert_eq!(bus.unregister(id).unwrap().wait(), Waited::Finished);
}

#[test]
fn two_callbacks_that_wait_for_each_other_do_not_deadlock() {
    let bus = HookBus::<u32>::new();
    let (a, b) = (bus.declare(&name("a")), bus.declare(&name("b")));
    let met = Arc::new(Barrier::new(2));
    let ids: Arc<Mutex<Vec<CallbackId>>> = Arc::default();
    let callback = |other: usize| {
        let (bus, met, ids) = (bus.clone(), Arc::clone(&met), Arc::clone(&ids));
        move |_: &u32| {
            met.wait();
            let id = ids.lock().unwrap()[other];
            let ticket = bus.unregister(id).unwrap();
            met.wait();
            let _ = ticket.wait();
            met.wait();
        }
    };
    let first = bus.subscribe(spec("x", "a"), callback(1)).unwrap();
    let second = bus.subscribe(spec("y", "b"), callback(0)).unwrap();
    *ids.lock().unwrap() = vec![first, second];
    std::thread::scope(|scope| {
        scope.spawn(|| a.fire(&0));
        scope.spawn(|| b.fire(&0));
    });
    assert!(!a.is_active() && !b.is_active());
}
