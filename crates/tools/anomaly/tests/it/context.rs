//! A context that keeps what the tool says, and a host that fires ticks.

use std::sync::Arc;

use voidstate_core::{
    AttributeValue, Attributes, Config, Ctx, DependencyView, Effect, Error, Event, Finding, Firing,
    HookName, LogLevel, MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey,
    SignalRef, State, StoreReader, Timestamp, Tool, ToolFactory, ToolId, Unit, wellknown,
};
use voidstate_tool_anomaly::AnomalyFactory;

/// Keeps findings, outputs and metrics; refuses every effect that the tool did not declare.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) findings: Vec<Finding>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) metrics: Vec<(String, f64)>,
    pub(crate) series: Vec<SeriesInfo>,
}

fn undeclared<T>(effect: Effect) -> Result<T> {
    Err(Error::UndeclaredEffect {
        tool: "anomaly".into(),
        effect,
    })
}

impl Ctx for Kept {
    fn now(&mut self) -> Result<Timestamp> {
        undeclared(Effect::Clock)
    }
    fn random(&mut self) -> Result<u64> {
        undeclared(Effect::Random)
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        undeclared(Effect::ReadState)
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        undeclared(Effect::WriteState)
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        undeclared(Effect::ReadStore)
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        undeclared(Effect::Log)
    }
    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.metrics.push((name.to_string(), value));
        Ok(())
    }
    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.findings.push(finding);
        Ok(())
    }
    fn output(&mut self, output: Output) {
        self.outputs.push(output);
    }
    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        Err(Error::Missing {
            kind: "dependency",
            name: tool.to_string(),
        })
    }
    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.series.get(id.0 as usize)
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        undeclared(Effect::Io)
    }
}

/// A machine with a few series and one process, seen once a second.
pub(crate) struct Host {
    pub(crate) tool: Box<dyn Tool>,
    pub(crate) kept: Kept,
    pub(crate) second: i64,
}

pub(crate) fn factory() -> Arc<dyn ToolFactory> {
    Arc::new(AnomalyFactory::new().unwrap())
}

pub(crate) fn tool() -> Box<dyn Tool> {
    tool_at(Placement::ALONE)
}

pub(crate) fn tool_at(placement: Placement) -> Box<dyn Tool> {
    let factory = factory();
    let config = Config::checked(&factory.meta().config, &Attributes::new()).unwrap();
    factory.create(&config, placement).unwrap()
}

impl Host {
    pub(crate) fn new() -> Self {
        let info = |hook: &str, metric: &str, labels: &[(&str, &str)], unit| SeriesInfo {
            key: SeriesKey::new(MetricName::new(metric).unwrap(), labels.iter().copied()).unwrap(),
            hook: HookName::new(hook).unwrap(),
            unit,
            limit: None,
        };
        let series = vec![
            info(
                wellknown::HOST_CPU,
                "host.cpu.busy_percent",
                &[],
                Unit::Percent,
            ),
            info(
                wellknown::HOST_CPU,
                "host.cpu.core_busy_percent",
                &[("core", "0")],
                Unit::Percent,
            ),
            info(
                wellknown::HOST_MEMORY,
                "host.memory.used_bytes",
                &[],
                Unit::Bytes,
            ),
            info(
                wellknown::HOST_DISK,
                "host.disk.write_bytes",
                &[("device", "vda")],
                Unit::BytesPerSecond,
            ),
        ];
        Self {
            tool: tool(),
            kept: Kept {
                series,
                ..Kept::default()
            },
            second: 1_700_000_000,
        }
    }

    fn fire(&mut self, hook: &str, signal: SignalRef<'_>) {
        let hook = HookName::new(hook).unwrap();
        let firing = Firing {
            hook: &hook,
            signal,
            sequence: 0,
        };
        self.tool.observe(&firing, &mut self.kept).unwrap();
    }

    /// One tick with these values, and one process with this use.
    pub(crate) fn tick(&mut self, values: [f64; 4], process_cpu: f64, rss: i64, written: f64) {
        self.second += 1;
        let time = Timestamp::from_secs(self.second);
        for (id, value) in (0..).zip(values) {
            let info = self.kept.series[id as usize].clone();
            let id = SeriesId(id);
            self.fire(
                info.hook.as_str(),
                SignalRef::Sample {
                    id,
                    series: &info.key,
                    time,
                    value,
                },
            );
        }
        use wellknown::process;
        let variables: [(&str, AttributeValue); 6] = [
            (process::PID, 4242.into()),
            (process::COMM, "burn\u{1b}".into()),
            (process::CPU_PERCENT, process_cpu.into()),
            (process::RSS_BYTES, rss.into()),
            (process::WRITE_RATE, written.into()),
            (
                process::STARTED,
                AttributeValue::Int(1_600_000_000_000_000_000),
            ),
        ];
        let variables = variables
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect();
        self.fire(
            wellknown::HOST_PROCESS,
            SignalRef::State(&State {
                name: "host.process".into(),
                time,
                variables,
            }),
        );
        let tick = Event {
            name: wellknown::HOST_TICK.into(),
            time,
            attributes: Attributes::new(),
        };
        self.fire(wellknown::HOST_TICK, SignalRef::Event(&tick));
    }

    /// Noise around a calm machine; deterministic.
    pub(crate) fn calm(&mut self, seconds: i64) {
        for _ in 0..seconds {
            let n = noise(self.second);
            self.tick(
                [5.0 + n, 5.0 + 1.5 * n, 1e9 + 1e5 * n, 2e4 + 1e3 * n],
                1.0,
                10 << 20,
                0.0,
            );
        }
    }
}

/// A deterministic number in [-1, 1) that looks random.
pub(crate) fn noise(n: i64) -> f64 {
    let mut x = n.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (x >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}
