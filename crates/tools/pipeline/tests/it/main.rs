//! The tool against a context that keeps what it says.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use voidstate_core::{
    Attributes, Config, Ctx, DependencyView, Error, Finding, Firing, HookName, LogLevel,
    MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey, SignalRef, Stage,
    StoreReader, Timestamp, Tool, ToolId,
};
use voidstate_tool_pipeline::{Factory, ToolFactory};

/// Keeps findings; everything else is an effect that the tool did not declare.
#[derive(Default)]
struct Heard(Vec<Finding>);

fn undeclared<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "this effect",
        reason: "the tool declares findings only",
    })
}

impl Ctx for Heard {
    fn now(&mut self) -> Result<Timestamp> {
        undeclared()
    }
    fn random(&mut self) -> Result<u64> {
        undeclared()
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        undeclared()
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        undeclared()
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        undeclared()
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        undeclared()
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        undeclared()
    }
    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.0.push(finding);
        Ok(())
    }
    fn output(&mut self, _: Output) {}
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        undeclared()
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        None
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        undeclared()
    }
}

fn tool() -> Box<dyn Tool> {
    let factory = Factory::new().unwrap();
    let config = Config::checked(&factory.meta().config, &Attributes::new()).unwrap();
    factory.create(&config, Placement::ALONE).unwrap()
}

/// Findings after these values, one a second, and after the end if asked for.
fn heard(values: &[f64], finish: bool) -> Vec<Finding> {
    let (mut tool, mut ctx) = (tool(), Heard::default());
    let hook = HookName::new("host.cpu").unwrap();
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy").unwrap());
    for (second, value) in (0_i64..).zip(values) {
        let signal = SignalRef::Sample {
            id: SeriesId(0),
            series: &series,
            time: Timestamp::from_secs(second),
            value: *value,
        };
        let sequence = second.unsigned_abs();
        let firing = Firing {
            hook: &hook,
            signal,
            sequence,
        };
        tool.observe(&firing, &mut ctx).unwrap();
    }
    if finish {
        tool.finish(&mut ctx).unwrap();
    }
    ctx.0
}

#[test]
fn an_episode_opens_and_closes_once() {
    let found = heard(&[1.0, 101.0, 102.0, 1.0, 1.0, 200.0, 100.0], true);
    let told: Vec<_> = found.iter().map(|f| (f.episode, f.stage)).collect();
    let (opened, closed) = (Stage::Opened, Stage::Closed);
    assert_eq!(told, [(1, opened), (1, closed), (2, opened), (2, closed)]);
    assert_eq!(found[1].start, Timestamp::from_secs(1));
    assert_eq!(found[1].end, Some(Timestamp::from_secs(3)));
}

#[test]
fn finish_closes_what_is_open() {
    assert_eq!(heard(&[101.0, 102.0], false).len(), 1);
    let found = heard(&[101.0, 102.0], true);
    assert_eq!(found[1].end, Some(Timestamp::from_secs(1)));
}

#[test]
fn nan_changes_nothing() {
    assert!(heard(&[f64::NAN, 1.0], true).is_empty());
    let found = heard(&[101.0, f64::NAN, 102.0, 1.0], true);
    assert_eq!(found.len(), 2);
}
