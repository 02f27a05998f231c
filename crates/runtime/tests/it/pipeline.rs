//! Tools whose needs, order and costs are types, and what refuses the others.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{
    Attributes, Config, Ctx, Firing, Placement, Result, Tool, ToolFactory, ToolId, ToolMeta,
};
use voidstate_runtime::{After, Engine, Error, Exactly, Pipeline, PipelineTool, ToolRegistry};

use crate::engine::kit::rounds;
use crate::registry::{factory, id};

/// The compiler's part; the `pass` case makes trybuild build, so that budgets are seen.
#[test]
fn pipelines_that_do_not_fit_do_not_build() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pipeline/pass_pipeline.rs");
    cases.compile_fail("tests/ui/pipeline/fail_pipeline_*.rs");
}

type Calls = Arc<Mutex<Vec<&'static str>>>;

struct Writes(&'static str, Calls);

impl Tool for Writes {
    fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        self.1.lock().unwrap().push(self.0);
        Ok(())
    }
}

macro_rules! tool {
    ($name:ident $id:literal $needs:ty, $after:ty) => {
        struct $name(ToolMeta, Calls);
        impl $name {
            fn new(calls: &Calls, change: impl FnOnce(&mut ToolMeta)) -> Self {
                let mut meta = ToolMeta::new($id, "host.**", "writes its name").unwrap();
                change(&mut meta);
                Self(meta, Arc::clone(calls))
            }
        }
        impl ToolFactory for $name {
            fn meta(&self) -> &ToolMeta {
                &self.0
            }
            fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
                Ok(Box::new(Writes($id, Arc::clone(&self.1))))
            }
        }
        impl PipelineTool for $name {
            const ID: &'static str = $id;
            type Needs = $needs;
            type After = $after;
            const MEMORY_BYTES: u64 = 1 << 20;
            const TIME_PER_SIGNAL_NS: u64 = 5_000_000;
        }
    };
}
tool!(Drift "drift" (), ());
tool!(Cause "cause" (Drift,), ());
tool!(Late "late" (), (After<Drift>, After<Cause>));
tool!(Vote "vote" Exactly<2>, ());

type Wide<S> = Pipeline<S, { 1 << 30 }, 1_000_000_000>;

fn plain() -> Attributes {
    Attributes::new()
}

#[test]
fn types_are_written_into_the_metadata_and_order_the_calls() {
    let calls = Calls::default();
    let pipeline = Wide::new()
        .tool(Drift::new(&calls, |_| ()), (), plain())
        .unwrap()
        .tool(Cause::new(&calls, |_| ()), (), plain())
        .unwrap()
        // Without the ordering it would be called first.
        .tool(
            Late::new(&calls, |m| m.subscriptions[0].priority = 9),
            (),
            plain(),
        )
        .unwrap();
    let metas: Vec<ToolMeta> = pipeline.metas().cloned().collect();
    assert_eq!(metas[1].dependencies, [id("drift")]);
    assert_eq!(metas[2].subscriptions[0].after, [id("drift"), id("cause")]);
    assert!(metas.iter().all(|m| m.budget.memory_bytes == 1 << 20
        && m.budget.time_per_signal == Duration::from_millis(5)));
    let builder = Engine::builder().source(rounds(1, 20));
    let report = pipeline.onto(builder).build().unwrap().run_inline();
    assert_eq!(report.stats.accepted, 20);
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 60);
    assert!(
        calls.chunks(3).all(|c| c == ["drift", "cause", "late"]),
        "{calls:?}"
    );
}

#[test]
fn another_number_of_dependencies_is_refused_by_name() {
    let registry = ToolRegistry::new();
    for (needs, given) in [
        (&["a"][..], 1),
        (&["a", "b", "c"], 3),
        (&["a", "a"], 1),
        (&[], 0),
    ] {
        let refused = registry
            .register_exactly(factory("vote", needs), 2)
            .unwrap_err();
        assert!(
            matches!(&refused, Error::DependencyCount { tool, declared: 2, given: g } if tool == "vote" && *g == given),
            "{refused}"
        );
    }
    assert!(registry.is_empty());
    registry
        .register_exactly(factory("vote", &["a", "b"]), 2)
        .unwrap();
    registry.register_exactly(factory("alone", &[]), 0).unwrap();
    assert_eq!(registry.len(), 2);
}

#[test]
fn chosen_predecessors_are_as_many_as_the_type_says() {
    let calls = Calls::default();
    let chosen = |ids: [ToolId; 2]| {
        let pipeline = Wide::new().tool(Vote::new(&calls, |_| ()), ids, plain())?;
        let meta = pipeline.metas().next().cloned();
        Ok::<_, Error>(meta.unwrap().dependencies)
    };
    assert_eq!(chosen([id("a"), id("b")]).unwrap(), [id("a"), id("b")]);
    let twice = chosen([id("a"), id("a")]).unwrap_err();
    assert!(
        matches!(
            twice,
            Error::DependencyCount {
                declared: 2,
                given: 1,
                ..
            }
        ),
        "{twice}"
    );
    let absent = Wide::new().tool(Vote::new(&calls, |_| ()), [id("a"), id("b")], plain());
    let refused = absent.unwrap().onto(Engine::builder()).build().unwrap_err();
    assert!(refused.to_string().contains('a'), "{refused}");
}

#[test]
fn metadata_that_disagree_with_the_type_are_refused() {
    let calls = Calls::default();
    let other = Drift::new(&calls, |m| m.id = id("other"));
    assert!(Wide::new().tool(other, (), plain()).is_err());
    let one = |change: fn(&mut ToolMeta)| {
        let first = Wide::new()
            .tool(Drift::new(&calls, |_| ()), (), plain())
            .unwrap();
        first.tool(Cause::new(&calls, change), (), plain())
    };
    assert!(one(|m| m.dependencies = vec![id("drift")]).is_ok());
    let more = one(|m| m.dependencies = vec![id("drift"), id("clock")]).unwrap_err();
    assert!(more.to_string().contains("[drift, clock]"), "{more}");
    assert!(one(|m| m.dependencies = vec![id("clock")]).is_err());
}

#[test]
fn tools_over_their_budget_are_refused_by_name() {
    let build = |memory: u64, time: Duration, each: u64| {
        let tools = ["a", "b"].map(|name| {
            let mut meta = factory(name, &[]).meta().clone();
            meta.budget.memory_bytes = each;
            meta.budget.time_per_signal = Duration::from_millis(2);
            let calls = Calls::default();
            Arc::new(Drift(meta, calls)) as Arc<dyn ToolFactory>
        });
        let builder = Engine::builder().budget(memory, time);
        let builder = tools.into_iter().fold(builder, |b, t| b.tool(t, plain()));
        builder.build().map(|_| ())
    };
    let time = Duration::from_millis(4);
    build(200, time, 100).unwrap();
    let refused = build(199, time, 100).unwrap_err();
    assert!(
        matches!(
            refused,
            Error::OverBudget {
                what: "bytes",
                limit: 199,
                spent: 200
            }
        ),
        "{refused}"
    );
    let refused = build(200, Duration::from_micros(3999), 100).unwrap_err();
    assert!(
        matches!(
            refused,
            Error::OverBudget {
                what: "nanoseconds",
                limit: 3_999_000,
                spent: 4_000_000
            }
        ),
        "{refused}"
    );
    let refused = build(u64::MAX, time, u64::MAX).unwrap_err();
    assert!(
        matches!(
            refused,
            Error::OverBudget {
                what: "bytes",
                spent: u64::MAX,
                ..
            }
        ),
        "{refused}"
    );
    build(0, Duration::ZERO, 0).unwrap_err();
}
