//! The cost of a firing grows in proportion to its callbacks.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use voidstate_properties::growth::{Growth, Tolerance, minimum_of};
use voidstate_runtime::HookBus;

use super::{name, placed};

const CALLBACKS: [u64; 8] = [1, 2, 5, 10, 20, 40, 70, 100];

/// CPU time of this thread in nanoseconds.
fn cpu_ns() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}

fn bus(callbacks: u64) -> (HookBus<u64>, Arc<AtomicU64>) {
    let (bus, calls) = (HookBus::new(), Arc::new(AtomicU64::new(0)));
    for number in 0..callbacks {
        let calls = Arc::clone(&calls);
        // Priorities and orderings must cost nothing once a list is made.
        let priority = i32::try_from(number * 7 % 5).unwrap();
        let after = if number > 0 { &["t0"][..] } else { &[] };
        bus.subscribe(
            placed(&format!("t{number}"), "a", priority, after),
            move |_| {
                calls.fetch_add(1, Ordering::Relaxed);
            },
        )
        .unwrap();
    }
    (bus, calls)
}

#[test]
fn a_firing_calls_each_callback_once() {
    let measured = minimum_of(&CALLBACKS, 1, |callbacks| {
        let (bus, calls) = bus(callbacks);
        let hook = bus.declare(&name("a"));
        (0..50).for_each(|payload| hook.fire(&payload));
        calls.load(Ordering::Relaxed) as f64
    })
    .unwrap();
    let growth = Growth::of(&measured).unwrap();
    assert!(growth.is_at_most_linear(Tolerance::EXACT), "{growth:?}");
    assert!(
        (growth.per_unit - 50.0).abs() < 1e-6 && growth.fixed < 1e-6,
        "{growth:?}"
    );
}

#[test]
fn the_cost_of_a_firing_grows_with_its_callbacks_and_no_faster() {
    let buses = CALLBACKS.map(|callbacks| (callbacks, bus(callbacks).0));
    let measured = minimum_of(&CALLBACKS, 60, |callbacks| {
        let (_, bus) = buses.iter().find(|(count, _)| *count == callbacks).unwrap();
        let hook = bus
            .hook(&name("a"))
            .unwrap_or_else(|| bus.declare(&name("a")));
        // As many calls for each size, so that every window is as long.
        let firings = 4000 / callbacks;
        let start = cpu_ns();
        (0..firings).for_each(|payload| hook.fire(&payload));
        (cpu_ns() - start) / firings as f64
    })
    .unwrap();
    let growth = Growth::of(&measured).unwrap();
    assert!(
        growth.is_at_most_linear(Tolerance::TIMED),
        "{growth:?} of {measured:?}"
    );
}

/// A bus that looks through all callbacks before each call, to see who comes before whom.
struct Quadratic {
    priorities: Vec<u64>,
    looks: Cell<u64>,
}

impl Quadratic {
    fn fire(&self) -> u64 {
        let mut called = 0;
        for place in 0..self.priorities.len() {
            let mut before = 0_usize;
            for (number, priority) in self.priorities.iter().enumerate() {
                self.looks.set(self.looks.get() + 1);
                let mine = std::hint::black_box(self.priorities[place]);
                before += usize::from((*priority, number) < (mine, place));
            }
            called += u64::from(std::hint::black_box(before) < self.priorities.len());
        }
        called
    }
}

#[test]
fn a_planted_quadratic_bus_is_flagged() {
    let bus = |callbacks: u64| Quadratic {
        priorities: (0..callbacks).map(|number| number * 7 % 5).collect(),
        looks: Cell::new(0),
    };
    let looks = minimum_of(&CALLBACKS, 1, |callbacks| {
        let bus = bus(callbacks);
        assert_eq!(bus.fire(), callbacks);
        bus.looks.get() as f64
    });
    let growth = Growth::of(&looks.unwrap()).unwrap();
    assert!(!growth.is_at_most_linear(Tolerance::EXACT), "{growth:?}");
    let times = minimum_of(&CALLBACKS, 60, |callbacks| {
        let bus = bus(callbacks);
        let firings = 1 + 4000 / (callbacks * callbacks);
        let start = cpu_ns();
        (0..firings).for_each(|_| assert_eq!(bus.fire(), callbacks));
        (cpu_ns() - start) / firings as f64
    });
    let growth = Growth::of(&times.unwrap()).unwrap();
    assert!(!growth.is_at_most_linear(Tolerance::TIMED), "{growth:?}");
}
