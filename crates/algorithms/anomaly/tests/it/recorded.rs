//! The digests of `specs/anomaly.spec`: what was judged once is judged the same, digit for digit.

#![expect(
    clippy::disallowed_methods,
    reason = "blessing is asked for by a variable"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "settings are chosen from small whole numbers"
)]

use voidstate_anomaly::{
    Adwin, AdwinConfig, Detector, DetectorConfig, Episode, EpisodeEvent, Error, Panel, PanelConfig,
    Verdict,
};
use voidstate_spec::generate::Settings;
use voidstate_spec::{SpecValue, implements};

use crate::plots::{Plot, Sample};
use crate::spec::holds;
use crate::worlds::{Rng, World};

/// Bits of a real that may differ between mathematical libraries and compilers: less than 4e-9 of the value. A last bit
/// that differs crosses the border between two roundings once in 2^24 values; the examples hold a million.
const LIBRARY_BITS: u32 = 24;

/// Samples of an example.
const SAMPLES: u64 = 3500;

#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
enum Entry {
    Adwin,
    Detector,
    Panel,
}

#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
struct Run {
    entry: Entry,
    plot: Plot,
    seed: u64,
}

#[derive(Debug, Clone, PartialEq, SpecValue)]
struct Recorded {
    alarms: u64,
    digest: u64,
}

/// FNV-1a over what was said.
struct Digest(u64);

impl Digest {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn whole(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn real(&mut self, number: f64) {
        let half = 1 << (LIBRARY_BITS - 1);
        // Which of the two zeros comes out of `max` is up to the compiler; the sum is the positive one.
        self.whole((number + 0.0).to_bits().wrapping_add(half) >> LIBRARY_BITS);
    }

    fn verdict(&mut self, verdict: &Verdict) {
        for real in [
            verdict.score,
            verdict.p_value,
            verdict.false_rate,
            verdict.expected,
            verdict.low,
            verdict.high,
        ] {
            self.real(real);
        }
        self.whole(u64::from(verdict.run));
        format!("{:?} {:?}", verdict.kind, verdict.direction)
            .bytes()
            .for_each(|byte| self.whole(u64::from(byte)));
    }

    /// What a detector says of itself.
    fn detector(&mut self, detector: &Detector) {
        for whole in [
            detector.judged_count(),
            detector.invalid_count(),
            detector.drift_count(),
            detector.state_bytes() as u64,
            detector.period().map_or(0, |period| period as u64),
        ] {
            self.whole(whole);
        }
        self.real(detector.interval_ns());
    }

    /// What a panel says of itself.
    fn panel(&mut self, panel: &Panel, at_ns: i64) {
        self.whole(panel.series_count() as u64);
        self.whole(panel.open_episodes().map(|e| e.id + 1).sum());
        self.real(panel.control().level(at_ns));
        self.real(panel.control().base_level());
    }

    fn event(&mut self, event: &EpisodeEvent) {
        self.whole(match event {
            EpisodeEvent::Opened(_) => 1,
            EpisodeEvent::Updated(_) => 2,
            EpisodeEvent::Closed(_) => 3,
            _ => 4,
        });
        self.episode(event.episode());
    }

    fn episode(&mut self, episode: &Episode) {
        for whole in [
            episode.id,
            episode.series as u64,
            episode.samples,
            episode.start_ns as u64,
            episode.end_ns as u64,
            episode.peak.time_ns as u64,
        ] {
            self.whole(whole);
        }
        for real in [
            episode.peak.value,
            episode.peak.score,
            episode.expected,
            episode.low,
            episode.high,
            episode.observed,
            episode.false_rate,
        ] {
            self.real(real);
        }
        format!("{:?} {:?}", episode.kind, episode.direction)
            .bytes()
            .for_each(|byte| self.whole(u64::from(byte)));
    }
}

fn adwin(plot: Plot, seed: u64, count: u64) -> Result<Recorded, Error> {
    let (mut alarms, mut digest) = (0, Digest::new());
    let config = |delta, clock, min_window, grace| AdwinConfig {
        delta,
        clock,
        min_window,
        grace,
    };
    for config in [
        AdwinConfig::default(),
        config(0.2, 5, 3, 6),
        config(0.9, 1, 1, 0),
        config(0.9, 1, 2, 6),
    ] {
        let mut adwin = Adwin::new(config)?;
        for take in plot.takes(seed, count) {
            for sample in take.samples {
                let Ok(alarm) = adwin.update(sample.value) else {
                    continue;
                };
                alarms += u64::from(alarm);
                digest.whole(u64::from(alarm));
                digest.whole(adwin.width());
                digest.real(adwin.mean());
                digest.real(adwin.variance());
                digest.whole(adwin.state_bytes() as u64);
            }
            adwin.reset();
            digest.whole(adwin.width());
        }
    }
    Ok(Recorded {
        alarms,
        digest: digest.0 >> 1,
    })
}

fn detector(plot: Plot, seed: u64, count: u64) -> Result<Recorded, Error> {
    let (mut alarms, mut digest) = (0, Digest::new());
    for take in plot.takes(seed, count) {
        let mut detector = Detector::new(take.config)?;
        for sample in take.samples {
            let verdict = detector.observe_at(sample.time_ns, sample.value, sample.level);
            alarms += u64::from(verdict.run > 0);
            digest.verdict(&verdict);
            digest.detector(&detector);
        }
    }
    Ok(Recorded {
        alarms,
        digest: digest.0 >> 1,
    })
}

fn panel_config(rng: &mut Rng, detector: DetectorConfig) -> PanelConfig {
    let mut one_of = |choices: &[f64]| choices[rng.u64() as usize % choices.len()];
    PanelConfig {
        false_episodes_per_hour: one_of(&[1.0, 3.0, 1e3, 1e6]),
        budget_share: one_of(&[1.0, 0.25]),
        level_max: one_of(&[2e-5, 1e-3, 0.1]),
        merge_gap_ns: one_of(&[0.0, 3e9, 1e10]) as i64,
        length_max_ns: one_of(&[1.0, 7e9, 2e10, 3.6e12]) as i64,
        series_max: 1000,
        series_min: one_of(&[1.0, 8.0, 500.0]) as usize,
        first_id: one_of(&[0.0, 100.0]) as u64,
        detector,
    }
}

fn panel(plot: Plot, seed: u64, count: u64) -> Result<Recorded, Error> {
    let (mut alarms, mut digest, mut rng) = (0, Digest::new(), Rng(seed));
    let takes = plot.takes(seed, count);
    let Some(config) = takes.first().map(|take| take.config) else {
        return Ok(Recorded {
            alarms,
            digest: digest.0 >> 1,
        });
    };
    let settings = match plot {
        Plot::Eventful(_) => PanelConfig {
            detector: config,
            ..PanelConfig::default()
        },
        _ => panel_config(&mut rng, config),
    };
    let mut panel = Panel::new(settings)?;
    let longest = takes.iter().map(|take| take.samples.len()).max();
    for at in 0..longest.unwrap_or(0) {
        for (series, take) in takes.iter().enumerate() {
            let Some(Sample { time_ns, value, .. }) = take.samples.get(at).copied() else {
                continue;
            };
            let seen = panel.observe(series, time_ns, value)?;
            digest.verdict(&seen.verdict);
            if let Some(event) = seen.event {
                digest.event(&event);
                alarms += 1;
            }
            digest.panel(&panel, time_ns);
            match rng.u64() % 256 {
                0 => {
                    panel.reconfigure(panel_config(&mut rng, config))?;
                }
                1 => {
                    let removed = panel.remove(series);
                    removed.iter().for_each(|event| digest.event(event));
                    digest.whole(u64::from(removed.is_some()));
                }
                2 if series == 0 => {
                    for event in panel.finish() {
                        digest.event(&event);
                    }
                }
                3..=9 => {
                    // Just before, at and just after the ends of the gaps there are.
                    let gap = [0, 3_000_000_000, 10_000_000_000][rng.u64() as usize % 3];
                    let past = (rng.u64() % 3) as i64 - 1;
                    let ended = panel.open_episodes().next().map(|e| e.end_ns);
                    let now = ended.map(|end_ns| end_ns.saturating_add(gap + past));
                    for event in panel.tick(now.unwrap_or(time_ns)) {
                        digest.event(&event);
                    }
                }
                _ => {}
            }
            digest.panel(&panel, time_ns);
        }
    }
    for event in panel.finish() {
        digest.event(&event);
    }
    digest.panel(&panel, 0);
    Ok(Recorded {
        alarms,
        digest: digest.0 >> 1,
    })
}

#[implements("specs/anomaly.spec", tool = "recorded")]
fn recorded(run: Run, count: u64) -> Result<Recorded, Error> {
    let Run { entry, plot, seed } = run;
    match entry {
        Entry::Adwin => adwin(plot, seed, count),
        Entry::Detector => detector(plot, seed, count),
        Entry::Panel => panel(plot, seed, count),
    }
}

/// The runs that are recorded: entry, plot, seed, samples. Those that find most come first.
fn runs() -> Vec<(Run, u64)> {
    let mut runs = Vec::new();
    let mut add = |entry, plot, seed, count| runs.push((Run { entry, plot, seed }, count));
    add(Entry::Panel, Plot::Wild, 1, 2000);
    let corners = [
        Plot::Wild,
        Plot::Still,
        Plot::Clock,
        Plot::Season,
        Plot::Scales,
        Plot::Slow,
    ];
    for plot in [Plot::Wild, Plot::Still, Plot::Scales] {
        add(Entry::Adwin, plot, 1, 1000);
    }
    for seed in 1..=3 {
        for plot in corners {
            add(Entry::Detector, plot, seed, 4000);
        }
        for plot in [Plot::Wild, Plot::Clock, Plot::Still, Plot::Crowd] {
            add(Entry::Panel, plot, seed + 1, 4000);
        }
    }
    for world in [World::Gaussian, World::Student, World::Bursty] {
        add(Entry::Adwin, Plot::Eventful(world), 1, SAMPLES);
    }
    for world in World::ALL {
        add(Entry::Detector, Plot::Eventful(world), 1, SAMPLES);
    }
    for world in [World::Laplace, World::Bursty, World::IdleCpu] {
        add(Entry::Panel, Plot::Eventful(world), 1, SAMPLES);
    }
    add(Entry::Detector, Plot::Long, 1, 4000);
    runs
}

/// The examples as the spec has to say them, for the day on which answers change on purpose.
fn examples() -> String {
    let mut text = String::new();
    for (run, count) in runs() {
        let Recorded { alarms, digest } = recorded(run, count).unwrap();
        let entry = format!("{:?}", run.entry).to_lowercase();
        let plot = match run.plot {
            Plot::Eventful(world) => {
                let world = format!("{world:?}").to_lowercase();
                format!("eventful(World.{})", world.replace("idlecpu", "idle_cpu"))
            }
            other => format!("{other:?}").to_lowercase(),
        };
        text.push_str(&format!(
            "  example (run: Run {{ entry: Entry.{entry}, plot: Plot.{plot}, seed: {} }}, \
             count: {count}) => (alarms: {alarms}, digest: {digest})\n",
            run.seed
        ));
    }
    text
}

/// Holds the recorded answers to the spec; with VOIDSTATE_BLESS set, fails with what the spec would have to say.
pub(crate) fn keeps_its_spec() {
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        panic!("put these into specs/anomaly.spec:\n{}", examples());
    }
    holds::<recorded>(&Settings::default().cases(12));
}
