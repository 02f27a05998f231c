//! One series: from samples to verdicts.

use crate::adwin::{Adwin, AdwinConfig};
use crate::error::{Error, within};
use crate::evidence::{Evidence, Recalibration};
use crate::model::Model;
use crate::pace::{Pace, Step};
use crate::verdict::{Kind, Reason, Verdict};

/// Largest magnitude accepted.
const MAGNITUDE_MAX: f64 = 1e100;
/// Samples an event may last before it is a new regime.
const EVENT_SAMPLES_MAX: u32 = 60;
/// An event is over when its false rate is above this, or after so many samples in a row as usual as this.
const CALM_RATE: f64 = 1e-2;
const CALM_SAMPLES: u32 = 5;
const CALM_P: f64 = 0.05;
/// Scales by which the level must stay away at the end of an event for it to be a drift.
const STAYED_SCALES: f64 = 4.0;
/// Samples in a row that must be away, or back, for the end of an event to be clear.
const SETTLED_SAMPLES: i8 = 4;
/// Confidence of one check of the slow drift test.
const SLOW_DELTA: f64 = 1e-7;
/// Most samples averaged into one item of the slow drift test.
const BLOCK_MAX: f64 = 128.0;

/// Samples over which the loudest surprise fades, and the least p-value of what is less surprising than it.
const ECHO_SAMPLES: f64 = 300.0;
const ECHO_P: f64 = 0.02;

/// Settings of [`Detector`]; none needs tuning.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DetectorConfig {
    /// Samples before the first verdict, in [8, 1024]. Default 20.
    pub warmup: u32,
    /// Samples whose distribution is remembered, in [1024, 1e7]. Default 8,192.
    pub memory: f64,
    /// False alarms this series may make per sample, in [1e-15, 0.1]. Default 1 / 540,000: one an hour over 150
    /// series at 1 Hz.
    pub false_rate: f64,
}

impl Default for DetectorConfig {
    fn default() -> Self {
        Self {
            warmup: 20,
            memory: 8192.0,
            false_rate: 1.0 / 540_000.0,
        }
    }
}

/// Mean-change test on decorrelated block means.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct SlowDrift {
    adwin: Adwin,
    origin: f64,
    unit: f64,
    sum: f64,
    count: f64,
    block: f64,
}

/// Streaming detector for one series.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Detector {
    config: DetectorConfig,
    pace: Pace,
    first: Vec<f64>,
    model: Option<Model>,
    evidence: Evidence,
    recalibration: Recalibration,
    slow: Option<SlowDrift>,
    event_samples: u32,
    /// Unsurprising samples in a row.
    calm_samples: u32,
    /// Samples in a row away from the level (positive) or back at it (negative).
    away_samples: i8,
    rest: u32,
    invalid: u64,
    judged: u64,
    drifts: u64,
    /// Largest surprise lately, fading.
    loudest: f64,
}

impl Default for Detector {
    fn default() -> Self {
        Self::build(DetectorConfig::default())
    }
}

impl Detector {
    /// A detector that knows nothing yet.
    ///
    /// # Errors
    /// [`Error::Setting`] when a field of `config` lies outside its domain.
    pub fn new(config: DetectorConfig) -> Result<Self, Error> {
        within("warmup", config.warmup.into(), 8.0, 1024.0, "[8, 1024]")?;
        within("memory", config.memory, 1024.0, 1e7, "[1024, 1e7]")?;
        within("false_rate", config.false_rate, 1e-15, 0.1, "[1e-15, 0.1]")?;
        Ok(Self::build(config))
    }

    pub(crate) fn build(config: DetectorConfig) -> Self {
        Self {
            config,
            pace: Pace::default(),
            first: Vec::with_capacity(config.warmup as usize),
            model: None,
            evidence: Evidence::new(config.memory / 4.0),
            recalibration: Recalibration::new(config.memory / 8.0),
            slow: None,
            event_samples: 0,
            calm_samples: 0,
            away_samples: 0,
            rest: 0,
            invalid: 0,
            judged: 0,
            drifts: 0,
            loudest: 0.0,
        }
    }

    /// Judges one sample taken at `time_ns` (any epoch), then learns from it. Never fails; see the table in the crate
    /// documentation for what odd input means. O(log window), no allocation once warm.
    pub fn observe(&mut self, time_ns: i64, value: f64) -> Verdict {
        self.observe_at(time_ns, value, self.config.false_rate)
    }

    /// Like [`Self::observe`], but an event begins where the false rate is at or below `level` instead of the
    /// configured one: for an error control over many series.
    pub fn observe_at(&mut self, time_ns: i64, value: f64, level: f64) -> Verdict {
        if let Some(reason) = refuse(value) {
            return self.invalid(reason);
        }
        let gap = match self.pace.step(time_ns) {
            Step::Refused(reason) => return self.invalid(reason),
            Step::Next(_) => None,
            Step::Gap(missed) => Some(missed),
        };
        if let (Some(missed), Some(model)) = (gap, &mut self.model) {
            model.pause(missed);
            self.evidence.lower(0.0);
        }
        if self.model.is_some() {
            self.judge(value, level)
        } else {
            self.warm_up(value)
        }
    }

    /// Bytes of state, heap included.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        size_of::<Self>()
            + self.first.capacity() * size_of::<f64>()
            + self.model.as_ref().map_or(0, Model::heap_bytes)
            + self.recalibration.heap_bytes()
            + self
                .slow
                .as_ref()
                .map_or(0, |slow| slow.adwin.state_bytes() - size_of::<Adwin>())
    }

    /// Samples judged so far: neither refused nor part of the warm-up.
    #[must_use]
    pub fn judged_count(&self) -> u64 {
        self.judged
    }

    /// Samples refused so far.
    #[must_use]
    pub fn invalid_count(&self) -> u64 {
        self.invalid
    }

    /// Regime changes so far.
    #[must_use]
    pub fn drift_count(&self) -> u64 {
        self.drifts
    }

    /// Period in samples, while one is evident and in use.
    #[must_use]
    pub fn period(&self) -> Option<usize> {
        self.model.as_ref().and_then(Model::period)
    }

    /// Usual nanoseconds between samples; 0 until two samples were seen.
    #[must_use]
    pub fn interval_ns(&self) -> f64 {
        self.pace.interval_ns()
    }

    fn invalid(&mut self, reason: Reason) -> Verdict {
        self.invalid += 1;
        let expected = self.model.as_ref().map_or(0.0, Model::level);
        Verdict::quiet(Kind::Invalid(reason), expected)
    }

    fn warm_up(&mut self, value: f64) -> Verdict {
        self.first.push(value);
        let percent = self.first.len() * 100 / self.config.warmup as usize;
        if percent >= 100 {
            self.model = Some(Model::new(&self.first, self.config.memory));
            self.first = Vec::new();
        }
        Verdict::quiet(
            Kind::Learning {
                percent: u8::try_from(percent.min(99)).unwrap_or(99),
            },
            value,
        )
    }

    fn judge(&mut self, value: f64, level: f64) -> Verdict {
        let Some(model) = &mut self.model else {
            return Verdict::quiet(Kind::Learning { percent: 99 }, value);
        };
        self.judged += 1;
        let (look, views) = model.look(value);
        let seasonal = model.seasonal();
        let surprise = -look.p.ln();
        let mut p_value = self.recalibration.p_value(surprise);
        // The echo of an event is no news: it is at most as unusual as one sample in fifty.
        if surprise < self.loudest {
            p_value = p_value.max(ECHO_P);
        }
        self.loudest = (self.loudest * (1.0 - 1.0 / ECHO_SAMPLES)).max(surprise);
        self.recalibration.add(surprise);
        self.calm_samples = if look.p_sample > CALM_P {
            self.calm_samples.saturating_add(1)
        } else {
            0
        };
        let false_rate = if self.rest > 0 {
            self.rest -= 1;
            self.evidence.lower(0.0);
            1.0
        } else {
            self.evidence.push(-look.p_sample.ln(), model.memory())
        };
        if model.learn(value, views) {
            self.slow = None;
        }
        let is_away = model.shift().abs().min(model.last_shift().abs()) > STAYED_SCALES;
        self.away_samples = match (is_away, self.away_samples) {
            (true, n) => n.max(0).saturating_add(1),
            (false, n) => n.min(0).saturating_sub(1),
        };
        let mut verdict = Verdict {
            score: 1.0 - p_value,
            p_value,
            false_rate,
            run: self.evidence.run(),
            kind: Kind::Normal,
            expected: look.expected,
            low: look.low,
            high: look.high,
            direction: look.direction,
        };
        let slow = self.slow_drift(value - seasonal);
        self.settle(&mut verdict, slow, level);
        verdict
    }

    /// Event, end of event, drift: what the sample's rate means for the run of samples it belongs to.
    fn settle(&mut self, verdict: &mut Verdict, slow: bool, level: f64) {
        let Some(model) = &mut self.model else { return };
        if self.event_samples == 0 && verdict.false_rate <= level {
            self.event_samples = 1;
        } else if self.event_samples > 0 {
            self.event_samples += 1;
        }
        let in_event = self.event_samples > 0;
        let calm =
            in_event && (verdict.false_rate > CALM_RATE || self.calm_samples >= CALM_SAMPLES);
        let away = self.away_samples >= SETTLED_SAMPLES;
        let back = self.away_samples <= -SETTLED_SAMPLES;
        let lasted = self.event_samples > EVENT_SAMPLES_MAX;
        if in_event {
            verdict.kind = Kind::Anomaly;
        }
        if slow || (in_event && (lasted || (calm && away))) {
            verdict.kind = Kind::Drift;
            self.drifts += 1;
            model.relearn();
            self.evidence.settle();
            self.slow = None;
            self.event_samples = 0;
            self.rest = 8;
        } else if calm && (back || !in_event) {
            self.event_samples = 0;
            self.evidence.settle();
            verdict.run = 0;
            verdict.kind = Kind::Normal;
        }
    }

    /// Feeds the slow test; `true` when the mean has moved.
    fn slow_drift(&mut self, value: f64) -> bool {
        let Some(model) = &self.model else {
            return false;
        };
        let unit = model.scale();
        let block = (4.0 * model.decorrelation()).max(4.0).ceil();
        // A series that wanders has no mean that could change, and its blocks would not be independent.
        if block > BLOCK_MAX {
            self.slow = None;
        }
        if unit <= 0.0 || block > BLOCK_MAX {
            return false;
        }
        let slow = match &mut self.slow {
            Some(slow) => slow,
            None => {
                let config = AdwinConfig {
                    delta: SLOW_DELTA,
                    clock: 8,
                    ..AdwinConfig::default()
                };
                let Ok(adwin) = Adwin::new(config) else {
                    return false;
                };
                self.slow.insert(SlowDrift {
                    adwin,
                    origin: model.level(),
                    unit,
                    sum: 0.0,
                    count: 0.0,
                    block: 1.0,
                })
            }
        };
        // The test's bound assumes a range of 1.
        slow.sum += ((value - slow.origin) / slow.unit / 16.0).clamp(-0.5, 0.5);
        slow.count += 1.0;
        if slow.count < slow.block {
            return false;
        }
        let mean = slow.sum / slow.count;
        (slow.sum, slow.count) = (0.0, 0.0);
        slow.block = block;
        slow.adwin.update(mean).unwrap_or(false)
    }
}

fn refuse(value: f64) -> Option<Reason> {
    if value.is_nan() {
        Some(Reason::NotANumber)
    } else if value.abs() > MAGNITUDE_MAX {
        Some(Reason::Unbounded)
    } else {
        None
    }
}
