//! A context that keeps the numbers it is handed.

use std::collections::BTreeMap;

use voidstate_core::{
    Attributes, Config, Ctx, DependencyView, Error, Finding, Firing, HookName, LogLevel,
    MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey, SignalRef, StoreReader,
    Timestamp, Tool, ToolId, Unit,
};
use voidstate_tool_pipeline::{PipelineFactory, ToolFactory};

/// What was published: name, labels of which series, value.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) metrics: Vec<(String, SeriesId, f64)>,
    pub(crate) lines: Vec<String>,
    infos: Vec<SeriesInfo>,
}

fn undeclared<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "this effect",
        reason: "the tool declares metrics and log lines only",
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
    fn log(&mut self, _: LogLevel, line: &str) -> Result<()> {
        self.lines.push(line.to_owned());
        Ok(())
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        undeclared()
    }
    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        self.metrics.push((name.to_string(), like, value));
        Ok(())
    }
    fn emit(&mut self, _: Finding) -> Result<()> {
        undeclared()
    }
    fn output(&mut self, _: Output) {}
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        undeclared()
    }
    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.infos.get(id.0 as usize)
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        undeclared()
    }
}

/// A tool under test, and the names its series have.
pub(crate) struct Bench {
    factory: PipelineFactory,
    pub(crate) tool: Box<dyn Tool>,
    pub(crate) heard: Heard,
    known: BTreeMap<String, u32>,
}

pub(crate) fn config(factory: &PipelineFactory, series: &str, steps: &str) -> Config {
    let given = Attributes::from([
        ("series".to_owned(), series.into()),
        ("steps".to_owned(), steps.into()),
    ]);
    Config::checked(&factory.meta().config, &given).unwrap()
}

impl Bench {
    pub(crate) fn new(series: &str, steps: &str) -> Self {
        let factory = PipelineFactory::new("t", series, steps).unwrap();
        Self {
            tool: Self::fresh(&factory),
            factory,
            heard: Heard::default(),
            known: BTreeMap::new(),
        }
    }

    fn fresh(factory: &PipelineFactory) -> Box<dyn Tool> {
        let config = Config::checked(&factory.meta().config, &Attributes::new()).unwrap();
        factory.create(&config, Placement::ALONE).unwrap()
    }

    /// Puts a fresh instance in the place of the present one.
    pub(crate) fn replace(&mut self) {
        self.tool = Self::fresh(&self.factory);
    }

    pub(crate) fn configure(&mut self, series: &str, steps: &str) -> Result<()> {
        self.tool.reconfigure(&config(&self.factory, series, steps))
    }

    pub(crate) fn see(&mut self, metric: &str, labels: &[(&str, &str)], secs: i64, value: f64) {
        let key = SeriesKey::new(MetricName::new(metric).unwrap(), labels.iter().copied()).unwrap();
        let next = u32::try_from(self.known.len()).unwrap();
        let id = SeriesId(*self.known.entry(key.to_string()).or_insert(next));
        let hook = HookName::new("host.cpu").unwrap();
        if self.heard.infos.len() < self.known.len() {
            self.heard.infos.push(SeriesInfo {
                key: key.clone(),
                hook: hook.clone(),
                unit: Unit::None,
                limit: None,
            });
        }
        let signal = SignalRef::Sample {
            id,
            series: &key,
            time: Timestamp::from_secs(secs),
            value,
        };
        let firing = Firing {
            hook: &hook,
            signal,
            sequence: 0,
        };
        self.tool.observe(&firing, &mut self.heard).unwrap();
    }

    /// Values published of everything.
    pub(crate) fn values(&self) -> Vec<f64> {
        self.heard
            .metrics
            .iter()
            .map(|(.., value)| *value)
            .collect()
    }
}
