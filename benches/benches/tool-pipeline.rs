//! A sample below the limit, through the tool.
//!
//! Peer: the same comparison and look-up without a tool around them.

use std::collections::BTreeMap;
use std::hint::black_box;

use voidstate_benches::{Plan, pair, plan, report_pair};
use voidstate_core::{
    Attributes, Config, Ctx, DependencyView, Error, Finding, Firing, HookName, LogLevel,
    MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey, SignalRef, StoreReader,
    Timestamp, ToolId,
};
use voidstate_tool_pipeline::{Factory, ToolFactory};

/// Counts findings and offers nothing else.
struct Count(u64);

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
    fn emit(&mut self, _: Finding) -> Result<()> {
        self.0 += 1;
        Ok(())
    }
    fn output(&mut self, _: Output) {}
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        nothing()
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        None
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        nothing()
    }
}

fn main() -> Result<()> {
    let factory = Factory::new()?;
    let config = Config::checked(&factory.meta().config, &Attributes::new())?;
    let (mut tool, mut ctx) = (factory.create(&config, Placement::ALONE)?, Count(0));
    let hook = HookName::new("host.cpu")?;
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy")?);
    let mut open: BTreeMap<SeriesKey, f64> = BTreeMap::new();
    let found = pair(
        plan(Plan::USUAL),
        || {
            let signal = SignalRef::Sample {
                id: SeriesId(0),
                series: &series,
                time: Timestamp::from_secs(1),
                value: black_box(1.0),
            };
            let firing = Firing {
                hook: &hook,
                signal,
                sequence: 0,
            };
            let _ = black_box(tool.observe(black_box(&firing), &mut ctx));
        },
        || {
            if black_box(1.0) <= black_box(100.0) {
                black_box(open.remove(black_box(&series)));
            }
        },
    );
    report_pair("tool-pipeline", "observe", "bare", found);
    Ok(())
}
