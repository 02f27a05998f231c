//! The tool itself: samples in, incidents out.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use voidstate_anomaly::{Direction, EpisodeEvent, Kind as VerdictKind, Panel, PanelConfig};
use voidstate_codec::{Kind, Schema};
use voidstate_core::effects::{EmitFinding, EmitMetric};
use voidstate_core::{
    Allowed, AttributeValue, Confidence, Config, Evidence, Finding, FindingKind, Firing,
    HookCategory, MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey, Severity,
    SignalRef, Stage, Timestamp, ToolId, TypedTool, wellknown,
};
use voidstate_spec::implements;

use crate::chance::Exposure;
use crate::effect_size;
use crate::error::Error;
use crate::factory::panel_config;
use crate::family::Family;
use crate::incident::{Incident, Incidents, Seen};
use crate::phrase;
use crate::processes::Processes;

const STATE: Schema = Schema::new(Kind::new(b"ANOM"), 2).reading_from(1);
const UNKNOWN: u32 = u32::MAX;
/// Series watched at most: about 16 KiB each, which keeps the tool within its memory budget.
pub(crate) const SERIES_MAX: usize = 50_000;
/// A series that was silent for this long is forgotten: its process ended, its device is gone.
const FORGET_AFTER_NS: i64 = 900_000_000_000;
/// Ticks between two looks for silent series.
const SWEEP_EVERY: u32 = 60;
/// Most series named in one finding; the count of the others is said.
const SERIES_TOLD_MAX: usize = 12;

/// What the tool does to the world outside itself.
type Effects = (EmitFinding, EmitMetric);

/// A series as the tool knows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Member {
    info: SeriesInfo,
    family: Family,
    rank: usize,
    /// How much of its warm-up is over.
    learned_percent: u8,
    /// Time of its last sample.
    seen_ns: i64,
}

/// Everything that must survive a restart.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    members: Vec<Member>,
    panel: Panel,
    processes: Processes,
    incidents: Incidents,
    samples: u64,
    first_ns: i64,
    latest_ns: i64,
}

/// Where it is between two looks; not in states of version 1.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Pace {
    /// Whether ticks come from the host itself.
    ticked: bool,
    ticks_until_sweep: u32,
    /// Samples of series beyond the limit, or without a number.
    unwatched: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            ticked: false,
            ticks_until_sweep: SWEEP_EVERY,
            unwatched: 0,
        }
    }
}

/// An instance of the anomaly tool.
#[derive(Debug)]
pub(crate) struct AnomalyTool {
    id: ToolId,
    settings: PanelConfig,
    placement: Placement,
    /// The engine's number of a series → index in `state.members`.
    by_id: Vec<u32>,
    /// Index of a series by its key: of restored ones that the engine has not numbered yet, too.
    by_key: HashMap<SeriesKey, u32>,
    state: State,
    pace: Pace,
    unwatched_name: MetricName,
    learning: MetricName,
    watched: MetricName,
    open: MetricName,
}

impl AnomalyTool {
    pub(crate) fn new(
        id: ToolId,
        panel: Panel,
        settings: PanelConfig,
        placement: Placement,
    ) -> Result<Self> {
        let incidents = Incidents::starting_at(settings.first_id);
        Ok(Self {
            id,
            settings,
            placement,
            by_id: Vec::new(),
            by_key: HashMap::new(),
            state: State {
                members: Vec::new(),
                panel,
                processes: Processes::default(),
                incidents,
                samples: 0,
                first_ns: i64::MAX,
                latest_ns: i64::MIN,
            },
            pace: Pace::default(),
            unwatched_name: MetricName::new("unwatched_samples")?,
            learning: MetricName::new("learning_percent")?,
            watched: MetricName::new("series")?,
            open: MetricName::new("open_episodes")?,
        })
    }

    /// Incidents that were said and go on, by number.
    #[cfg(any(test, debug_assertions))]
    fn open_incidents(&self) -> Vec<u64> {
        self.state.incidents.open_ids()
    }

    /// Index of the series with the engine's number `id`.
    fn index(&mut self, id: SeriesId, ctx: &Allowed<'_, Effects>) -> Option<usize> {
        let slot = id.0 as usize;
        match self.by_id.get(slot) {
            Some(&index) if index != UNKNOWN => Some(index as usize),
            _ => self.admit(slot, ctx.series(id)?),
        }
    }

    fn admit(&mut self, slot: usize, info: &SeriesInfo) -> Option<usize> {
        if self.state.members.len() >= SERIES_MAX && !self.by_key.contains_key(&info.key) {
            return None;
        }
        let next = u32::try_from(self.state.members.len()).ok()?;
        let index = *self.by_key.entry(info.key.clone()).or_insert(next);
        let member = Member {
            info: info.clone(),
            family: Family::of(info),
            rank: phrase::rank(&info.key),
            learned_percent: 0,
            seen_ns: i64::MIN,
        };
        match self.state.members.get_mut(index as usize) {
            // Restored: what was learned stays, what the source says of the series is newer.
            Some(known) => {
                *known = Member {
                    learned_percent: known.learned_percent,
                    seen_ns: known.seen_ns,
                    ..member
                };
            }
            None => self.state.members.push(member),
        }
        if self.by_id.len() <= slot {
            self.by_id.resize(slot + 1, UNKNOWN);
        }
        if let Some(entry) = self.by_id.get_mut(slot) {
            *entry = index;
        }
        Some(index as usize)
    }

    fn sample(
        &mut self,
        id: SeriesId,
        time: Timestamp,
        value: f64,
        ctx: &mut Allowed<'_, Effects>,
    ) -> Result<()> {
        let Some(index) = self.index(id, ctx) else {
            self.pace.unwatched += 1;
            return Ok(());
        };
        let state = &mut self.state;
        state.samples += 1;
        state.first_ns = state.first_ns.min(time.as_nanos());
        state.latest_ns = state.latest_ns.max(time.as_nanos());
        let said = state
            .panel
            .observe(index, time.as_nanos(), value)
            .map_err(|error| Error::from(error).into_core(&self.id))?;
        if let Some(member) = state.members.get_mut(index) {
            member.seen_ns = time.as_nanos();
            member.learned_percent = match said.verdict.kind {
                VerdictKind::Learning { percent } => percent,
                VerdictKind::Invalid(_) => member.learned_percent,
                _ => 100,
            };
        }
        ctx.output(Output {
            name: "score",
            value: AttributeValue::Real(said.verdict.score),
        });
        let Some(event) = said.event else {
            return Ok(());
        };
        self.take_in(event);
        // Host samples come with process states and a tick that ends them; what is said waits for that.
        let waits = self
            .state
            .members
            .get(index)
            .is_some_and(|m| m.info.hook.category() == HookCategory::Host);
        if waits {
            Ok(())
        } else {
            self.flush(&mut ctx.narrow())
        }
    }

    fn take_in(&mut self, event: EpisodeEvent) {
        let Some(member) = self.state.members.get(event.episode().series) else {
            return;
        };
        let family = member.family;
        let seen = Seen {
            rank: member.rank,
            matters: effect_size::matters(&member.info, event.episode())
                && !self.exposure().explains(event.episode().false_rate),
        };
        let state = &mut self.state;
        match event {
            EpisodeEvent::Opened(episode) => {
                state
                    .incidents
                    .opened(family, episode, seen, state.latest_ns)
            }
            EpisodeEvent::Closed(episode) => state.incidents.changed(episode, seen, false),
            other => state.incidents.changed(*other.episode(), seen, true),
        }
    }

    /// Forgets series that have been silent for long, now and then.
    fn sweep(&mut self) {
        self.pace.ticks_until_sweep = self.pace.ticks_until_sweep.saturating_sub(1);
        if self.pace.ticks_until_sweep > 0 {
            return;
        }
        self.pace.ticks_until_sweep = SWEEP_EVERY;
        let old = self.state.latest_ns.saturating_sub(FORGET_AFTER_NS);
        for index in 0..self.state.members.len() {
            let is_silent = self
                .state
                .members
                .get(index)
                .is_some_and(|member| member.seen_ns < old);
            if is_silent && let Some(event) = self.state.panel.remove(index) {
                self.take_in(event);
            }
        }
    }

    /// Closes what has been calm for long enough in the time of the data.
    fn settle(&mut self) {
        for event in self.state.panel.tick(self.state.latest_ns) {
            self.take_in(event);
        }
    }

    fn flush(&mut self, ctx: &mut Allowed<'_, (EmitFinding,)>) -> Result<()> {
        let mut incidents = std::mem::take(&mut self.state.incidents);
        let told = incidents.flush(|incident, stage| {
            let info = incident
                .lead()
                .and_then(|lead| Some((lead, self.state.members.get(lead.series)?)));
            let may_rise = info.is_some_and(|(lead, member)| {
                phrase::rises_with_use(&member.info.key, lead.direction)
            });
            if stage != Stage::Closed && may_rise && (incident.culprit.is_none() || incident.grew) {
                let now = Timestamp::from_nanos(self.state.latest_ns);
                let found = self.state.processes.culprit(incident.family, now);
                incident.culprit = found.or(incident.culprit.take());
            }
            let grew = std::mem::take(&mut incident.grew);
            match self.finding(incident, stage, grew) {
                Some(finding) => ctx.emit(finding),
                None => Ok(()),
            }
        });
        self.state.incidents = incidents;
        told
    }

    fn exposure(&self) -> Exposure {
        Exposure {
            samples: self.state.samples,
            span_ns: self.state.latest_ns.saturating_sub(self.state.first_ns),
            shards: self.placement.shards,
        }
    }

    fn finding(&self, incident: &Incident, stage: Stage, grew: bool) -> Option<Finding> {
        let lead = incident.lead()?;
        let info = &self.state.members.get(lead.series)?.info;
        let keys: Vec<SeriesKey> = incident
            .series()
            .iter()
            .filter_map(|index| {
                self.state
                    .members
                    .get(*index)
                    .map(|member| member.info.key.clone())
            })
            .collect();
        let chance = self.exposure().per_hour(lead.false_rate);
        let closed = stage == Stage::Closed;
        let drifted = incident.has_drifted();
        let unit = info.unit;
        let mut evidence = vec![
            Evidence::Value {
                series: info.key.clone(),
                time: Timestamp::from_nanos(lead.peak.time_ns),
                value: lead.peak.value,
                unit,
            },
            Evidence::Expected {
                low: lead.low,
                mid: lead.expected,
                high: lead.high,
                unit,
            },
            Evidence::Samples {
                count: lead.samples,
            },
            Evidence::Fact {
                name: "mean_observed".to_owned(),
                value: lead.observed.into(),
            },
            Evidence::Fact {
                name: "chance_per_hour".to_owned(),
                value: chance.into(),
            },
            Evidence::Fact {
                name: "how_unusual".to_owned(),
                value: phrase::rarity(chance).into(),
            },
        ];
        evidence.extend(
            incident
                .culprit
                .as_ref()
                .map(crate::processes::Culprit::evidence),
        );
        if let Some(name) = info.key.label(wellknown::LABEL_DEVICE) {
            evidence.push(Evidence::Device {
                name: name.to_owned(),
                quantity: info.key.metric().to_string(),
                value: lead.peak.value,
                unit,
            });
        }
        if grew {
            evidence.push(Evidence::Fact {
                name: "grew".to_owned(),
                value: true.into(),
            });
        }
        let others = keys.len().saturating_sub(SERIES_TOLD_MAX);
        if others > 0 {
            evidence.push(Evidence::Fact {
                name: "further_series".to_owned(),
                value: (others as f64).into(),
            });
        }
        Some(Finding {
            tool: self.id.clone(),
            episode: incident.id,
            kind: if drifted {
                FindingKind::Drift
            } else {
                FindingKind::Anomaly
            },
            severity: if !drifted && chance < 1e-4 {
                Severity::Warning
            } else {
                Severity::Notice
            },
            stage,
            start: Timestamp::from_nanos(incident.start_ns),
            end: closed.then(|| Timestamp::from_nanos(incident.end_ns)),
            sentence: sentence(info, incident, stage, keys.len()),
            series: keys.into_iter().take(SERIES_TOLD_MAX).collect(),
            evidence,
            confidence: Confidence::saturating(self.exposure().confidence(incident.false_rate())),
            refutation: refutation(info, incident),
        })
    }
}

fn sentence(info: &SeriesInfo, incident: &Incident, stage: Stage, series: usize) -> String {
    let Some(lead) = incident.lead() else {
        return String::new();
    };
    let unit = info.unit;
    let what = phrase::subject(info);
    let (peak, usual) = phrase::beside(lead.peak.value, lead.low, lead.high, unit);
    let (mean, _) = phrase::beside(lead.observed, lead.low, lead.high, unit);
    let mut text = match (stage, incident.has_drifted()) {
        (Stage::Closed, true) => {
            format!("{what} has settled at a new level: about {mean}, where {usual} was usual")
        }
        (Stage::Closed, false) => {
            let nanos = incident.end_ns.saturating_sub(incident.start_ns).max(0);
            let lasted = phrase::lasted(nanos as f64 / 1e9);
            format!(
                "{what} is back to usual after {lasted}: it reached {peak}, where {usual} is usual"
            )
        }
        _ => {
            let how = match lead.direction {
                Direction::Up => "unusually high",
                Direction::Down => "unusually low",
                Direction::Wider => "unusually restless",
                Direction::Narrower => "unusually still",
                _ => "unusual",
            };
            format!("{what} is {how}: {peak}, where {usual} is usual")
        }
    };
    if let Some(culprit) = &incident.culprit {
        let value = phrase::quantity(culprit.value, culprit.unit());
        text.push_str(&format!(
            "; `{}` (pid {}) stands out: {value} {}",
            culprit.shown(),
            culprit.pid,
            culprit.quantity()
        ));
    }
    if series > 1 {
        text.push_str(&format!("; {} related series moved with it", series - 1));
    }
    text
}

fn refutation(info: &SeriesInfo, incident: &Incident) -> String {
    let Some(lead) = incident.lead() else {
        return String::new();
    };
    let usual = phrase::band(lead.low, lead.high, info.unit);
    match &incident.culprit {
        Some(culprit) => format!(
            "{} is back at {usual} while `{}` (pid {}) goes on as it does",
            phrase::subject(info),
            culprit.shown(),
            culprit.pid
        ),
        None => format!("an earlier stretch of the same length outside {usual} that nobody minded"),
    }
}

#[implements("specs/tool-anomaly.spec", methods(open_incidents: Vec<u64>))]
impl TypedTool for AnomalyTool {
    type Effects = Effects;

    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Effects>) -> Result<()> {
        match firing.signal {
            SignalRef::Sample {
                id, time, value, ..
            } => self.sample(id, time, value, ctx),
            SignalRef::State(state) if firing.hook.as_str() == wellknown::HOST_PROCESS => {
                self.state.processes.observe(state);
                Ok(())
            }
            SignalRef::Event(_) if firing.hook.as_str() == wellknown::HOST_TICK => {
                self.pace.ticked = true;
                // The host's own time, also when its clock was set back.
                self.state.latest_ns = firing.signal.time().as_nanos();
                self.sweep();
                self.settle();
                self.flush(&mut ctx.narrow())
            }
            _ => Ok(()),
        }
    }

    fn tick(&mut self, ctx: &mut Allowed<'_, Effects>) -> Result<()> {
        if !self.pace.ticked {
            self.settle();
            self.flush(&mut ctx.narrow())?;
        }
        let count = self.state.members.len();
        let learned: f64 = self
            .state
            .members
            .iter()
            .map(|member| f64::from(member.learned_percent))
            .sum();
        let learned = if count == 0 {
            0.0
        } else {
            learned / count as f64
        };
        ctx.metric(&self.learning, learned)?;
        ctx.metric(&self.watched, count as f64)?;
        if self.pace.unwatched > 0 {
            ctx.metric(&self.unwatched_name, self.pace.unwatched as f64)?;
        }
        ctx.metric(&self.open, self.state.incidents.open_count() as f64)
    }

    fn finish(&mut self, ctx: &mut Allowed<'_, Effects>) -> Result<()> {
        self.settle();
        for event in self.state.panel.finish() {
            self.take_in(event);
        }
        self.flush(&mut ctx.narrow())
    }

    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        let settings = panel_config(config, self.placement)?;
        self.state
            .panel
            .reconfigure(settings)
            .map_err(|error| Error::from(error).into_core(&self.id))?;
        self.settings = settings;
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        STATE
            .encode(&(&self.state, self.pace))
            .map_err(|error| Error::from(error).into_core(&self.id))
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let (restored, pace) = decode(state).map_err(|error| error.into_core(&self.id))?;
        self.by_id.clear();
        let keys = restored
            .members
            .iter()
            .map(|member| member.info.key.clone());
        self.by_key = keys.zip(0..).collect();
        self.state = restored;
        self.pace = pace;
        self.state
            .panel
            .reconfigure(self.settings)
            .map_err(|error| Error::from(error).into_core(&self.id))
    }
}

fn decode(bytes: &[u8]) -> std::result::Result<(State, Pace), Error> {
    let (state, pace): (State, Pace) = match STATE.open(bytes)? {
        old if old.version() == 1 && old.bytes() == bytes.len() => (old.decode()?, Pace::default()),
        _ => STATE.decode(bytes)?,
    };
    let keys = state.members.len();
    if state.panel.series_count() > keys {
        return Err(Error::Inconsistent {
            keys,
            highest: state.panel.series_count(),
        });
    }
    Ok((state, pace))
}

#[cfg(test)]
mod tests {
    use voidstate_core::{Attributes, ToolFactory};

    use super::*;
    use crate::AnomalyFactory;

    #[test]
    fn states_of_version_1_are_read_with_the_pace_of_a_fresh_start() {
        let factory = AnomalyFactory::new().unwrap();
        let config = Config::checked(&factory.meta().config, &Attributes::new()).unwrap();
        let settings = panel_config(&config, Placement::ALONE).unwrap();
        let id = factory.meta().id.clone();
        let panel = Panel::new(settings).unwrap();
        let mut tool = AnomalyTool::new(id, panel, settings, Placement::ALONE).unwrap();
        tool.state.samples = 41;
        tool.pace.ticked = true;
        let old = Schema::new(Kind::new(b"ANOM"), 1)
            .encode(&tool.state)
            .unwrap();
        let (state, pace) = decode(&old).unwrap();
        assert_eq!((state.samples, pace.ticked), (41, false));
        assert_eq!(pace.ticks_until_sweep, SWEEP_EVERY);
        let mut torn = old;
        torn.pop();
        assert!(decode(&torn).is_err());
    }
}
