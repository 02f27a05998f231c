//! Peer: the bare panel of voidstate-anomaly (what the tool adds to the mathematics).
//!
//! Also the whole path from a source through the engine, the hook and this tool to a sink, 1,000 series, everything on:
//! CPU nanoseconds per sample over a thousand (the promise is a million samples per CPU second), and heap allocations per
//! sample once the detectors are warm.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use voidstate_anomaly::{Panel, PanelConfig};
use voidstate_benches::{
    Plan, median, pair, plan, process_cpu_time, report_fact, report_pair, report_ratio,
};
use voidstate_core::{
    Attributes, Catalogue, Config, Ctx, DependencyView, Emitter, Error, Finding, Firing, HookName,
    LogLevel, MetricName, Next, Output, Overflow, Placement, Point, Result, SeriesId, SeriesInfo,
    SeriesKey, SignalRef, Sink, Source, SourceInfo, StoreReader, Timestamp, ToolFactory, ToolId,
    Unit,
};
use voidstate_runtime::Engine;
use voidstate_runtime::memory::Attributing;
use voidstate_tool_anomaly::AnomalyFactory;

const SERIES: u32 = 200;

/// Counts allocations; the engine's accounts lie around it.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Attributing<Counting> = Attributing::new(Counting);

const PATH_SERIES: u32 = 1000;
/// Rounds after which nothing new is learned about sizes.
const WARM_ROUNDS: i64 = 200;

/// 1,000 series of noise, one sample each a second; notes allocations and CPU time once warm.
struct Rounds {
    ids: Vec<SeriesId>,
    round: i64,
    rounds: i64,
    seed: u64,
    warm: Arc<Warm>,
}

#[derive(Default)]
struct Warm {
    allocations: AtomicU64,
    cpu_ns: AtomicU64,
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
            for n in 0..PATH_SERIES {
                let key = SeriesKey::plain(MetricName::new(&format!("program.m{n}"))?);
                let hook = HookName::new("program.sample")?;
                self.ids.push(out.series(&SeriesInfo {
                    key,
                    hook,
                    unit: Unit::None,
                    limit: None,
                }));
            }
        }
        if self.round == WARM_ROUNDS {
            self.warm
                .allocations
                .store(ALLOCATIONS.load(Ordering::Relaxed), Ordering::Relaxed);
            self.warm.cpu_ns.store(
                u64::try_from(process_cpu_time().as_nanos()).expect("fits"),
                Ordering::Relaxed,
            );
        }
        for id in &self.ids {
            out.sample(*id, Timestamp::from_secs(self.round), noise(&mut self.seed));
        }
        self.round += 1;
        Ok(if self.round >= self.rounds {
            Next::Done
        } else {
            Next::Now
        })
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
    fn finding(&mut self, finding: &Finding) -> Result<()> {
        black_box(finding);
        Ok(())
    }
}

/// CPU nanoseconds and allocations per sample of the whole path, once warm.
fn whole_path(rounds: i64) -> (f64, f64) {
    let warm = Arc::new(Warm::default());
    let source = Rounds {
        ids: Vec::new(),
        round: 0,
        rounds: WARM_ROUNDS + rounds,
        seed: 7,
        warm: warm.clone(),
    };
    let engine = Engine::builder()
        .source(Box::new(source))
        .sink(Box::new(Sum::default()))
        .tool(
            Arc::new(AnomalyFactory::new().expect("constant")),
            Attributes::new(),
        )
        .build()
        .expect("valid");
    let report = engine.run_to_end().expect("threads");
    let took = process_cpu_time().as_nanos() as f64 - warm.cpu_ns.load(Ordering::Relaxed) as f64;
    let allocations =
        ALLOCATIONS.load(Ordering::Relaxed) - warm.allocations.load(Ordering::Relaxed);
    let samples = (rounds as u64 * u64::from(PATH_SERIES)) as f64;
    assert_eq!(report.leftovers, Vec::<String>::new());
    assert!(
        report.stats.dropped.is_empty(),
        "{:?}",
        report.stats.dropped
    );
    (took / samples, allocations as f64 / samples)
}

struct Nobody(Vec<SeriesInfo>);

fn refused<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "effect",
        reason: "not in this bench",
    })
}

impl Ctx for Nobody {
    fn now(&mut self) -> Result<Timestamp> {
        refused()
    }
    fn random(&mut self) -> Result<u64> {
        refused()
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        refused()
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        refused()
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        refused()
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        refused()
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        Ok(())
    }
    fn emit(&mut self, finding: Finding) -> Result<()> {
        black_box(finding);
        Ok(())
    }
    fn output(&mut self, output: Output) {
        black_box(output);
    }
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        refused()
    }
    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.0.get(id.0 as usize)
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        refused()
    }
}

/// SplitMix64, as a sum of four uniforms around zero.
fn noise(seed: &mut u64) -> f64 {
    let mut sum = -2.0;
    for _ in 0..4 {
        *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        sum += ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
    }
    sum
}

fn main() {
    let hook = HookName::new("host.cpu").expect("valid");
    let key = |n: u32| {
        SeriesKey::new(
            MetricName::new("host.cpu.x").expect("valid"),
            [("n", n.to_string())],
        )
    };
    let info = |n| SeriesInfo {
        key: key(n).expect("valid"),
        hook: hook.clone(),
        unit: Unit::Percent,
        limit: None,
    };
    let mut ctx = Nobody((0..SERIES).map(info).collect());
    let factory = AnomalyFactory::new().expect("constant");
    let config = Config::checked(&factory.meta().config, &Attributes::new()).expect("defaults");
    let mut tool = factory.create(&config, Placement::ALONE).expect("defaults");
    let mut panel = Panel::new(PanelConfig::default()).expect("defaults");
    let (mut seed_a, mut seed_b) = (1, 1);
    let (mut second_a, mut second_b) = (0_i64, 0_i64);
    let keys: Vec<SeriesKey> = ctx.0.iter().map(|info| info.key.clone()).collect();
    let plan = Plan {
        window: std::time::Duration::from_millis(1),
        ..plan(Plan::USUAL)
    };
    let result = pair(
        plan,
        || {
            second_a += 1;
            let time = Timestamp::from_secs(second_a);
            for (n, series) in (0..).zip(&keys) {
                let signal = SignalRef::Sample {
                    id: SeriesId(n),
                    series,
                    time,
                    value: noise(&mut seed_a),
                };
                tool.observe(
                    &Firing {
                        hook: &hook,
                        signal,
                        sequence: 0,
                    },
                    &mut ctx,
                )
                .expect("no failure");
            }
        },
        || {
            second_b += 1;
            for n in 0..SERIES as usize {
                black_box(
                    panel
                        .observe(n, second_b * 1_000_000_000, noise(&mut seed_b))
                        .expect("in range"),
                );
            }
        },
    );
    println!(
        "  per sample: tool {:.0} ns, panel {:.0} ns",
        result.ours_ns / 200.0,
        result.peer_ns / 200.0
    );
    report_pair(
        "tool-anomaly",
        "over_panel",
        "bare panel (200 samples)",
        result,
    );

    let rounds = if std::env::args().any(|a| a == "--quick") {
        400
    } else {
        2000
    };
    let (mut times, mut allocations): (Vec<f64>, Vec<f64>) =
        (0..5).map(|_| whole_path(rounds)).unzip();
    let time = median(&mut times);
    report_fact(
        "tool-anomaly",
        "whole_path_samples_per_cpu_second",
        1e9 / time,
        "samples",
    );
    report_ratio(
        "tool-anomaly",
        "whole_path_of_a_million_per_cpu_second",
        time / 1000.0,
    );
    report_ratio(
        "tool-anomaly",
        "whole_path_allocations_per_sample",
        median(&mut allocations),
    );
}
