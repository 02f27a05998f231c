//! Many series under one budget of false episodes.

use crate::control::Control;
use crate::detector::{Detector, DetectorConfig};
use crate::episode::{Episode, EpisodeEvent, EpisodeKind, Peak, Run};
use crate::error::{Error, within, within_whole};
use crate::verdict::{Kind, Verdict};

/// Observations between two counts of the samples per hour.
const RECOUNT_EVERY: u32 = 4096;

/// Longest gap and longest episode that can be asked for, about 31 years.
const SPAN_MAX_NS: i64 = 1_000_000_000_000_000_000;
/// Samples after which a series may use the bonus of discoveries elsewhere.
const MATURE: u64 = 600;

/// Settings of [`Panel`]; the default is meant for host metrics at 1 Hz and slower.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PanelConfig {
    /// False episodes an hour that all series together may cost in expectation. Default 1.
    pub false_episodes_per_hour: f64,
    /// Part of that budget this panel may spend, in (0, 1]: k panels that share the series take 1/k each, and their
    /// budgets add up. Default 1.
    pub budget_share: f64,
    /// Largest false rate per sample that may open an episode, for panels of few or slow series. Default 2e-5.
    pub level_max: f64,
    /// Calm time after which an episode is closed; a new run within it continues the episode. Default 10 s.
    pub merge_gap_ns: i64,
    /// Longest episode. Default 1 h.
    pub length_max_ns: i64,
    /// Series accepted; memory grows with the highest index used. Default 100,000.
    pub series_max: usize,
    /// Series counted at least when the budget is divided: before all series have reported, the level must not be that
    /// of a few. Default 1.
    pub series_min: usize,
    /// Id of the first episode, so that several panels can be told apart. Default 0.
    pub first_id: u64,
    /// Settings of every detector.
    pub detector: DetectorConfig,
}

impl Default for PanelConfig {
    fn default() -> Self {
        Self {
            false_episodes_per_hour: 1.0,
            budget_share: 1.0,
            level_max: 2e-5,
            merge_gap_ns: 10_000_000_000,
            length_max_ns: 3_600_000_000_000,
            series_max: 100_000,
            series_min: 1,
            first_id: 0,
            detector: DetectorConfig::default(),
        }
    }
}

/// Verdict on a sample, and what it did to its series' episode.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PanelVerdict {
    /// The detector's verdict on the sample.
    pub verdict: Verdict,
    /// An episode opened, changed or closed.
    pub event: Option<EpisodeEvent>,
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Member {
    detector: Detector,
    run: Option<Run>,
}

/// Detectors for many series, one error control over all of them, episodes as output.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Panel {
    config: PanelConfig,
    control: Control,
    members: Vec<Option<Box<Member>>>,
    count: usize,
    next_id: u64,
    until_recount: u32,
    open: usize,
}

impl Panel {
    /// An empty panel.
    ///
    /// # Errors
    /// [`Error::Setting`] when a field of `config` lies outside its domain.
    pub fn new(config: PanelConfig) -> Result<Self, Error> {
        let control = Self::checked(&config)?;
        Ok(Self {
            config,
            control,
            members: Vec::new(),
            count: 0,
            next_id: config.first_id,
            until_recount: RECOUNT_EVERY,
            open: 0,
        })
    }

    fn checked(config: &PanelConfig) -> Result<Control, Error> {
        within("budget_share", config.budget_share, 1e-6, 1.0, "[1e-6, 1]")?;
        let (gap, length) = (config.merge_gap_ns, config.length_max_ns);
        within_whole("merge_gap_ns", gap, 0, SPAN_MAX_NS, "[0, 1e18]")?;
        within_whole("length_max_ns", length, 1, SPAN_MAX_NS, "[1, 1e18]")?;
        Detector::new(config.detector)?;
        Control::new(
            config.false_episodes_per_hour * config.budget_share,
            config.level_max,
        )
    }

    /// Takes new settings; series, open episodes and the numbering go on. Detectors that exist keep their settings.
    /// Recent discoveries are forgotten, so that a smaller budget holds at once.
    ///
    /// # Errors
    /// [`Error::Setting`] when a field of `config` lies outside its domain; nothing is changed.
    pub fn reconfigure(&mut self, config: PanelConfig) -> Result<(), Error> {
        if config == self.config {
            return Ok(());
        }
        self.control = Self::checked(&config)?;
        self.next_id = self.next_id.max(config.first_id);
        self.config = config;
        self.recount();
        Ok(())
    }

    /// Judges one sample of one series. A series begins with its first sample; nothing is allocated afterwards.
    ///
    /// # Errors
    /// [`Error::Series`] when `series` is not below [`PanelConfig::series_max`]; nothing is changed.
    pub fn observe(
        &mut self,
        series: usize,
        time_ns: i64,
        value: f64,
    ) -> Result<PanelVerdict, Error> {
        if series >= self.config.series_max {
            return Err(Error::Series {
                index: series,
                limit: self.config.series_max,
            });
        }
        if series >= self.members.len() {
            self.members.resize(series + 1, None);
        }
        self.until_recount -= 1;
        if self.until_recount == 0 {
            self.recount();
        }
        let (level, base) = (self.control.level(time_ns), self.control.base_level());
        let Some(slot) = self.members.get_mut(series) else {
            return Err(Error::Series {
                index: series,
                limit: self.config.series_max,
            });
        };
        let is_new = slot.is_none();
        let detector = self.config.detector;
        let member = slot.get_or_insert_with(|| {
            Box::new(Member {
                detector: Detector::build(detector),
                run: None,
            })
        });
        let level = if member.detector.judged_count() >= MATURE {
            level
        } else {
            base
        };
        let verdict = member.detector.observe_at(time_ns, value, level);
        let before = member.run.is_some_and(|run| run.open);
        let mut event = member.follow(series, time_ns, value, &verdict, &self.config);
        let after = member.run.is_some_and(|run| run.open);
        if let Some(EpisodeEvent::Opened(episode)) = &mut event {
            episode.id = self.next_id;
            self.next_id += 1;
            if let Some(run) = &mut member.run {
                run.episode.id = episode.id;
            }
            self.control.discover(time_ns);
        }
        self.open = self.open + usize::from(after) - usize::from(before);
        if is_new {
            self.count += 1;
            // Counting all for each new one would take quadratic time; a little later is early enough among many.
            if self.count <= 256 || self.count.is_power_of_two() {
                self.recount();
            }
        }
        Ok(PanelVerdict { verdict, event })
    }

    /// Closes episodes whose series has been calm or silent for the merge gap at `now_ns`, in order of series.
    /// O(1) while no episode is open.
    pub fn tick(&mut self, now_ns: i64) -> Vec<EpisodeEvent> {
        let gap = self.config.merge_gap_ns;
        self.close_where(|episode| now_ns.saturating_sub(episode.end_ns) > gap)
    }

    /// Closes every open episode: the end of observation. Detectors keep what they learned.
    pub fn finish(&mut self) -> Vec<EpisodeEvent> {
        self.close_where(|_| true)
    }

    /// Open episodes, in order of series.
    pub fn open_episodes(&self) -> impl Iterator<Item = &Episode> {
        self.members.iter().flatten().filter_map(|m| {
            m.run
                .as_ref()
                .filter(|run| run.open)
                .map(|run| &run.episode)
        })
    }

    /// The detector of a series that has reported.
    #[must_use]
    pub fn detector(&self, series: usize) -> Option<&Detector> {
        self.members.get(series)?.as_ref().map(|m| &m.detector)
    }

    /// Series that have reported.
    #[must_use]
    pub fn series_count(&self) -> usize {
        self.count
    }

    /// Forgets a series (its process ended, its device is gone), closing its episode if one is open.
    pub fn remove(&mut self, series: usize) -> Option<EpisodeEvent> {
        let member = self.members.get_mut(series)?.take()?;
        self.count -= 1;
        self.recount();
        let run = member.run.filter(|run| run.open)?;
        self.open -= 1;
        Some(EpisodeEvent::Closed(run.episode))
    }

    /// The error control, as it stands.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    fn recount(&mut self) {
        self.until_recount = RECOUNT_EVERY;
        // A series' own rate is known after its second sample; until then 1 Hz is assumed.
        let (mut sum, mut known) = (0.0, 0.0_f64);
        for member in self.members.iter().flatten() {
            sum += Control::hourly(member.detector.interval_ns());
            known += 1.0;
        }
        let missing = (self.config.series_min as f64 - known).max(0.0);
        let usual = if known > 0.0 { sum / known } else { 3600.0 };
        self.control.set_samples_per_hour(sum + missing * usual);
    }

    fn close_where(&mut self, over: impl Fn(&Episode) -> bool) -> Vec<EpisodeEvent> {
        let mut events = Vec::new();
        if self.open == 0 {
            return events;
        }
        for member in self.members.iter_mut().flatten() {
            if let Some(run) = member.run.filter(|run| run.open && over(&run.episode)) {
                member.run = None;
                self.open -= 1;
                events.push(EpisodeEvent::Closed(run.episode));
            }
        }
        events
    }
}

impl Member {
    /// Extends, opens or closes the run of the series.
    fn follow(
        &mut self,
        series: usize,
        time_ns: i64,
        value: f64,
        verdict: &Verdict,
        config: &PanelConfig,
    ) -> Option<EpisodeEvent> {
        if matches!(verdict.kind, Kind::Invalid(_) | Kind::Learning { .. }) {
            return None;
        }
        let unusual = verdict.run > 0 || matches!(verdict.kind, Kind::Anomaly | Kind::Drift);
        if !unusual {
            return self.rest(time_ns, config);
        }
        let run = self
            .run
            .get_or_insert_with(|| Run::new(series, time_ns, value, verdict));
        run.extend(time_ns, value, verdict);
        if !run.open {
            if !matches!(verdict.kind, Kind::Anomaly | Kind::Drift) {
                return None;
            }
            run.open = true;
            run.told_distance = run.distance;
            run.episode.kind = kind_of(verdict);
            return Some(EpisodeEvent::Opened(run.episode));
        }
        if time_ns.saturating_sub(run.episode.start_ns) > config.length_max_ns {
            let episode = run.episode;
            self.run = None;
            return Some(EpisodeEvent::Closed(episode));
        }
        let turned = verdict.kind == Kind::Drift && run.episode.kind != EpisodeKind::Drift;
        if turned {
            run.episode.kind = EpisodeKind::Drift;
        }
        if turned || run.distance > 2.0 * run.told_distance {
            run.told_distance = run.distance;
            return Some(EpisodeEvent::Updated(run.episode));
        }
        None
    }

    /// A calm sample: an unopened run is forgotten, an open episode closes after the merge gap.
    fn rest(&mut self, time_ns: i64, config: &PanelConfig) -> Option<EpisodeEvent> {
        let run = self.run?;
        if !run.open {
            self.run = None;
            return None;
        }
        if time_ns < run.episode.end_ns {
            self.run.iter_mut().for_each(|run| run.set_back(time_ns));
            return None;
        }
        if time_ns.saturating_sub(run.episode.end_ns) <= config.merge_gap_ns {
            return None;
        }
        self.run = None;
        Some(EpisodeEvent::Closed(run.episode))
    }
}

fn kind_of(verdict: &Verdict) -> EpisodeKind {
    if verdict.kind == Kind::Drift {
        EpisodeKind::Drift
    } else {
        EpisodeKind::Anomaly
    }
}

impl Run {
    fn new(series: usize, time_ns: i64, value: f64, verdict: &Verdict) -> Self {
        let episode = Episode {
            id: 0,
            series,
            start_ns: time_ns,
            end_ns: time_ns,
            peak: Peak {
                time_ns,
                value,
                score: verdict.score,
            },
            kind: kind_of(verdict),
            direction: verdict.direction,
            samples: 0,
            expected: verdict.expected,
            low: verdict.low,
            high: verdict.high,
            observed: value,
            false_rate: verdict.false_rate,
        };
        Self {
            episode,
            open: false,
            distance: -1.0,
            told_distance: 0.0,
            seen: 0.0,
        }
    }

    /// The clock was set back: what lies in its future happened now at the latest.
    fn set_back(&mut self, time_ns: i64) {
        let episode = &mut self.episode;
        episode.start_ns = episode.start_ns.min(time_ns);
        episode.peak.time_ns = episode.peak.time_ns.min(time_ns);
        episode.end_ns = time_ns;
    }

    fn extend(&mut self, time_ns: i64, value: f64, verdict: &Verdict) {
        self.set_back(time_ns);
        let episode = &mut self.episode;
        episode.samples += 1;
        self.seen += 1.0;
        // A running mean: a sum of values up to 1e100 would do, but loses digits sooner.
        episode.observed += (value - episode.observed) / self.seen;
        episode.false_rate = episode.false_rate.min(verdict.false_rate);
        let distance = (value - episode.expected).abs();
        if distance > self.distance {
            self.distance = distance;
            episode.peak = Peak {
                time_ns,
                value,
                score: verdict.score,
            };
            episode.direction = verdict.direction;
        }
    }
}
