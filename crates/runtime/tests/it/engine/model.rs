//! Lives of tools against the naive model of `voidstate-properties`.

use std::sync::Arc;

use voidstate_core::{
    Attributes, Hooks, Lifecycle, ManualClock, Next, Overflow, Registry, Timestamp,
};
use voidstate_properties::registry_machine::{House, Settings, check};
use voidstate_runtime::{Engine, EngineHandle, InlineEngine, ToolRegistry};

use super::kit::{FnSource, FnTool, info};

/// An engine that moves when it is told to, and its registry.
struct Moved {
    registry: Arc<ToolRegistry>,
    engine: InlineEngine,
    handle: EngineHandle,
}

impl Moved {
    fn new() -> Self {
        let source = FnSource::boxed(Overflow::Drop, move |now, out| {
            let series = out.series(&info("m"));
            out.sample(series, now, 1.0);
            Ok(Next::Now)
        });
        let registry = Arc::new(ToolRegistry::new());
        let shared: Arc<dyn Registry> = Arc::<ToolRegistry>::clone(&registry);
        let engine = Engine::builder()
            .clock(Arc::new(ManualClock::new(Timestamp::from_secs(1))))
            .registry(shared)
            .source(source)
            .build()
            .unwrap()
            .inline();
        Self {
            handle: engine.handle(),
            registry,
            engine,
        }
    }
}

impl House for Moved {
    fn registry(&self) -> &dyn Registry {
        &*self.registry
    }

    fn lifecycle(&self) -> Option<&dyn Lifecycle> {
        Some(&self.handle)
    }

    fn signal(&mut self) -> bool {
        self.engine.step()
    }
}

#[test]
fn lives_agree_with_a_naive_model() {
    let settings = Settings {
        cases: crate::soak::cases(128),
        steps_max: 60,
        tools: 4,
        seed: crate::soak::seed(3),
    };
    if let Err(fault) = check(Moved::new, settings) {
        panic!("{fault}");
    }
}

#[test]
fn hooks_of_all_shards_are_one() {
    let tool = FnTool::new("t", &[], |_, _, _| Ok(())).share();
    let engine = Engine::builder()
        .shards(3)
        .source(super::kit::rounds(9, 10))
        .tool(tool, Attributes::new())
        .build()
        .unwrap();
    let handle = engine.handle();
    let report = engine.run_to_end().unwrap();
    assert_eq!(report.stats.delivered, 90);
    let hooks = handle.list();
    let cpu = hooks
        .iter()
        .find(|h| h.name.as_str() == "host.cpu")
        .unwrap();
    assert_eq!((cpu.fired, cpu.callbacks, cpu.enabled), (90, 1, true));
    let number = handle.declare(&cpu.name);
    handle.set_enabled(number, false).unwrap();
    assert!(handle.list().iter().all(|h| !h.enabled));
    assert!(
        handle
            .set_enabled(voidstate_core::HookId(77), false)
            .is_err()
    );
}
