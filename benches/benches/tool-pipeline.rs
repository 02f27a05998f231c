//! A sample through the tool of a pipeline: two filters and the greatest of the last eight.
//!
//! Peer: the language's own machine of the same pipeline, and the loop that one would write by hand (a monotone queue).

use std::collections::VecDeque;
use std::hint::black_box;

use voidstate_benches::{Plan, pair, plan, report_pair};
use voidstate_core::{
    Attributes, Config, Ctx, DependencyView, Error, Finding, Firing, HookName, LogLevel,
    MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey, SignalRef, StoreReader,
    Timestamp, ToolId,
};
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_tool_pipeline::{Arrow, PipelineFactory, ToolFactory};

/// Counts numbers and offers nothing else.
struct Count(u64, SeriesInfo);

fn nothing<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "this effect",
        reason: "the bench measures the tool alone",
    })
}

impl Ctx for Count {
    fn now(&mut self) -> Result<Timestamp> {
        nothing()
    }
    fn random(&mut self) -> Result<u64> {
        nothing()
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        nothing()
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        nothing()
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        nothing()
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        nothing()
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        nothing()
    }
    fn metric_like(&mut self, _: &MetricName, _: SeriesId, value: f64) -> Result<()> {
        self.0 += u64::from(value > 0.0);
        Ok(())
    }
    fn emit(&mut self, _: Finding) -> Result<()> {
        nothing()
    }
    fn output(&mut self, _: Output) {}
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        nothing()
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        Some(&self.1)
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        nothing()
    }
}

const STEPS: &str = "where value > -1e9 | where value < 1e9 | sliding max 8";

/// What the steps do, by hand.
#[derive(Default)]
struct ByHand {
    at: u64,
    held: VecDeque<(u64, f64)>,
}

impl ByHand {
    fn step(&mut self, value: f64) -> Option<f64> {
        if !(value > -1e9 && value < 1e9) {
            return None;
        }
        self.at += 1;
        while self.held.back().is_some_and(|(_, held)| *held <= value) {
            self.held.pop_back();
        }
        self.held.push_back((self.at, value));
        while self.held.front().is_some_and(|(at, _)| at + 8 <= self.at) {
            self.held.pop_front();
        }
        let most = self.held.front().map(|(_, value)| *value);
        most.filter(|_| self.at >= 8)
    }
}

fn drawn(at: &mut u64) -> f64 {
    *at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    (*at >> 40) as f64
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let factory = PipelineFactory::new("bench", "**", STEPS)?;
    let config = Config::checked(&factory.meta().config, &Attributes::new())?;
    let hook = HookName::new("host.cpu")?;
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy")?);
    let info = SeriesInfo {
        key: series.clone(),
        hook: hook.clone(),
        unit: voidstate_core::Unit::None,
        limit: None,
    };
    let mut tool = factory.create(&config, Placement::ALONE)?;
    let mut ctx = Count(0, info);
    let (mut a, mut b) = (1, 1);
    let mut hand = ByHand::default();
    let found = pair(
        plan(Plan::USUAL),
        || {
            let signal = SignalRef::Sample {
                id: SeriesId(0),
                series: &series,
                time: Timestamp::from_secs(1),
                value: drawn(&mut a),
            };
            let firing = Firing {
                hook: &hook,
                signal,
                sequence: 0,
            };
            let _ = black_box(tool.observe(black_box(&firing), &mut ctx));
        },
        || {
            black_box(hand.step(black_box(drawn(&mut b))));
        },
    );
    report_pair("tool-pipeline", "observe", "loop by hand", found);

    let pipeline = Pipeline::parse(STEPS)?;
    let run = factory.rewritten(STEPS)?.steps;
    let (mut arrow, mut machine) = (Arrow::parse(&run)?, pipeline.machine());
    let found = pair(
        plan(Plan::USUAL),
        || {
            black_box(arrow.step(0, black_box(drawn(&mut a))));
        },
        || {
            black_box(machine.step(black_box(Sample::new(0, drawn(&mut b)))));
        },
    );
    report_pair(
        "tool-pipeline",
        "arrow",
        "the steps as written, interpreted",
        found,
    );
    Ok(())
}
