//! Sources, tools and sinks to test with.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use voidstate_core::{
    Attributes, Catalogue, Config, Ctx, Effect, EffectSet, Emitter, Error, Event, Finding, Firing,
    HookName, MetricName, Next, Overflow, Placement, Point, Result, SeriesId, SeriesInfo,
    SeriesKey, Signal, SignalRef, Sink, Source, SourceInfo, Timestamp, Tool, ToolFactory, ToolId,
    ToolMeta, Unit,
};
use voidstate_runtime::{Engine, EngineHandle};

pub(crate) fn id(text: &str) -> ToolId {
    ToolId::new(text).unwrap()
}

pub(crate) fn info(metric: &str) -> SeriesInfo {
    SeriesInfo {
        key: SeriesKey::plain(MetricName::new(metric).unwrap()),
        hook: HookName::new("host.cpu").unwrap(),
        unit: Unit::None,
        limit: None,
    }
}

pub(crate) fn event(name: &str, secs: i64) -> Signal {
    Signal::Event(Event {
        name: name.to_owned(),
        time: Timestamp::from_secs(secs),
        attributes: Attributes::new(),
    })
}

type Poll = Box<dyn FnMut(Timestamp, &mut dyn Emitter) -> Result<Next> + Send>;

/// A source made of a closure.
pub(crate) struct FnSource {
    pub(crate) overflow: Overflow,
    pub(crate) poll: Poll,
}

impl FnSource {
    pub(crate) fn boxed(
        overflow: Overflow,
        poll: impl FnMut(Timestamp, &mut dyn Emitter) -> Result<Next> + Send + 'static,
    ) -> Box<dyn Source> {
        Box::new(Self {
            overflow,
            poll: Box::new(poll),
        })
    }
}

impl Source for FnSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: "test".to_owned(),
            description: "made for a test".to_owned(),
            overflow: self.overflow,
        }
    }

    fn poll(&mut self, now: Timestamp, out: &mut dyn Emitter) -> Result<Next> {
        (self.poll)(now, out)
    }
}

/// `rounds` polls of one sample for each of `series` series, one second apart by their times; value = round.
pub(crate) fn rounds(series: u32, rounds: i64) -> Box<dyn Source> {
    let mut ids: Vec<SeriesId> = Vec::new();
    let mut round = 0;
    FnSource::boxed(Overflow::Wait, move |_, out| {
        if ids.is_empty() {
            ids = (0..series)
                .map(|i| out.series(&info(&format!("m.{i}"))))
                .collect();
        }
        for id in &ids {
            out.sample(*id, Timestamp::from_secs(round), round as f64);
        }
        round += 1;
        Ok(if round >= rounds {
            Next::Done
        } else {
            Next::Now
        })
    })
}

/// What a scripted tool does at each signal: the number of the call (from 1), the firing, the context.
type Observe = dyn Fn(u64, &Firing<'_>, &mut dyn Ctx) -> Result<()> + Send + Sync;
type Plain = dyn Fn(&mut dyn Ctx) -> Result<()> + Send + Sync;

/// A tool made of closures; the calls of all its instances are counted together.
pub(crate) struct FnTool {
    meta: ToolMeta,
    observe: Arc<Observe>,
    tick: Arc<Plain>,
    finish: Arc<Plain>,
    pub(crate) calls: Arc<AtomicU64>,
    pub(crate) made: Arc<AtomicU64>,
    pub(crate) configs: Arc<Mutex<Vec<Config>>>,
}

impl FnTool {
    pub(crate) fn new(
        name: &str,
        effects: &[Effect],
        observe: impl Fn(u64, &Firing<'_>, &mut dyn Ctx) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let mut meta = ToolMeta::new(name, "host.**", "made for a test").unwrap();
        meta.effects = EffectSet::of(effects);
        Self {
            meta,
            observe: Arc::new(observe),
            tick: Arc::new(|_| Ok(())),
            finish: Arc::new(|_| Ok(())),
            calls: Arc::default(),
            made: Arc::default(),
            configs: Arc::default(),
        }
    }

    pub(crate) fn meta(mut self, change: impl FnOnce(&mut ToolMeta)) -> Self {
        change(&mut self.meta);
        self
    }

    pub(crate) fn tick(
        mut self,
        tick: impl Fn(&mut dyn Ctx) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.tick = Arc::new(tick);
        self
    }

    pub(crate) fn finish(
        mut self,
        finish: impl Fn(&mut dyn Ctx) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.finish = Arc::new(finish);
        self
    }

    pub(crate) fn share(self) -> Arc<Self> {
        Arc::new(self)
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }
}

impl ToolFactory for FnTool {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        self.made.fetch_add(1, Ordering::SeqCst);
        self.configs.lock().unwrap().push(config.clone());
        Ok(Box::new(FnInstance {
            observe: Arc::clone(&self.observe),
            tick: Arc::clone(&self.tick),
            finish: Arc::clone(&self.finish),
            calls: Arc::clone(&self.calls),
        }))
    }
}

struct FnInstance {
    observe: Arc<Observe>,
    tick: Arc<Plain>,
    finish: Arc<Plain>,
    calls: Arc<AtomicU64>,
}

impl Tool for FnInstance {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        (self.observe)(call, firing, ctx)
    }

    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        (self.tick)(ctx)
    }

    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        (self.finish)(ctx)
    }
}

/// What a sink was given.
#[derive(Debug, Default, Clone)]
pub(crate) struct Given {
    pub(crate) points: Vec<(String, Point)>,
    pub(crate) findings: Vec<Finding>,
}

impl Given {
    pub(crate) fn sentences(&self) -> Vec<&str> {
        self.findings.iter().map(|f| f.sentence.as_str()).collect()
    }
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Collect(pub(crate) Arc<Mutex<Given>>);

impl Collect {
    pub(crate) fn given(&self) -> Given {
        self.0.lock().unwrap().clone()
    }
}

impl Sink for Collect {
    fn name(&self) -> &str {
        "collect"
    }

    fn points(&mut self, points: &[Point], catalogue: &dyn Catalogue) -> Result<()> {
        let named = |p: &Point| (catalogue.get(p.series).unwrap().key.to_string(), *p);
        self.0
            .lock()
            .unwrap()
            .points
            .extend(points.iter().map(named));
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> Result<()> {
        self.0.lock().unwrap().findings.push(finding.clone());
        Ok(())
    }
}

pub(crate) fn value_of(firing: &Firing<'_>) -> f64 {
    match firing.signal {
        SignalRef::Sample { value, .. } => value,
        _ => f64::NAN,
    }
}

pub(crate) fn error(tool: &str, message: &str) -> Error {
    Error::Tool {
        tool: tool.to_owned(),
        message: message.to_owned(),
    }
}

/// Waits up to ten seconds for something to become true.
pub(crate) fn eventually(what: &str, is_true: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !is_true() {
        assert!(Instant::now() < until, "never came true: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub(crate) fn engine(
    tools: &[&Arc<FnTool>],
    source: Box<dyn Source>,
) -> (Engine, Collect, EngineHandle) {
    let sink = Collect::default();
    let mut builder = Engine::builder()
        .source(source)
        .sink(Box::new(sink.clone()));
    for tool in tools {
        let factory: Arc<dyn ToolFactory> = Arc::<FnTool>::clone(tool);
        builder = builder.tool(factory, Attributes::new());
    }
    let engine = builder.build().unwrap();
    let handle = engine.handle();
    (engine, sink, handle)
}
