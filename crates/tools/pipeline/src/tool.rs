//! The tool itself: a sample in, at most one metric out.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use voidstate_category::stream::{Machine, Saved as _};
use voidstate_codec::{Kind, Schema};
use voidstate_core::effects::{EmitMetric, Log};
use voidstate_core::{
    Allowed, Config, Error, Firing, LogLevel, MetricName, Result, Selector, SeriesId, SeriesKey,
    SignalRef, ToolId, TypedTool,
};
use voidstate_equivalence::optimise::Optimised;
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_spec::implements;

use crate::Arrow;
use crate::factory::{self, Asked};

const STATE: Schema = Schema::new(Kind::new(b"PIPT"), 1);
/// Series at most.
const SERIES_MAX: usize = 10_000;

/// What the tool does to the world outside itself.
type Effects = (EmitMetric, Log);

/// What is known of a number of the engine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Unknown,
    /// Not selected, or one too many.
    Left,
    /// Index in `lines`.
    At(usize),
}

/// A series, and what is made of it.
#[derive(Debug)]
struct Line {
    key: SeriesKey,
    /// What it is called: the source's name.
    name: MetricName,
    arrow: Arrow,
}

#[derive(Debug, Serialize, Deserialize)]
struct State {
    steps: String,
    lines: Vec<(SeriesKey, Vec<u8>)>,
    is_told: bool,
}

/// An instance.
#[derive(Debug)]
pub(crate) struct PipelineTool {
    id: ToolId,
    /// What the names of its own metrics begin with.
    own: String,
    series: Selector,
    /// What is asked for.
    steps: Pipeline,
    /// What is run.
    run: Pipeline,
    /// Why that is the same, until it was said.
    proof: Option<String>,
    lines: Vec<Line>,
    by_key: HashMap<SeriesKey, usize>,
    by_id: Vec<Place>,
    /// Whether it was said that there are too many series.
    is_told: bool,
}

impl PipelineTool {
    pub(crate) fn new(id: ToolId, asked: Asked) -> Result<Self> {
        let own = format!("tool.{id}.");
        let Asked { series, steps } = asked;
        let Optimised { pipeline, path, .. } = factory::optimised(&id, &steps)?;
        // Found out now and not at the first sample.
        arrow(&id, &pipeline)?;
        let proof = (!path.steps().is_empty()).then(|| {
            let rules: Vec<_> = path.steps().iter().map(|step| step.rule.as_str()).collect();
            let rules = rules.join(", ");
            format!("`{steps}` is run as `{pipeline}`, which is the same by {rules}")
        });
        Ok(Self {
            id,
            own,
            series,
            steps,
            run: pipeline,
            proof,
            lines: Vec::new(),
            by_key: HashMap::new(),
            by_id: Vec::new(),
            is_told: false,
        })
    }

    fn place(
        &mut self,
        id: SeriesId,
        key: &SeriesKey,
        ctx: &mut Allowed<'_, Effects>,
    ) -> Result<Place> {
        let number = id.0 as usize;
        if let Some(known) = self.by_id.get(number).filter(|p| **p != Place::Unknown) {
            return Ok(*known);
        }
        if ctx.series(id).is_none() {
            // A number that was never issued: nothing can be published like it.
            return Ok(Place::Left);
        }
        let place = self.admit(key, ctx)?;
        if self.by_id.len() <= number {
            self.by_id.resize(number + 1, Place::Unknown);
        }
        if let Some(entry) = self.by_id.get_mut(number) {
            *entry = place;
        }
        Ok(place)
    }

    fn admit(&mut self, key: &SeriesKey, ctx: &mut Allowed<'_, Effects>) -> Result<Place> {
        if let Some(at) = self.by_key.get(key) {
            return Ok(Place::At(*at));
        }
        let metric = key.metric().as_str();
        if metric.starts_with(&self.own) || !self.series.matches(key) {
            return Ok(Place::Left);
        }
        if self.lines.len() >= SERIES_MAX {
            if !self.is_told {
                self.is_told = true;
                let line =
                    format!("only the first {SERIES_MAX} series are worked on; select fewer");
                ctx.log(LogLevel::Warn, &line)?;
            }
            return Ok(Place::Left);
        }
        Ok(Place::At(self.add(key.clone())?))
    }

    fn add(&mut self, key: SeriesKey) -> Result<usize> {
        let at = self.lines.len();
        self.lines.push(Line {
            name: key.metric().clone(),
            arrow: arrow(&self.id, &self.run)?,
            key: key.clone(),
        });
        self.by_key.insert(key, at);
        Ok(at)
    }

    fn refuse(&self, message: String) -> Error {
        Error::Tool {
            tool: self.id.to_string(),
            message,
        }
    }
}

fn arrow(id: &ToolId, steps: &Pipeline) -> Result<Arrow> {
    Arrow::of(steps).map_err(|error| Error::Tool {
        tool: id.to_string(),
        message: error.to_string(),
    })
}

#[implements("specs/tool-pipeline.spec")]
impl TypedTool for PipelineTool {
    type Effects = Effects;

    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Effects>) -> Result<()> {
        let SignalRef::Sample {
            id,
            series,
            time,
            value,
        } = firing.signal
        else {
            return Ok(());
        };
        if let Some(proof) = self.proof.take() {
            ctx.log(LogLevel::Info, &proof)?;
        }
        let Place::At(at) = self.place(id, series, ctx)? else {
            return Ok(());
        };
        let Some(line) = self.lines.get_mut(at) else {
            return Ok(());
        };
        match line.arrow.step(Sample::new(time.as_nanos(), value)) {
            Some(made) => ctx.metric_like(&line.name, id, made.value),
            None => Ok(()),
        }
    }

    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        let asked = Asked::of(config)?;
        if asked.series == self.series && asked.steps == self.steps {
            return Ok(());
        }
        let fresh = Self::new(self.id.clone(), asked)?;
        if fresh.run != self.run {
            *self = fresh;
            return Ok(());
        }
        // What is run stays the same, in other words or for other series: who goes on being selected remembers what it saw.
        self.series = fresh.series;
        self.steps = fresh.steps;
        self.proof = fresh.proof;
        let lines = std::mem::take(&mut self.lines);
        self.lines = lines
            .into_iter()
            .filter(|line| self.series.matches(&line.key))
            .collect();
        let keys = self.lines.iter().enumerate();
        self.by_key = keys.map(|(at, line)| (line.key.clone(), at)).collect();
        self.by_id.clear();
        self.is_told = false;
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        let line = |line: &Line| (line.key.clone(), line.arrow.save());
        let state = State {
            steps: self.run.to_string(),
            lines: self.lines.iter().map(line).collect(),
            is_told: self.is_told,
        };
        STATE
            .encode(&state)
            .map_err(|error| self.refuse(format!("its state cannot be saved: {error}")))
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let state: State = STATE
            .decode(state)
            .map_err(|error| self.refuse(format!("its state cannot be read: {error}")))?;
        if state.steps != self.run.to_string() {
            return Err(self.refuse(format!(
                "the state is of the steps `{}`, it now has `{}`",
                state.steps, self.run
            )));
        }
        if state.lines.len() > SERIES_MAX {
            let found = state.lines.len();
            return Err(self.refuse(format!("{found} series, expected at most {SERIES_MAX}")));
        }
        let asked = Asked {
            series: self.series.clone(),
            steps: self.steps.clone(),
        };
        let mut restored = Self::new(self.id.clone(), asked)?;
        restored.is_told = state.is_told;
        // It was said before the state was saved.
        restored.proof = None;
        for (key, memory) in state.lines {
            if restored.by_key.contains_key(&key) {
                return Err(self.refuse(format!("series {key} is there twice")));
            }
            let at = restored.add(key)?;
            if let Some(line) = restored.lines.get_mut(at) {
                let loaded = line.arrow.restore(memory);
                loaded.map_err(|error| self.refuse(format!("{}: {error}", line.key)))?;
            }
        }
        *self = restored;
        Ok(())
    }
}
