//! What a caller sees from one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use voidstate_core::{HookId, Hooks};
use voidstate_runtime::{Error, HookBus, Waited};

use super::{Log, name, placed, spec};

fn bus() -> (HookBus<u32>, Log) {
    (HookBus::new(), Log::default())
}

fn record(log: &Log, text: &str) -> impl Fn(&u32) + Send + Sync + 'static {
    let (log, text) = (log.clone(), text.to_owned());
    move |payload| log.push(format!("{text}{payload}"))
}

#[test]
fn callbacks_are_called_by_priority_then_registration_then_after() {
    let (bus, log) = bus();
    let hook = bus.declare(&name("host.cpu"));
    bus.subscribe(placed("low", "host.*", -1, &[]), record(&log, "low"))
        .unwrap();
    bus.subscribe(
        placed("late", "host.cpu", 9, &["first"]),
        record(&log, "late"),
    )
    .unwrap();
    bus.subscribe(placed("one", "**", 0, &[]), record(&log, "one"))
        .unwrap();
    bus.subscribe(placed("two", "**", 0, &[]), record(&log, "two"))
        .unwrap();
    bus.subscribe(placed("first", "**", 0, &[]), record(&log, "first"))
        .unwrap();
    bus.subscribe(placed("else", "vm.*", 0, &[]), record(&log, "else"))
        .unwrap();
    hook.fire(&1);
    assert_eq!(log.take(), ["one1", "two1", "first1", "late1", "low1"]);
    let vm = bus.declare(&name("vm.cycle"));
    vm.fire(&2);
    assert_eq!(log.take(), ["one2", "two2", "first2", "else2"]);
    assert_eq!(bus.declare(&name("vm.cycle")).id(), vm.id());
    assert_eq!(bus.hook(&name("vm.cycle")).unwrap().name(), vm.name());
    assert!(bus.hook(&name("vm.other")).is_none());
}

#[test]
fn a_cycle_of_orderings_is_named_and_changes_nothing() {
    let (bus, log) = bus();
    let hook = bus.declare(&name("a"));
    bus.subscribe(placed("x", "a", 0, &["y"]), record(&log, "x"))
        .unwrap();
    bus.subscribe(placed("y", "b", 0, &["z"]), record(&log, "y"))
        .unwrap();
    let error = bus
        .subscribe(placed("z", "a", 0, &["x"]), record(&log, "z"))
        .unwrap_err();
    assert!(
        matches!(&error, Error::OrderingCycle { cycle } if *cycle == ["z", "x", "y", "z"]),
        "{error}"
    );
    let error = bus
        .subscribe(placed("w", "a", 0, &["w"]), record(&log, "w"))
        .unwrap_err();
    assert!(
        matches!(&error, Error::OrderingCycle { cycle } if *cycle == ["w", "w"]),
        "{error}"
    );
    hook.fire(&0);
    assert_eq!(log.take(), ["x0"]);
}

#[test]
fn a_missing_tool_is_an_error_where_asked_for() {
    let (bus, log) = bus();
    let strict = bus.subscribe_strict(placed("x", "a", 0, &["y"]), record(&log, "x"));
    let missing = |error: &Error| matches!(error, Error::OrderingMissing { owner, missing } if owner == "x" && missing == "y");
    assert!(missing(&strict.unwrap_err()));
    bus.subscribe(placed("x", "a", 0, &["y"]), record(&log, "x"))
        .unwrap();
    assert!(missing(&bus.check_orderings().unwrap_err()));
    bus.subscribe(placed("y", "b", 0, &[]), record(&log, "y"))
        .unwrap();
    bus.check_orderings().unwrap();
    bus.subscribe_strict(placed("x", "a", 0, &["y"]), record(&log, "x"))
        .unwrap();
}

#[test]
fn hooks_and_callbacks_can_be_switched() {
    let (bus, log) = bus();
    let hook = bus.declare(&name("a"));
    assert!(!hook.is_active());
    let x = bus.subscribe(spec("x", "a"), record(&log, "x")).unwrap();
    bus.subscribe(spec("y", "a"), record(&log, "y")).unwrap();
    hook.fire(&0);
    bus.set_callback_enabled(x, false).unwrap();
    hook.fire(&1);
    Hooks::set_enabled(&bus, hook.id(), false).unwrap();
    assert!(!hook.is_active());
    hook.fire(&2);
    bus.set_enabled(hook.id(), true).unwrap();
    bus.set_callback_enabled(x, true).unwrap();
    hook.fire(&3);
    assert_eq!(log.take(), ["x0", "y0", "y1", "x3", "y3"]);
    let info = Hooks::list(&bus);
    assert_eq!(
        (info[0].fired, info[0].callbacks, info[0].enabled),
        (3, 2, true)
    );
    let calls: Vec<u64> = bus
        .callbacks(hook.id())
        .unwrap()
        .iter()
        .map(|c| c.calls)
        .collect();
    assert_eq!(calls, [2, 3]);
    assert!(matches!(
        bus.callbacks(HookId(7)),
        Err(Error::HookUnknown { id: 7 })
    ));
    assert!(matches!(
        Hooks::set_enabled(&bus, HookId(7), true),
        Err(voidstate_core::Error::Missing { kind: "hook", .. })
    ));
}

#[test]
fn an_unregistered_callback_is_gone_and_its_captures_are_dropped_once() {
    let (bus, _) = bus();
    let hook = bus.declare(&name("a"));
    bus.declare(&name("b"));
    let capture = Arc::new(());
    let calls = Arc::new(AtomicUsize::new(0));
    let id = {
        let (capture, calls) = (Arc::clone(&capture), Arc::clone(&calls));
        bus.subscribe(spec("x", "*"), move |_| {
            let _ = &capture;
            calls.fetch_add(1, Ordering::Relaxed);
        })
    };
    let id = id.unwrap();
    hook.fire(&0);
    let ticket = bus.unregister(id).unwrap();
    hook.fire(&0);
    assert_eq!(ticket.wait(), Waited::Finished);
    assert_eq!(
        (Arc::strong_count(&capture), calls.load(Ordering::Relaxed)),
        (1, 1)
    );
    assert!(matches!(
        bus.unregister(id),
        Err(Error::CallbackUnknown { .. })
    ));
    assert!(matches!(
        bus.set_callback_enabled(id, true),
        Err(Error::CallbackUnknown { .. })
    ));
}

#[test]
fn a_dropped_bus_drops_its_callbacks_and_leaves_hooks_silent() {
    let (bus, log) = bus();
    let hook = bus.declare(&name("a"));
    let capture = Arc::new(());
    let (held, again) = (Arc::clone(&capture), hook.clone());
    let record = record(&log, "x");
    bus.subscribe(spec("x", "a"), move |payload| {
        let _ = (&held, &again);
        record(payload);
    })
    .unwrap();
    hook.fire(&0);
    drop(bus);
    assert_eq!(Arc::strong_count(&capture), 1);
    assert!(!hook.is_active());
    hook.fire(&1);
    assert_eq!(log.take(), ["x0"]);
}
