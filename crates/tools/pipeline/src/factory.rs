//! Metadata, configuration and instances.

use voidstate_category::functor::{Applicative, Validation};
use voidstate_core::{
    Budget, Config, ConfigField, ConfigKind, Error, Placement, Result, Selector, Tool, ToolFactory,
    ToolId, ToolMeta,
};
use voidstate_equivalence::optimise::{Optimised, optimise};
use voidstate_equivalence::pipeline::Pipeline;
use voidstate_equivalence::rules::Rules;

use crate::tool::PipelineTool;

/// Configuration key: which series, as a selector.
pub const SERIES: &str = "series";
/// Configuration key: what is made of them, as a pipeline.
pub const STEPS: &str = "steps";
/// The category of these tools.
pub const CATEGORY: &str = "pipeline";

/// Makes instances of one pipeline's tool.
#[derive(Debug, Clone)]
pub struct PipelineFactory {
    meta: ToolMeta,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) series: Selector,
    pub(crate) steps: Pipeline,
}

/// A pipeline that does the same for less work, with the proof, which was checked again.
///
/// # Errors
/// A proof that does not hold, which is a fault of the search and not of the pipeline.
pub(crate) fn optimised(id: &ToolId, steps: &Pipeline) -> Result<Optimised> {
    optimise(steps, Rules::standard()).map_err(|error| Error::Tool {
        tool: id.to_string(),
        message: error.to_string(),
    })
}

impl PipelineFactory {
    /// The tool `id` that makes of each series that `series` selects what `steps` says; both can be reconfigured.
    ///
    /// # Errors
    /// [`Error::Name`] for the id, [`Error::Config`] with everything that is wrong with the others.
    pub fn new(id: &str, series: &str, steps: &str) -> Result<Self> {
        Asked::read(series, steps)?;
        let description = "makes new series of series: a pipeline of filters, maps and windows";
        let mut meta = ToolMeta::typed::<PipelineTool>(id, "**", description)?;
        meta.name = format!("Pipeline {id}");
        meta.category = CATEGORY.to_owned();
        meta.version = env!("CARGO_PKG_VERSION").to_owned();
        let field = |name: &str, default: &str, description: &str| ConfigField {
            name: name.to_owned(),
            kind: ConfigKind::Text,
            default: default.into(),
            description: description.to_owned(),
        };
        meta.config = vec![
            field(
                SERIES,
                series,
                "which series, by metric and labels: host.cpu.*{core=\"0\"}",
            ),
            field(
                STEPS,
                steps,
                "what is made of them: where value > 0.5 | window mean 10",
            ),
        ];
        meta.budget = Budget {
            memory_bytes: 256 << 20,
            ..Budget::default()
        };
        meta.check()?;
        Ok(Self { meta })
    }

    /// What is run instead of the steps, and why it does the same.
    ///
    /// # Errors
    /// None in practice: that a proof does not hold would be a fault of the search.
    pub fn rewritten(&self, steps: &str) -> Result<Optimised> {
        optimised(&self.meta.id, &Asked::read("**", steps)?.steps)
    }
}

impl Asked {
    /// Reads both texts; all that is wrong with either is said together.
    pub(crate) fn read(series: &str, steps: &str) -> Result<Self> {
        let selector = match series.parse::<Selector>() {
            Ok(selector) => Validation::Valid(selector),
            Err(error) => Validation::Invalid(vec![format!("{SERIES}: {error}")]),
        };
        let pipeline = match Pipeline::parse(steps) {
            Ok(pipeline) => Validation::Valid(pipeline),
            Err(error) => Validation::Invalid(vec![format!("{STEPS}: {}", error.render(steps))]),
        };
        let both = selector.map2(pipeline, |series, steps| Self { series, steps });
        both.into_result().map_err(|wrong| Error::Config {
            key: format!("{SERIES}, {STEPS}"),
            reason: wrong.join("; "),
        })
    }

    pub(crate) fn of(config: &Config) -> Result<Self> {
        Self::read(text(config, SERIES)?, text(config, STEPS)?)
    }
}

fn text<'c>(config: &'c Config, key: &str) -> Result<&'c str> {
    let value = config.get(key)?;
    value.as_text().ok_or_else(|| Error::Config {
        key: key.to_owned(),
        reason: format!("it holds a {}, expected a text", value.kind()),
    })
}

impl ToolFactory for PipelineFactory {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        let tool = PipelineTool::new(self.meta.id.clone(), Asked::of(config)?)?;
        Ok(Box::new(tool))
    }
}
