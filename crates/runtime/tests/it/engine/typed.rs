//! Tools whose types say what they do, beside metadata that says the same, or something else.

use std::sync::Arc;

use voidstate_core::effects::{EmitMetric, Log};
use voidstate_core::{
    Allowed, Attributes, Config, Effect, EffectSet, Error as CoreError, Firing, LogLevel,
    MetricName, Placement, Result, Tool, ToolFactory, ToolMeta, TypedTool,
};
use voidstate_runtime::{Engine, Error};

use super::kit::{Collect, id, rounds, value_of};

/// Publishes twice of what it sees, and says so.
struct Twice(MetricName);

impl TypedTool for Twice {
    type Effects = (EmitMetric, Log);

    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        ctx.log(LogLevel::Info, "twice")?;
        ctx.metric(&self.0, 2.0 * value_of(firing))
    }
}

struct Factory(ToolMeta);

impl ToolFactory for Factory {
    fn meta(&self) -> &ToolMeta {
        &self.0
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(Twice(MetricName::new("value")?)))
    }
}

fn typed() -> ToolMeta {
    ToolMeta::typed::<Twice>("twice", "host.**", "doubles").unwrap()
}

#[test]
fn a_typed_tool_runs_with_the_effects_of_its_types() {
    let sink = Collect::default();
    let engine = Engine::builder()
        .source(rounds(1, 4))
        .sink(Box::new(sink.clone()))
        .tool(Arc::new(Factory(typed())), Attributes::new())
        .build()
        .unwrap();
    let report = engine.run_inline();
    assert_eq!(report.stats.tools[0].errors, 0);
    let points = sink.given().points;
    let published = points.iter().filter(|(name, _)| name.contains("value"));
    let published: Vec<_> = published.map(|(_, point)| point.value).collect();
    assert_eq!(published, [0.0, 2.0, 4.0, 6.0]);
}

#[test]
fn metadata_that_says_other_effects_than_the_types_is_refused() {
    let others: [&[Effect]; 4] = [
        &[],
        &[Effect::EmitMetric],
        &[Effect::EmitMetric, Effect::Log, Effect::Clock],
        &[Effect::EmitFinding, Effect::Log],
    ];
    for effects in others {
        let mut meta = typed();
        meta.effects = EffectSet::of(effects);
        let said = meta.effects;
        let built = Engine::builder()
            .source(rounds(1, 4))
            .tool(Arc::new(Factory(meta)), Attributes::new())
            .build();
        match built.map(|_| ()) {
            Err(Error::Core(CoreError::EffectsDiffer {
                tool,
                types,
                metadata,
            })) => {
                assert_eq!(tool, id("twice").as_str());
                assert_eq!((types, metadata), (typed().effects, said));
            }
            other => panic!("{said}: {other:?}"),
        }
    }
    let mut meta = typed();
    meta.effects = EffectSet::EMPTY;
    let built = Engine::builder()
        .source(rounds(1, 4))
        .tool(Arc::new(Factory(meta)), Attributes::new())
        .build();
    assert_eq!(
        built.map(|_| ()).unwrap_err().to_string(),
        "tool \"twice\" may do emit_metric log by its types, but its metadata says nothing; make the metadata with \
         `ToolMeta::typed`"
    );
}
