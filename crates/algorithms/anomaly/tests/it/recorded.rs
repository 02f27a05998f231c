//! The digests of `specs/anomaly.spec`: what was judged once is judged the same, digit for digit.

#![expect(
    clippy::disallowed_methods,
    reason = "blessing is asked for by a variable"
)]

use voidstate_anomaly::{
    Adwin, AdwinConfig, Detector, DetectorConfig, Episode, Error, Panel, PanelConfig, Verdict,
};
use voidstate_spec::generate::Settings;
use voidstate_spec::{SpecValue, implements};

use crate::spec::holds;
use crate::worlds::{Stream, World};

/// Bits of a real that may differ between mathematical libraries: less than 1e-11 of the value.
const LIBRARY_BITS: u32 = 16;

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
    world: World,
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
        self.whole(number.to_bits().wrapping_add(half) >> LIBRARY_BITS);
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
        format!("{:?}", verdict.kind)
            .bytes()
            .for_each(|byte| self.whole(u64::from(byte)));
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

/// A series of that world in which things happen: a burst, a slow rise, a step that stays, a wider spread, a pause, times
/// that repeat and go back, what is no number.
fn eventful(world: World, seed: u64, count: u64) -> impl Iterator<Item = (i64, f64)> {
    let mut stream = Stream::new(world, seed);
    let unit = {
        let mut probe = Stream::new(world, seed ^ 1);
        let drawn: Vec<f64> = (0..200).map(|_| probe.draw()).collect();
        let mean = drawn.iter().sum::<f64>() / 200.0;
        (drawn.iter().map(|v| (v - mean).abs()).sum::<f64>() / 200.0).max(0.01)
    };
    (0..count).map(move |at| {
        let clean = stream.draw();
        let value = match at {
            300 => f64::NAN,
            301 => f64::INFINITY,
            302 => -1e101,
            500..=505 => clean + 20.0 * unit,
            900..=1100 => clean + (at - 900) as f64 * 0.1 * unit,
            1500..=1999 => clean + 8.0 * unit,
            2300..=2400 => clean * 3.0,
            2700..=2703 => clean - 30.0 * unit,
            3000..=3050 => unit,
            _ => clean,
        };
        let pause = if at >= 700 { 900 } else { 0 } + if at >= 2600 { 20 } else { 0 };
        let time = match at {
            310 => 308,
            320 => 319,
            _ => at + pause,
        };
        (time as i64 * 1_000_000_000, value)
    })
}

fn adwin(world: World, seed: u64, count: u64) -> Result<Recorded, Error> {
    let (mut alarms, mut digest) = (0, Digest::new());
    for config in [
        AdwinConfig::default(),
        AdwinConfig {
            delta: 0.2,
            clock: 5,
            min_window: 3,
            grace: 6,
        },
    ] {
        let mut adwin = Adwin::new(config)?;
        for (_, value) in eventful(world, seed, count) {
            let Ok(alarm) = adwin.update(value) else {
                continue;
            };
            alarms += u64::from(alarm);
            digest.whole(u64::from(alarm));
            digest.whole(adwin.width());
            digest.real(adwin.mean());
            digest.real(adwin.variance());
            digest.whole(adwin.state_bytes() as u64);
        }
    }
    Ok(Recorded {
        alarms,
        digest: digest.0 >> 1,
    })
}

fn detector(world: World, seed: u64, count: u64) -> Result<Recorded, Error> {
    let (mut alarms, mut digest) = (0, Digest::new());
    for config in [
        DetectorConfig::default(),
        DetectorConfig {
            warmup: 64,
            memory: 2048.0,
            false_rate: 1e-3,
        },
    ] {
        let mut detector = Detector::new(config)?;
        for (time_ns, value) in eventful(world, seed, count) {
            let verdict = detector.observe(time_ns, value);
            alarms += u64::from(verdict.run > 0);
            digest.verdict(&verdict);
        }
        for count in [
            detector.judged_count(),
            detector.invalid_count(),
            detector.drift_count(),
        ] {
            digest.whole(count);
        }
        digest.whole(detector.state_bytes() as u64);
    }
    Ok(Recorded {
        alarms,
        digest: digest.0 >> 1,
    })
}

fn panel(world: World, seed: u64, count: u64) -> Result<Recorded, Error> {
    let (mut alarms, mut digest) = (0, Digest::new());
    let mut panel = Panel::new(PanelConfig::default())?;
    let mut streams = [
        eventful(world, seed, count),
        eventful(World::Gaussian, seed + 1, count),
        eventful(World::Seasonal, seed + 2, count),
    ];
    for at in 0..count {
        for (series, stream) in streams.iter_mut().enumerate() {
            let Some((time_ns, value)) = stream.next() else {
                continue;
            };
            let seen = panel.observe(series, time_ns, value)?;
            digest.verdict(&seen.verdict);
            if let Some(event) = seen.event {
                digest.episode(event.episode());
                alarms += 1;
            }
            if series == 0 && at % 50 == 49 {
                for event in panel.tick(time_ns) {
                    digest.episode(event.episode());
                }
            }
        }
        if at == 2000 {
            panel.reconfigure(PanelConfig {
                false_episodes_per_hour: 3.0,
                ..PanelConfig::default()
            })?;
        }
        if at == 2500 {
            let removed = panel.remove(1);
            digest.whole(u64::from(removed.is_some()));
        }
        digest.whole(panel.series_count() as u64);
        digest.whole(panel.open_episodes().count() as u64);
    }
    for event in panel.finish() {
        digest.episode(event.episode());
    }
    Ok(Recorded {
        alarms,
        digest: digest.0 >> 1,
    })
}

#[implements("specs/anomaly.spec", tool = "recorded")]
fn recorded(run: Run, count: u64) -> Result<Recorded, Error> {
    let Run { entry, world, seed } = run;
    match entry {
        Entry::Adwin => adwin(world, seed, count),
        Entry::Detector => detector(world, seed, count),
        Entry::Panel => panel(world, seed, count),
    }
}

/// The examples as the spec has to say them, for the day on which answers change on purpose.
fn examples() -> String {
    let mut text = String::new();
    for entry in [Entry::Adwin, Entry::Detector, Entry::Panel] {
        let worlds = match entry {
            Entry::Detector => &World::ALL[..],
            Entry::Adwin => &[World::Gaussian, World::Student, World::Bursty],
            Entry::Panel => &[World::Laplace, World::Bursty, World::IdleCpu],
        };
        for &world in worlds {
            let run = Run {
                entry,
                world,
                seed: 1,
            };
            let Recorded { alarms, digest } = recorded(run, SAMPLES).unwrap();
            let entry = format!("{entry:?}").to_lowercase();
            let world = format!("{world:?}").to_lowercase();
            let world = world.replace("idlecpu", "idle_cpu");
            text.push_str(&format!(
                "example (run: Run {{ entry: Entry.{entry}, world: World.{world}, seed: 1 }}, \
                 count: {SAMPLES}) => (alarms: {alarms}, digest: {digest})\n"
            ));
        }
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
