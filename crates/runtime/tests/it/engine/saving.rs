//! Tools that continue from what was saved.

use std::sync::{Arc, Mutex};

use voidstate_core::{
    Attributes, Config, Ctx, FindingKind, Firing, Lifecycle, Placement, Result, Severity, Tool,
    ToolFactory, ToolId, ToolMeta,
};
use voidstate_runtime::{Engine, EngineTime, MemoryState, StateStore};

use super::kit::{Collect, error, id, rounds};

/// Counts signals, says each count to `log`, and panics at the counts given, once each.
struct Counter {
    meta: ToolMeta,
    log: Arc<Mutex<Vec<u64>>>,
    panics: Arc<Mutex<Vec<u64>>>,
}

impl Counter {
    fn new(panics: &[u64]) -> (Arc<Self>, Arc<Mutex<Vec<u64>>>) {
        let log = Arc::default();
        let counter = Self {
            meta: ToolMeta::new("counter", "host.**", "counts").unwrap(),
            log: Arc::clone(&log),
            panics: Arc::new(Mutex::new(panics.to_vec())),
        };
        (Arc::new(counter), log)
    }
}

impl ToolFactory for Counter {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(Instance {
            count: 0,
            log: Arc::clone(&self.log),
            panics: Arc::clone(&self.panics),
        }))
    }
}

struct Instance {
    count: u64,
    log: Arc<Mutex<Vec<u64>>>,
    panics: Arc<Mutex<Vec<u64>>>,
}

impl Tool for Instance {
    fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        self.count += 1;
        self.log.lock().unwrap().push(self.count);
        let mut panics = self.panics.lock().unwrap();
        if let Some(at) = panics.iter().position(|count| *count == self.count) {
            panics.remove(at);
            drop(panics);
            panic!("at {}", self.count);
        }
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        Ok(self.count.to_le_bytes().to_vec())
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let bytes = state
            .try_into()
            .map_err(|_| error("counter", "not eight bytes"))?;
        self.count = u64::from_le_bytes(bytes);
        Ok(())
    }
}

fn run(counter: &Arc<Counter>, state: &Arc<MemoryState>, seconds: i64) -> Collect {
    let sink = Collect::default();
    let factory: Arc<dyn ToolFactory> = Arc::<Counter>::clone(counter);
    let state: Arc<dyn StateStore> = Arc::<MemoryState>::clone(state);
    let engine = Engine::builder()
        .time(EngineTime::Signals)
        .capacity(64, 1)
        .state(state)
        .source(rounds(1, seconds))
        .sink(Box::new(sink.clone()))
        .tool(factory, Attributes::new())
        .build()
        .unwrap();
    let handle = engine.handle();
    let report = engine.run_inline();
    assert!(handle.state(&id("counter")).is_ok());
    assert_eq!(report.stats.delivered, report.stats.accepted);
    sink
}

#[test]
fn a_retried_tool_continues_from_what_was_saved_last() {
    let (counter, log) = Counter::new(&[100]);
    run(&counter, &Arc::default(), 200);
    let log = log.lock().unwrap();
    assert_eq!(log[..100], (1..=100).collect::<Vec<u64>>());
    // It is saved once a minute of the signals' time, so somewhere between second 60 and 62.
    assert!((61..=63).contains(&log[100]), "{}", log[100]);
    assert!(log[100..].windows(2).all(|w| w[1] == w[0] + 1));
}

#[test]
fn the_next_engine_continues_where_the_last_one_ended() {
    let state = Arc::default();
    let (counter, log) = Counter::new(&[]);
    run(&counter, &state, 10);
    run(&counter, &state, 10);
    assert!(log.lock().unwrap().iter().copied().eq(1..=20));
}

#[test]
fn a_state_that_does_not_fit_is_said_and_the_tool_starts_afresh() {
    let state = Arc::<MemoryState>::default();
    let tool = ToolId::new("counter").unwrap();
    state.write(&tool, 0, ".instance", b"junk").unwrap();
    let (counter, log) = Counter::new(&[]);
    let sink = run(&counter, &state, 3);
    assert_eq!(*log.lock().unwrap(), [1, 2, 3]);
    let given = sink.given();
    assert!(
        given.sentences()[0].contains("starts afresh")
            && given.sentences()[0].contains("not eight bytes")
    );
}

/// A place that cannot be written.
#[derive(Debug)]
struct Full;

impl StateStore for Full {
    fn read(&self, _: &ToolId, _: usize, _: &str) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn write(&self, _: &ToolId, _: usize, _: &str, _: &[u8]) -> Result<()> {
        Err(error("store", "disk full"))
    }
}

#[test]
fn a_state_that_cannot_be_saved_is_a_warning_to_the_sinks() {
    let (counter, _) = Counter::new(&[]);
    let sink = Collect::default();
    let engine = Engine::builder()
        .state(Arc::new(Full))
        .source(rounds(1, 3))
        .sink(Box::new(sink.clone()))
        .tool(counter, Attributes::new())
        .build()
        .unwrap();
    let _ = engine.run_inline();
    let findings = sink.given().findings;
    let told: Vec<_> = findings
        .iter()
        .filter(|f| f.sentence.contains("its state cannot be saved"))
        .collect();
    assert_eq!(told.len(), 1, "{findings:?}");
    assert!(told[0].sentence.contains("disk full"));
    assert_eq!(
        (told[0].kind, told[0].severity),
        (FindingKind::Health, Severity::Warning)
    );
}
