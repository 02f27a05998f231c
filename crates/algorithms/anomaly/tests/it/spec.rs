//! The crate's entries against `specs/anomaly.spec`: wrappers that bear the spec, tests made of it, and longer streams
//! through the same contracts.

use voidstate_anomaly::{
    Adwin, AdwinConfig, Control, CounterRate, CounterStep, Detector, DetectorConfig, EpisodeEvent,
    Error, Panel, PanelConfig,
};
use voidstate_spec::generate::{self, Settings};
use voidstate_spec::{Implements, SpecValue, implements};

use crate::worlds::{Stream, World};

/// Runs the tests made of the spec of `T`; says what failed in full.
pub(crate) fn holds<T: Implements>(settings: &Settings) {
    let report = generate::check(T::spec().tool(), &mut *T::subject(), settings);
    report.write_if_asked().unwrap();
    assert!(report.passed(), "{report}");
    assert!(report.rejection() <= 0.2, "{report}");
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
pub(crate) struct Reading {
    time_ns: i64,
    count: u64,
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
pub(crate) enum Step {
    Baseline,
    Rate(f64),
    Reset,
    Refused,
}

#[implements("specs/anomaly.spec", tool = "counter_rate")]
pub(crate) fn counter_rate(bits: Option<u32>, readings: Vec<Reading>) -> Result<Vec<Step>, Error> {
    let mut rate = match bits {
        Some(bits) => CounterRate::wrapping(bits)?,
        None => CounterRate::new(),
    };
    let step = |reading: Reading| match rate.observe(reading.time_ns, reading.count) {
        CounterStep::Baseline => Step::Baseline,
        CounterStep::Rate(rate) => Step::Rate(rate),
        CounterStep::Reset => Step::Reset,
        CounterStep::Refused => Step::Refused,
        other => panic!("a step that the spec does not know: {other:?}"),
    };
    Ok(readings.into_iter().map(step).collect())
}

#[test]
fn counter_rate_keeps_its_spec() {
    holds::<counter_rate>(&Settings::default());
}

#[derive(Debug)]
pub(crate) struct AdwinOfSpec {
    adwin: Adwin,
    alarmed: bool,
}

#[implements("specs/anomaly.spec", tool = "adwin")]
impl AdwinOfSpec {
    fn new(delta: f64, clock: u32, min_window: u32, grace: u32) -> Result<Self, Error> {
        let config = AdwinConfig {
            delta,
            clock,
            min_window,
            grace,
        };
        Ok(Self {
            adwin: Adwin::new(config)?,
            alarmed: false,
        })
    }

    fn update(&mut self, value: f64) -> Result<bool, Error> {
        let alarm = self.adwin.update(value)?;
        self.alarmed = alarm;
        Ok(alarm)
    }

    fn reset(&mut self) {
        self.adwin.reset();
        self.alarmed = false;
    }

    fn alarmed(&self) -> bool {
        self.alarmed
    }

    fn width(&self) -> u64 {
        self.adwin.width()
    }

    fn alarms(&self) -> u64 {
        self.adwin.alarms()
    }

    fn mean(&self) -> f64 {
        self.adwin.mean()
    }

    fn variance(&self) -> f64 {
        self.adwin.variance()
    }

    fn state_bytes(&self) -> usize {
        self.adwin.state_bytes()
    }
}

#[test]
fn adwin_keeps_its_spec() {
    holds::<AdwinOfSpec>(&Settings::default().steps(80));
}

#[test]
fn adwin_keeps_its_contract_over_steps_and_noise() {
    let mut adwin = AdwinOfSpec::new(0.002, 32, 5, 10).unwrap();
    let mut alarms = 0;
    for i in 0..4000_i32 {
        let noise = f64::from(i.wrapping_mul(7919) % 101) / 101.0;
        let level = if i < 2000 { 0.0 } else { 5.0 };
        alarms += u64::from(adwin.update(level + noise).unwrap());
    }
    assert!(alarms >= 1, "a step of five widths is seen");
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
pub(crate) struct Levels {
    level: f64,
    base_level: f64,
}

#[implements("specs/anomaly.spec", tool = "control")]
pub(crate) fn control(
    budget_per_hour: f64,
    level_max: f64,
    samples_per_hour: f64,
    discoveries_ns: Vec<i64>,
    at_ns: i64,
) -> Result<Levels, Error> {
    let mut control = Control::new(budget_per_hour, level_max)?;
    control.set_samples_per_hour(samples_per_hour);
    discoveries_ns.into_iter().for_each(|d| control.discover(d));
    Ok(Levels {
        level: control.level(at_ns),
        base_level: control.base_level(),
    })
}

#[test]
fn control_keeps_its_spec() {
    holds::<control>(&Settings::default());
}

#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
enum Reason {
    #[spec(rename = "not_a_number")]
    NotANumber,
    Unbounded,
    Duplicate,
    OutOfOrder,
}

#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
enum Kind {
    Learning(u8),
    Normal,
    Anomaly,
    Drift,
    Invalid(Reason),
}

#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
struct Verdict {
    score: f64,
    p_value: f64,
    false_rate: f64,
    run: u32,
    kind: Kind,
    expected: f64,
    low: f64,
    high: f64,
}

impl From<voidstate_anomaly::Verdict> for Verdict {
    fn from(v: voidstate_anomaly::Verdict) -> Self {
        use voidstate_anomaly as real;
        let kind = match v.kind {
            real::Kind::Learning { percent } => Kind::Learning(percent),
            real::Kind::Normal => Kind::Normal,
            real::Kind::Anomaly => Kind::Anomaly,
            real::Kind::Drift => Kind::Drift,
            real::Kind::Invalid(real::Reason::NotANumber) => Kind::Invalid(Reason::NotANumber),
            real::Kind::Invalid(real::Reason::Unbounded) => Kind::Invalid(Reason::Unbounded),
            real::Kind::Invalid(real::Reason::Duplicate) => Kind::Invalid(Reason::Duplicate),
            real::Kind::Invalid(real::Reason::OutOfOrder) => Kind::Invalid(Reason::OutOfOrder),
            other => panic!("a kind that the spec does not know: {other:?}"),
        };
        Self {
            score: v.score,
            p_value: v.p_value,
            false_rate: v.false_rate,
            run: v.run,
            kind,
            expected: v.expected,
            low: v.low,
            high: v.high,
        }
    }
}

#[derive(Debug)]
pub(crate) struct DetectorOfSpec {
    detector: Detector,
    last_ns: Option<i64>,
}

#[implements("specs/anomaly.spec", tool = "detector")]
impl DetectorOfSpec {
    fn new(warmup: u32, memory: f64, false_rate: f64) -> Result<Self, Error> {
        let config = DetectorConfig {
            warmup,
            memory,
            false_rate,
        };
        Ok(Self {
            detector: Detector::new(config)?,
            last_ns: None,
        })
    }

    fn observe(&mut self, time_ns: i64, value: f64) -> Verdict {
        let verdict = Verdict::from(self.detector.observe(time_ns, value));
        if !matches!(verdict.kind, Kind::Invalid(_)) {
            self.last_ns = Some(time_ns);
        }
        verdict
    }

    fn last_ns(&self) -> Option<i64> {
        self.last_ns
    }

    fn judged_count(&self) -> u64 {
        self.detector.judged_count()
    }

    fn invalid_count(&self) -> u64 {
        self.detector.invalid_count()
    }

    fn drift_count(&self) -> u64 {
        self.detector.drift_count()
    }

    fn state_bytes(&self) -> usize {
        self.detector.state_bytes()
    }
}

#[test]
fn detector_keeps_its_spec() {
    holds::<DetectorOfSpec>(&Settings::default().steps(60));
}

/// A stream of noise around 50 with a burst, a step that stays, a pause, and what cannot be judged.
fn eventful(seed: u64) -> impl Iterator<Item = (i64, f64)> {
    let mut noise = Stream::new(World::Gaussian, seed);
    (0..3000_i64).map(move |at| {
        let level = match at {
            500..=505 => 80.0,
            1500.. => 60.0,
            _ => 0.0,
        };
        let value = match at {
            300 => f64::NAN,
            301 => f64::INFINITY,
            302 => -1e101,
            _ => noise.draw() + level,
        };
        let pause = if at >= 700 { 900 } else { 0 };
        let time = match at {
            310 => 308,
            320 => 319,
            _ => at + pause,
        };
        (time * 1_000_000_000, value)
    })
}

#[test]
fn detector_keeps_its_contract_over_an_eventful_stream() {
    let usual = DetectorConfig::default();
    let mut detector = DetectorOfSpec::new(usual.warmup, usual.memory, usual.false_rate).unwrap();
    let kinds: Vec<Kind> = eventful(5)
        .map(|(time_ns, value)| detector.observe(time_ns, value).kind)
        .collect();
    for kind in [
        Kind::Normal,
        Kind::Anomaly,
        Kind::Drift,
        Kind::Invalid(Reason::NotANumber),
        Kind::Invalid(Reason::Unbounded),
        Kind::Invalid(Reason::Duplicate),
        Kind::Invalid(Reason::OutOfOrder),
    ] {
        assert!(kinds.contains(&kind), "{kind:?} is exercised");
    }
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
struct Episode {
    id: u64,
    series: usize,
    start_ns: i64,
    end_ns: i64,
    peak_ns: i64,
    peak_score: f64,
    samples: u64,
    expected: f64,
    low: f64,
    high: f64,
    observed: f64,
    false_rate: f64,
}

impl From<&voidstate_anomaly::Episode> for Episode {
    fn from(e: &voidstate_anomaly::Episode) -> Self {
        Self {
            id: e.id,
            series: e.series,
            start_ns: e.start_ns,
            end_ns: e.end_ns,
            peak_ns: e.peak.time_ns,
            peak_score: e.peak.score,
            samples: e.samples,
            expected: e.expected,
            low: e.low,
            high: e.high,
            observed: e.observed,
            false_rate: e.false_rate,
        }
    }
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
enum Event {
    NoneOfIt,
    Opened(Episode),
    Updated(Episode),
    Closed(Episode),
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
struct Seen {
    verdict: Verdict,
    event: Event,
}

#[derive(Debug)]
pub(crate) struct PanelOfSpec {
    panel: Panel,
    gap_ns: i64,
    series_limit: usize,
}

fn episodes(events: &[EpisodeEvent]) -> Vec<Episode> {
    events.iter().map(|e| e.episode().into()).collect()
}

#[implements("specs/anomaly.spec", tool = "panel")]
impl PanelOfSpec {
    fn new(
        false_episodes_per_hour: f64,
        merge_gap_ns: i64,
        length_max_ns: i64,
        series_max: usize,
    ) -> Result<Self, Error> {
        let config = PanelConfig {
            false_episodes_per_hour,
            merge_gap_ns,
            length_max_ns,
            series_max,
            ..PanelConfig::default()
        };
        Ok(Self {
            panel: Panel::new(config)?,
            gap_ns: merge_gap_ns,
            series_limit: series_max,
        })
    }

    fn observe(&mut self, series: usize, time_ns: i64, value: f64) -> Result<Seen, Error> {
        let seen = self.panel.observe(series, time_ns, value)?;
        let event = match seen.event {
            None => Event::NoneOfIt,
            Some(EpisodeEvent::Opened(e)) => Event::Opened((&e).into()),
            Some(EpisodeEvent::Updated(e)) => Event::Updated((&e).into()),
            Some(EpisodeEvent::Closed(e)) => Event::Closed((&e).into()),
            Some(other) => panic!("an event that the spec does not know: {other:?}"),
        };
        Ok(Seen {
            verdict: seen.verdict.into(),
            event,
        })
    }

    fn tick(&mut self, now_ns: i64) -> Vec<Episode> {
        episodes(&self.panel.tick(now_ns))
    }

    fn finish(&mut self) -> Vec<Episode> {
        episodes(&self.panel.finish())
    }

    fn remove(&mut self, series: usize) -> Option<Episode> {
        self.panel.remove(series).map(|e| e.episode().into())
    }

    fn gap_ns(&self) -> i64 {
        self.gap_ns
    }

    fn series_limit(&self) -> usize {
        self.series_limit
    }

    fn series_count(&self) -> usize {
        self.panel.series_count()
    }

    fn open_count(&self) -> usize {
        self.panel.open_episodes().count()
    }
}

#[test]
fn panel_keeps_its_spec() {
    holds::<PanelOfSpec>(&Settings::default().steps(60));
}

#[test]
fn panel_keeps_its_contract_over_an_eventful_stream() {
    let mut panel = PanelOfSpec::new(1.0, 10_000_000_000, 3_600_000_000_000, 8).unwrap();
    let (mut opened, mut closed) = (0, 0);
    let streams: Vec<_> = (0..3)
        .map(|seed| eventful(seed).collect::<Vec<_>>())
        .collect();
    for at in 0..3000 {
        for (series, stream) in streams.iter().enumerate() {
            let (time_ns, value) = stream[at];
            match panel.observe(series, time_ns, value).unwrap().event {
                Event::Opened(_) => opened += 1,
                Event::Closed(_) => closed += 1,
                _ => {}
            }
        }
    }
    closed += panel.finish().len();
    assert!(opened > 0, "episodes are exercised");
    assert_eq!(opened, closed);
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
struct Defaults {
    adwin: (f64, u32, u32, u32),
    detector: (u32, f64, f64),
    panel: (f64, f64, f64),
    merge_gap_ns: i64,
    length_max_ns: i64,
    panel_series: (usize, usize, u64),
}

#[implements("specs/anomaly.spec", tool = "defaults")]
fn defaults() -> Defaults {
    let adwin = AdwinConfig::default();
    let detector = DetectorConfig::default();
    let panel = PanelConfig::default();
    assert_eq!(panel.detector, detector);
    assert_eq!(Detector::new(detector).unwrap(), Detector::default());
    Defaults {
        adwin: (adwin.delta, adwin.clock, adwin.min_window, adwin.grace),
        detector: (detector.warmup, detector.memory, detector.false_rate),
        panel: (
            panel.false_episodes_per_hour,
            panel.budget_share,
            panel.level_max,
        ),
        merge_gap_ns: panel.merge_gap_ns,
        length_max_ns: panel.length_max_ns,
        panel_series: (panel.series_max, panel.series_min, panel.first_id),
    }
}

#[test]
fn defaults_keep_their_spec() {
    holds::<defaults>(&Settings::default());
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
struct PanelLevel {
    base_level: f64,
    series_count: usize,
}

#[implements("specs/anomaly.spec", tool = "panel_level")]
fn panel_level(
    false_episodes_per_hour: f64,
    budget_share: f64,
    level_max: f64,
    series_min: usize,
    warmup: u32,
    series: usize,
    interval_ns: i64,
) -> Result<PanelLevel, Error> {
    let mut config = PanelConfig {
        false_episodes_per_hour,
        budget_share,
        level_max,
        series_min,
        detector: DetectorConfig {
            warmup,
            ..DetectorConfig::default()
        },
        ..PanelConfig::default()
    };
    let mut panel = Panel::new(config)?;
    for time_ns in [0, interval_ns] {
        for series in 0..series {
            panel.observe(series, time_ns, 1.0)?;
        }
    }
    config.merge_gap_ns += 1;
    panel.reconfigure(config)?;
    Ok(PanelLevel {
        base_level: panel.control().base_level(),
        series_count: panel.series_count(),
    })
}

#[test]
fn panel_levels_keep_their_spec() {
    holds::<panel_level>(&Settings::default());
}

#[test]
fn recorded_answers_keep_their_spec() {
    crate::recorded::keeps_its_spec();
}
