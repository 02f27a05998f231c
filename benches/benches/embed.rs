//! Peer: tracing.
//!
//! `voidstate-embed` beside `tracing`: hook points, observed functions and the allocator wrapper.
//!
//! The peer's subscriber does what the crate does and no more: it keeps the fields, takes the time and pushes to a
//! bounded channel of the same size that another thread empties.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use voidstate_benches::{
    Pair, Plan, calibration_loop_ns, median, pair, plan, report_fact, report_pair, thread_cpu_time,
};
use voidstate_core::{Emitter, HookName, SeriesId, SeriesInfo, Signal, Source, Timestamp};
use voidstate_embed::{AttachSource, ObservedAllocator, Observer, hook, observed, sample};

const KRATE: &str = "embed";
/// Fires per burst: far fewer than either channel holds, so that both always take the path that delivers.
const BURST: u32 = 512;

#[derive(Debug)]
#[allow(dead_code, reason = "what a consumer would read")]
enum Value {
    Real(f64),
    Text(String),
}

#[derive(Debug)]
#[allow(dead_code, reason = "what a consumer would read")]
enum PeerRecord {
    Event {
        name: &'static str,
        time: SystemTime,
        fields: Vec<(&'static str, Value)>,
    },
    Span {
        name: &'static str,
        id: u64,
        parent: Option<u64>,
        start: SystemTime,
        took: Duration,
        fields: Vec<(&'static str, Value)>,
    },
}

static PEER: OnceLock<SyncSender<PeerRecord>> = OnceLock::new();

struct PeerLayer;

struct PeerSpan {
    start: SystemTime,
    clock: Instant,
    fields: Vec<(&'static str, Value)>,
}

struct Collect<'a>(&'a mut Vec<(&'static str, Value)>);

impl Visit for Collect<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.push((field.name(), Value::Real(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), Value::Text(value.to_owned())));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0
            .push((field.name(), Value::Text(format!("{value:?}"))));
    }
}

fn peer_push(record: PeerRecord) {
    if let Some(peer) = PEER.get() {
        let _full = peer.try_send(record);
    }
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for PeerLayer {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Vec::with_capacity(2);
        event.record(&mut Collect(&mut fields));
        peer_push(PeerRecord::Event {
            name: event.metadata().name(),
            time: SystemTime::now(),
            fields,
        });
    }

    fn on_new_span(
        &self,
        given: &tracing::span::Attributes<'_>,
        id: &tracing::Id,
        context: Context<'_, S>,
    ) {
        let mut fields = Vec::new();
        given.record(&mut Collect(&mut fields));
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(PeerSpan {
                start: SystemTime::now(),
                clock: Instant::now(),
                fields,
            });
        }
    }

    fn on_close(&self, id: tracing::Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let parent = span.parent().map(|parent| parent.id().into_u64());
        let Some(PeerSpan {
            start,
            clock,
            fields,
        }) = span.extensions_mut().remove()
        else {
            return;
        };
        let took = clock.elapsed();
        peer_push(PeerRecord::Span {
            name: span.metadata().name(),
            id: id.into_u64(),
            parent,
            start,
            took,
            fields,
        });
    }
}

/// A watcher that counts.
#[derive(Default)]
struct Count {
    series: u32,
    taken: u64,
    rejected: u64,
}

impl Emitter for Count {
    fn series(&mut self, _: &SeriesInfo) -> SeriesId {
        self.series += 1;
        SeriesId(self.series)
    }
    fn sample(&mut self, _: SeriesId, _: Timestamp, _: f64) {
        self.taken += 1;
    }
    fn signal(&mut self, _: &HookName, _: Signal) {
        self.taken += 1;
    }
    fn rejected(&mut self, count: u64, _: &str) {
        self.rejected += count;
    }
    fn degraded(&mut self, _: &str, _: &str) {}
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// CPU nanoseconds per call of one burst.
fn burst(f: &mut impl FnMut()) -> f64 {
    let start = thread_cpu_time();
    for _ in 0..BURST {
        f();
    }
    (thread_cpu_time() - start).as_secs_f64() * 1e9 / f64::from(BURST)
}

/// As the harness's `pair`, with pauses in which both channels are emptied.
fn pair_in_bursts(plan: Plan, mut ours: impl FnMut(), mut peer: impl FnMut()) -> Pair {
    let (mut best_ours, mut best_peer) = (f64::INFINITY, f64::INFINITY);
    let mut ratios = Vec::new();
    for _ in 0..plan.rounds {
        let (mut a, mut b) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..plan.windows.min(30) {
            a = a.min(burst(&mut ours));
            b = b.min(burst(&mut peer));
            std::thread::sleep(Duration::from_millis(15));
        }
        ratios.push(a / b);
        best_ours = best_ours.min(a);
        best_peer = best_peer.min(b);
    }
    Pair {
        ours_ns: best_ours,
        peer_ns: best_peer,
        ratio: median(&mut ratios),
    }
}

#[observed]
#[inline(never)]
fn observed_function(n: u64) -> u64 {
    black_box(n)
}

#[tracing::instrument(skip_all)]
#[inline(never)]
fn instrumented_function(n: u64) -> u64 {
    black_box(n)
}

fn fire_hook() {
    hook!(
        "program.request",
        latency_ms = black_box(12.5),
        route = black_box("/x")
    );
}

fn fire_event() {
    tracing::event!(
        tracing::Level::INFO,
        latency_ms = black_box(12.5),
        route = black_box("/x")
    );
}

fn churn(allocator: &impl GlobalAlloc) {
    let layout = Layout::new::<[u64; 8]>();
    // SAFETY: the layout is not empty, and the block is freed once with it.
    unsafe {
        let block = black_box(allocator.alloc(layout));
        if !block.is_null() {
            allocator.dealloc(block, layout);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usual = plan(Plan::USUAL);
    report_fact(KRATE, "calibration_loop", calibration_loop_ns(), "ns");

    report_pair(
        KRATE,
        "hook_disabled",
        "tracing::event! without subscriber",
        pair(usual, fire_hook, fire_event),
    );
    let ours = || {
        black_box(observed_function(1));
    };
    let peer = || {
        black_box(instrumented_function(1));
    };
    report_pair(
        KRATE,
        "observed_disabled",
        "#[instrument] without subscriber",
        pair(usual, ours, peer),
    );

    let wrapped = ObservedAllocator::new();
    report_pair(
        KRATE,
        "allocator_unwatched",
        "System",
        pair(usual, || churn(&wrapped), || churn(&System)),
    );

    let (send, receive) = sync_channel(voidstate_embed::RING_RECORDS);
    PEER.set(send).map_err(|_| "set twice")?;
    let peer_reader = move || {
        loop {
            receive.try_iter().for_each(drop);
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    std::thread::spawn(peer_reader);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(PeerLayer))?;

    let path = std::env::temp_dir().join(format!("voidstate-bench-{}.sock", std::process::id()));
    let observer = Observer::builder().socket(&path).start()?;
    let mut source = AttachSource::connect(observer.path())?;
    let stop = Arc::new(AtomicBool::new(false));
    let (taken, rejected) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let watcher = {
        let (stop, taken, rejected) =
            (Arc::clone(&stop), Arc::clone(&taken), Arc::clone(&rejected));
        std::thread::spawn(move || {
            let mut count = Count::default();
            while !stop.load(Ordering::Relaxed) {
                let _next = source.poll(Timestamp::from_secs(0), &mut count);
                taken.store(count.taken, Ordering::Relaxed);
                rejected.store(count.rejected, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(2));
            }
        })
    };
    while !voidstate_embed::is_watched() {
        std::thread::sleep(Duration::from_millis(1));
    }
    report_pair(
        KRATE,
        "hook_enabled",
        "tracing event into a channel",
        pair_in_bursts(usual, fire_hook, fire_event),
    );
    report_pair(
        KRATE,
        "observed_enabled",
        "#[instrument] into a channel",
        pair_in_bursts(usual, ours, peer),
    );
    let sample = || sample!("program.queue_len", black_box(3.0));
    report_pair(
        KRATE,
        "sample_enabled",
        "tracing event into a channel",
        pair_in_bursts(usual, sample, fire_event),
    );
    report_pair(
        KRATE,
        "allocator_watched",
        "System",
        pair(usual, || churn(&wrapped), || churn(&System)),
    );
    report_fact(
        KRATE,
        "signals_received",
        taken.load(Ordering::Relaxed) as f64,
        "signals",
    );
    report_fact(
        KRATE,
        "signals_dropped",
        rejected.load(Ordering::Relaxed) as f64,
        "signals",
    );
    stop.store(true, Ordering::Relaxed);
    watcher.join().map_err(|_| "the watcher panicked")?;
    Ok(())
}
