//! Peer: std mpsc — a thread that sends samples through a bounded channel to a `Box<dyn FnMut>`.
//!
//! The engine's whole path (source, queue, hook, tool with context, isolation, statistics and memory attribution, sink)
//! beside a bare pipeline without any of that, in CPU time of the whole process; and an attributed allocation beside the
//! system's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use voidstate_benches::{
    Plan, median, pair, plan, process_cpu_time, report_fact, report_pair, report_ratio,
};
use voidstate_core::{
    Attributes, Catalogue, Config, Ctx, Emitter, Finding, Firing, HookName, MetricName, Next,
    Overflow, Placement, Point, Result, SeriesId, SeriesInfo, SeriesKey, SignalRef, Sink, Source,
    SourceInfo, Timestamp, Tool, ToolFactory, ToolMeta, Unit,
};
use voidstate_runtime::memory::{Attributing, Owner};
use voidstate_runtime::{Engine, EngineTime, Recorder};

#[global_allocator]
static ALLOCATOR: Attributing = Attributing::system();

const SERIES: u32 = 1000;

/// A value that no optimiser foresees.
fn value(round: i64, series: u32) -> f64 {
    ((round as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 + f64::from(series)
}

/// The work per sample: an exponentially weighted level per series.
#[derive(Default)]
struct Levels(Vec<f64>);

impl Levels {
    #[inline]
    fn see(&mut self, id: SeriesId, value: f64) {
        let index = id.0 as usize;
        if self.0.len() <= index {
            self.0.resize(index + 1, 0.0);
        }
        self.0[index] += 0.1 * (value - self.0[index]);
    }
}

struct Rounds {
    ids: Vec<SeriesId>,
    round: i64,
    rounds: i64,
}

impl Source for Rounds {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: "rounds".into(),
            description: "made up".into(),
            overflow: Overflow::Wait,
        }
    }

    fn poll(&mut self, _: Timestamp, out: &mut dyn Emitter) -> Result<Next> {
        if self.ids.is_empty() {
            for i in 0..SERIES {
                let key = SeriesKey::plain(MetricName::new(&format!("m.{i}"))?);
                let hook = HookName::new("host.cpu")?;
                self.ids.push(out.series(&SeriesInfo {
                    key,
                    hook,
                    unit: Unit::None,
                    limit: None,
                }));
            }
        }
        for (i, id) in (0..).zip(&self.ids) {
            out.sample(*id, Timestamp::from_secs(self.round), value(self.round, i));
        }
        self.round += 1;
        Ok(if self.round >= self.rounds {
            Next::Done
        } else {
            Next::Now
        })
    }
}

struct LevelTool(Levels);

impl Tool for LevelTool {
    fn observe(&mut self, firing: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        if let SignalRef::Sample { id, value, .. } = firing.signal {
            self.0.see(id, value);
        }
        Ok(())
    }
}

struct Factory(ToolMeta);

impl ToolFactory for Factory {
    fn meta(&self) -> &ToolMeta {
        &self.0
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(LevelTool(Levels::default())))
    }
}

#[derive(Default)]
struct Sum(f64);

impl Sink for Sum {
    fn name(&self) -> &str {
        "sum"
    }

    fn points(&mut self, points: &[Point], _: &dyn Catalogue) -> Result<()> {
        self.0 += points.iter().map(|p| p.value).sum::<f64>();
        Ok(())
    }

    fn finding(&mut self, _: &Finding) -> Result<()> {
        Ok(())
    }
}

/// CPU nanoseconds per sample of the engine with `tools` tools on the hook.
fn engine(rounds: i64, tools: usize, time: EngineTime, recorder: Option<Recorder>) -> f64 {
    let source = Rounds {
        ids: Vec::new(),
        round: 0,
        rounds,
    };
    let mut builder = Engine::builder()
        .time(time)
        .source(Box::new(source))
        .sink(Box::new(Sum::default()));
    for tool in 0..tools {
        let meta = ToolMeta::new(&format!("level-{tool}"), "host.**", "levels").expect("valid");
        builder = builder.tool(Arc::new(Factory(meta)), Attributes::new());
    }
    if let Some(recorder) = recorder {
        builder = builder.record(recorder);
    }
    let engine = builder.build().expect("valid");
    let start = process_cpu_time();
    let report = engine.run_to_end().expect("threads");
    let took = process_cpu_time() - start;
    let expected = rounds as u64 * u64::from(SERIES);
    assert_eq!(
        (report.stats.delivered, report.leftovers.len()),
        (expected, 0)
    );
    assert!(
        report
            .stats
            .tools
            .iter()
            .all(|t| t.calls > expected && t.memory_bytes > Some(0))
    );
    took.as_secs_f64() * 1e9 / expected as f64
}

/// CPU nanoseconds per sample of a bare channel, with `batch` samples a message.
fn channel(rounds: i64, batch: usize) -> f64 {
    let (to, from) = sync_channel::<Vec<Point>>((1 << 16) / batch);
    let start = process_cpu_time();
    let consumer = std::thread::spawn(move || {
        let mut levels = Levels::default();
        let mut sum = Sum::default();
        let mut call: Box<dyn FnMut(&Point)> =
            Box::new(move |point| levels.see(point.series, point.value));
        for points in from {
            for point in &points {
                call(black_box(point));
            }
            sum.0 += points.iter().map(|p| p.value).sum::<f64>();
        }
        black_box(sum.0);
    });
    let mut points = Vec::with_capacity(batch);
    for round in 0..rounds {
        for i in 0..SERIES {
            let time = Timestamp::from_secs(round);
            points.push(Point {
                series: SeriesId(i),
                time,
                value: value(round, i),
            });
            if points.len() == batch {
                to.send(std::mem::replace(&mut points, Vec::with_capacity(batch)))
                    .expect("open");
            }
        }
    }
    to.send(points).expect("open");
    drop(to);
    consumer.join().expect("no panic");
    let took = process_cpu_time() - start;
    took.as_secs_f64() * 1e9 / (rounds as f64 * f64::from(SERIES))
}

fn allocation() {
    let ours = Attributing::system();
    let owner = Owner::claim().expect("an account");
    let layout = Layout::new::<[u8; 64]>();
    // SAFETY (all three): the layout is not empty, the block is freed once, by its allocator, with its layout.
    let system = || unsafe {
        let block = black_box(System.alloc(black_box(layout)));
        System.dealloc(block, layout);
    };
    let nobody = || unsafe {
        let block = black_box(ours.alloc(black_box(layout)));
        ours.dealloc(block, layout);
    };
    let p = pair(plan(Plan::USUAL), nobody, system);
    report_pair(
        "runtime_engine",
        "allocation_of_nobody",
        "system allocator",
        p,
    );
    report_fact(
        "runtime_engine",
        "allocation_of_nobody_adds",
        p.ours_ns - p.peer_ns,
        "ns per alloc and free",
    );
    let entered = owner.enter();
    let p = pair(plan(Plan::USUAL), nobody, system);
    drop(entered);
    report_pair(
        "runtime_engine",
        "allocation_of_owner",
        "system allocator",
        p,
    );
    report_fact(
        "runtime_engine",
        "allocation_of_owner_adds",
        p.ours_ns - p.peer_ns,
        "ns per alloc and free",
    );
}

fn main() {
    let is_quick = std::env::args().any(|a| a == "--quick");
    let rounds = if is_quick { 300 } else { 2000 };
    let pairs = if is_quick { 5 } else { 9 };
    let (mut batched, mut single, mut ten) = (Vec::new(), Vec::new(), Vec::new());
    let mut recorded = Vec::new();
    let [mut ours, mut peer, mut peer_single] = [f64::INFINITY; 3];
    for _ in 0..pairs {
        let a = engine(rounds, 1, EngineTime::Clock, None);
        let b = channel(rounds, 512);
        let c = channel(rounds / 4, 1);
        batched.push(a / b);
        single.push(a / c);
        ours = ours.min(a);
        peer = peer.min(b);
        peer_single = peer_single.min(c);
        ten.push(engine(rounds / 4, 10, EngineTime::Clock, None));
        let recorder = Recorder::stream(std::io::sink()).buffer(usize::MAX);
        recorded.push(engine(rounds, 1, EngineTime::Clock, Some(recorder)) / a);
    }
    println!(
        "  whole path: ours {ours:.1} ns, mpsc of batches {peer:.1} ns, mpsc of samples {peer_single:.1} ns a sample"
    );
    report_ratio(
        "runtime_engine",
        "path_over_batched_channel",
        median(&mut batched),
    );
    report_ratio("runtime_engine", "path_over_channel", median(&mut single));
    report_fact(
        "runtime_engine",
        "samples_per_cpu_second",
        1e9 / ours,
        "samples",
    );
    report_ratio(
        "runtime_engine",
        "of_a_million_samples_per_cpu_second",
        ours / 1000.0,
    );
    let ten = ten.iter().copied().fold(f64::INFINITY, f64::min);
    report_fact(
        "runtime_engine",
        "each_further_tool",
        (ten - ours) / 9.0,
        "ns",
    );
    let signals = engine(rounds, 1, EngineTime::Signals, None);
    report_fact("runtime_engine", "path_in_signal_time", signals, "ns");
    report_ratio(
        "runtime_engine",
        "recording_over_not",
        median(&mut recorded),
    );
    allocation();
}
