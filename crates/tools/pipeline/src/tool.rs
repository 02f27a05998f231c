//! The tool and its factory.

use std::collections::BTreeMap;

use voidstate_core::effects::EmitFinding;
use voidstate_core::{
    Allowed, Confidence, Config, ConfigField, ConfigKind, Evidence, Finding, FindingKind, Firing,
    Placement, Result, SeriesKey, Severity, SignalRef, Stage, Timestamp, Tool, ToolFactory, ToolId,
    ToolMeta, TypedTool, Unit,
};
use voidstate_spec::implements;

/// Makes instances of the tool.
#[derive(Debug, Clone)]
pub struct Factory {
    meta: ToolMeta,
}

impl Factory {
    /// The factory with the tool's metadata.
    ///
    /// # Errors
    /// None in practice: the names in it are constants that are valid.
    pub fn new() -> Result<Self> {
        let description = "tells when a series is above a limit";
        let mut meta = ToolMeta::typed::<Above>("pipeline", "host.**", description)?;
        meta.config = vec![ConfigField {
            name: "limit".to_owned(),
            kind: ConfigKind::Real {
                min: f64::MIN,
                max: f64::MAX,
            },
            default: 100.0.into(),
            description: "values above it open an episode".to_owned(),
        }];
        Ok(Self { meta })
    }
}

impl ToolFactory for Factory {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(Above {
            id: self.meta.id.clone(),
            limit: config.real("limit")?,
            episodes: 0,
            open: BTreeMap::new(),
        }))
    }
}

/// An episode that goes on.
struct Episode {
    number: u64,
    since: Timestamp,
    last: (Timestamp, f64),
}

struct Above {
    id: ToolId,
    limit: f64,
    episodes: u64,
    open: BTreeMap<SeriesKey, Episode>,
}

impl Above {
    fn finding(&self, series: &SeriesKey, episode: &Episode, end: Option<Timestamp>) -> Finding {
        let (time, value) = episode.last;
        let verb = if end.is_some() { "was" } else { "is" };
        Finding {
            tool: self.id.clone(),
            episode: episode.number,
            kind: FindingKind::Violation,
            severity: Severity::Notice,
            stage: if end.is_some() {
                Stage::Closed
            } else {
                Stage::Opened
            },
            start: episode.since,
            end,
            series: vec![series.clone()],
            sentence: format!("{series} {verb} above {}, at {value}", self.limit),
            evidence: vec![Evidence::Value {
                series: series.clone(),
                time,
                value,
                unit: Unit::default(),
            }],
            confidence: Confidence::saturating(1.0),
            refutation: format!("a value of at most {} in that time", self.limit),
        }
    }
}

#[implements("specs/tool-pipeline.spec")]
impl TypedTool for Above {
    type Effects = (EmitFinding,);

    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        let SignalRef::Sample {
            series,
            time,
            value,
            ..
        } = firing.signal
        else {
            return Ok(());
        };
        if value.is_nan() {
            return Ok(());
        }
        if value <= self.limit {
            return match self.open.remove(series) {
                Some(episode) => ctx.emit(self.finding(series, &episode, Some(time))),
                None => Ok(()),
            };
        }
        if let Some(episode) = self.open.get_mut(series) {
            episode.last = (time, value);
            return Ok(());
        }
        self.episodes += 1;
        let episode = Episode {
            number: self.episodes,
            since: time,
            last: (time, value),
        };
        let finding = self.finding(series, &episode, None);
        self.open.insert(series.clone(), episode);
        ctx.emit(finding)
    }

    fn finish(&mut self, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        while let Some((series, episode)) = self.open.pop_first() {
            ctx.emit(self.finding(&series, &episode, Some(episode.last.0)))?;
        }
        Ok(())
    }
}
