//! Peer: tracing (events without and with a no-op subscriber), and a bare `Vec<Arc<dyn Fn>>` loop.
//!
//! CPU time of the firing thread throughout. The two thread figures use it too: what two threads would do to each other
//! (a shared cache line, a lock) shows as CPU time per firing, while a core that other work takes does not.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use voidstate_benches::{
    Plan, calibration_loop_ns, median, pair, plan, report_fact, report_pair, report_ratio, single,
    thread_cpu_time,
};
use voidstate_core::{HookName, HookPattern, ToolId};
use voidstate_runtime::{CallbackSpec, Hook, HookBus};

const CRATE: &str = "runtime";

type Bare = Vec<Arc<dyn Fn(&u64) + Send + Sync>>;

fn spec() -> CallbackSpec {
    let owner = ToolId::new("bench").expect("valid");
    CallbackSpec::new(owner, HookPattern::new("bench.*").expect("valid"))
}

fn hook_with(callbacks: u64) -> (HookBus<u64>, Hook<u64>) {
    let bus = HookBus::new();
    let hook = bus.declare(&HookName::new("bench.hook").expect("valid"));
    for _ in 0..callbacks {
        bus.subscribe(spec(), |payload: &u64| {
            black_box(payload);
        })
        .expect("no orderings");
    }
    (bus, hook)
}

fn bare_with(callbacks: u64) -> Bare {
    (0..callbacks)
        .map(|_| {
            Arc::new(|payload: &u64| {
                black_box(payload);
            }) as _
        })
        .collect()
}

/// What the disassembly is looked at for: `benches/check_fire_path.sh`.
#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_fire_path(hook: &Hook<u64>, payload: &u64) {
    hook.fire(payload);
}

struct Nobody;

impl tracing::Subscriber for Nobody {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        black_box(event);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

fn main() {
    let usual = plan(Plan::USUAL);
    report_fact(CRATE, "calibration_loop", calibration_loop_ns(), "ns");

    // Without a subscriber; must come before one is installed.
    let (_bus, idle) = hook_with(0);
    let p = pair(
        usual,
        || idle.fire(&1),
        || tracing::event!(tracing::Level::INFO, value = black_box(1_u64)),
    );
    report_pair(CRATE, "hook_nobody", "tracing event without subscriber", p);

    tracing::subscriber::set_global_default(Nobody).expect("first subscriber");
    let (_bus1, one) = hook_with(1);
    voidstate_fire_path(black_box(&one), &1);
    let p = pair(
        usual,
        || one.fire(black_box(&1)),
        || tracing::event!(tracing::Level::INFO, value = black_box(1_u64)),
    );
    report_pair(CRATE, "hook_one", "tracing event to a no-op subscriber", p);

    let (_bus100, hundred) = hook_with(100);
    let bare = bare_with(100);
    let p = pair(
        usual,
        || hundred.fire(black_box(&1)),
        || {
            let payload = black_box(&1);
            for call in &bare {
                call(payload);
            }
        },
    );
    report_pair(CRATE, "hook_hundred", "bare loop", p);

    let (_bus1000, thousand) = hook_with(1000);
    let p = pair(
        usual,
        || thousand.fire(black_box(&1)),
        || hundred.fire(black_box(&1)),
    );
    report_pair(CRATE, "hook_slope_1000_100", "100 callbacks", p);

    storm(usual);
    two_threads(usual);
    registration(usual);
}

/// CPU nanoseconds per firing in windows during which the other thread made progress; other windows prove nothing.
///
/// The median of the windows, not their minimum: the minimum would pick those in which the other thread hardly ran.
fn beside(hook: &Hook<u64>, windows: usize, progress: &AtomicU64, least: u64) -> f64 {
    const CALLS: u32 = 1000;
    let mut found = Vec::with_capacity(windows);
    let deadline = Instant::now() + Duration::from_secs(3);
    while found.len() < windows && Instant::now() < deadline {
        let before = progress.load(Ordering::Relaxed);
        let start = thread_cpu_time();
        for _ in 0..CALLS {
            hook.fire(black_box(&1));
        }
        let took = thread_cpu_time() - start;
        if progress.load(Ordering::Relaxed) - before >= least {
            found.push(took.as_secs_f64() * 1e9 / f64::from(CALLS));
        }
    }
    if found.len() < windows.div_ceil(4) {
        println!(
            "  only {} of {windows} windows overlapped: too busy a machine",
            found.len()
        );
        return f64::NAN;
    }
    median(&mut found)
}

/// Repeats `work` on another thread while `measured` runs.
fn with_thread<R>(work: impl Fn() + Sync, measured: impl FnOnce(&AtomicU64) -> R) -> R {
    let (stop, turns) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                work();
                turns.store(turns.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
            }
        });
        let result = measured(&turns);
        stop.store(true, Ordering::Relaxed);
        result
    })
}

/// Firing beside a thread that registers in a tight loop, against firing beside a thread that computes: a second busy
/// core alone changes clocks and shared caches, which is no property of the bus.
fn storm(usual: Plan) {
    let (bus, hook) = hook_with(100);
    let computes = || {
        for i in 0..1000_u64 {
            black_box(i);
        }
    };
    let changes = || {
        let id = bus
            .subscribe(spec(), |payload: &u64| {
                black_box(payload);
            })
            .expect("no orderings");
        drop(bus.unregister(id).expect("registered"));
    };
    let mut ratios = Vec::new();
    let mut best = (f64::INFINITY, f64::INFINITY);
    for _ in 0..usual.rounds {
        let quiet = with_thread(computes, |turns| beside(&hook, usual.windows, turns, 10));
        let noisy = with_thread(changes, |turns| beside(&hook, usual.windows, turns, 10));
        best = (best.0.min(noisy), best.1.min(quiet));
        ratios.push(noisy / quiet);
    }
    println!(
        "  hook_storm: beside a thread that registers {:.2} ns, beside one that computes {:.2} ns",
        best.0, best.1
    );
    report_ratio(CRATE, "hook_storm", median(&mut ratios));
}

/// Throughput of two threads on one hook over that of one: CPU time per firing beside a thread that computes and beside
/// one that fires the same hook.
fn two_threads(usual: Plan) {
    let (_bus, hook) = hook_with(1);
    let fires = || {
        for _ in 0..1000 {
            hook.fire(black_box(&1));
        }
    };
    let computes = || {
        for i in 0..10_000_u64 {
            black_box(i);
        }
    };
    let mut ratios = Vec::new();
    for _ in 0..usual.rounds {
        let alone = with_thread(computes, |turns| beside(&hook, usual.windows, turns, 1));
        let together = with_thread(fires, |turns| beside(&hook, usual.windows, turns, 1));
        ratios.push(together / alone);
    }
    // 1.0 is perfect scaling; the floor of 1.7 times the throughput of one thread is 2 / 1.7 = 1.18.
    let ratio = median(&mut ratios);
    report_fact(
        CRATE,
        "hook_two_threads_throughput",
        2.0 / ratio,
        "times one thread",
    );
    report_ratio(CRATE, "hook_two_threads", ratio);
}

fn registration(usual: Plan) {
    for callbacks in [1, 100, 1000] {
        let (bus, _hook) = hook_with(callbacks);
        let ns = single(usual, || {
            let id = bus
                .subscribe(spec(), |payload: &u64| {
                    black_box(payload);
                })
                .expect("no orderings");
            drop(bus.unregister(id).expect("registered"));
        });
        report_fact(
            CRATE,
            &format!("hook_register_and_unregister_{callbacks}"),
            ns,
            "ns",
        );
    }
    let (bus, hook) = hook_with(100);
    let ns = single(usual, || {
        let id = bus
            .subscribe(spec(), |payload: &u64| {
                black_box(payload);
            })
            .expect("no orderings");
        let ticket = bus.unregister(id).expect("registered");
        let _ = black_box(ticket.wait());
    });
    black_box(&hook);
    report_fact(CRATE, "hook_register_unregister_wait_100", ns, "ns");
}
