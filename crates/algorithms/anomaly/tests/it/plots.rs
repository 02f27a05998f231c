//! What happens in the streams whose answers are recorded: series of the worlds, and series made to come by the corners
//! that no healthy world visits.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a random number chooses among a few, in whatever width"
)]

use voidstate_anomaly::DetectorConfig;
use voidstate_spec::SpecValue;

use crate::worlds::{Rng, Stream, World};

const SECOND_NS: i64 = 1_000_000_000;

/// What kind of things happen.
#[derive(Debug, Clone, Copy, PartialEq, SpecValue)]
pub(crate) enum Plot {
    /// A burst, a slow rise, a step that stays, a wider spread, a pause, times that go back, what is no number.
    Eventful(World),
    /// Many short series with random incidents, judged by all sorts of levels.
    Wild,
    /// Constants that move a little, now and then.
    Still,
    /// Periods of many lengths, clean and noisy, with pauses.
    Season,
    /// Levels that shift too slowly and too little for an event.
    Slow,
    /// Times that jitter, repeat, go back and are set back.
    Clock,
    /// Numbers at the ends of the reals.
    Scales,
    /// One long series with a short memory; four samples for each one that is asked for.
    Long,
    /// Hundreds of short series.
    Crowd,
}

/// A sample and the level by which it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) time_ns: i64,
    pub(crate) value: f64,
    pub(crate) level: f64,
}

/// A detector and what it is shown.
#[derive(Debug)]
pub(crate) struct Take {
    pub(crate) config: DetectorConfig,
    pub(crate) samples: Vec<Sample>,
}

impl Plot {
    /// Takes of about `count` samples together.
    pub(crate) fn takes(self, seed: u64, count: u64) -> Vec<Take> {
        let mut rng = Rng(seed ^ 0x5eed);
        let each = |length: u64, take: fn(&mut Rng, u64, u64) -> Take, rng: &mut Rng| {
            let number = count.div_ceil(length);
            (0..number)
                .map(|index| take(rng, index, length.min(count)))
                .collect()
        };
        match self {
            Self::Eventful(world) => [DetectorConfig::default(), config(64, 2048.0, 1e-3)]
                .map(|config| Take {
                    samples: eventful(world, seed, count, config.false_rate),
                    config,
                })
                .into(),
            Self::Wild => each(125, wild, &mut rng),
            Self::Still => each(175, still, &mut rng),
            Self::Season => each(700, season, &mut rng),
            Self::Slow => each(3500, slow, &mut rng),
            Self::Clock => each(175, clock, &mut rng),
            Self::Scales => each(350, scales, &mut rng),
            Self::Long => vec![long(&mut rng, count * 4)],
            Self::Crowd => each(12, crowd, &mut rng),
        }
    }
}

fn config(warmup: u32, memory: f64, false_rate: f64) -> DetectorConfig {
    DetectorConfig {
        warmup,
        memory,
        false_rate,
    }
}

fn one_of<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    choices[rng.u64() as usize % choices.len()]
}

fn chance(rng: &mut Rng, of: f64) -> bool {
    rng.unit() < of
}

fn at_seconds(samples: impl Iterator<Item = f64>, level: f64) -> Vec<Sample> {
    samples
        .enumerate()
        .map(|(at, value)| Sample {
            time_ns: at as i64 * SECOND_NS,
            value,
            level,
        })
        .collect()
}

fn eventful(world: World, seed: u64, count: u64, level: f64) -> Vec<Sample> {
    let mut stream = Stream::new(world, seed);
    let unit = {
        let mut probe = Stream::new(world, seed ^ 1);
        let drawn: Vec<f64> = (0..200).map(|_| probe.draw()).collect();
        let mean = drawn.iter().sum::<f64>() / 200.0;
        (drawn.iter().map(|v| (v - mean).abs()).sum::<f64>() / 200.0).max(0.01)
    };
    let sample = |at: u64| {
        let clean = stream.draw();
        let value = match at {
            5 | 300 => f64::NAN,
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
        Sample {
            time_ns: time as i64 * SECOND_NS,
            value,
            level,
        }
    };
    (0..count).map(sample).collect()
}

/// Incidents of every kind in a healthy series, from the first judged sample on.
fn wild(rng: &mut Rng, index: u64, length: u64) -> Take {
    let world = World::ALL[(index % 10) as usize];
    let mut stream = Stream::new(world, rng.u64());
    let warmup = one_of(rng, &[8, 9, 12, 20, 33, 41]);
    let config = config(
        warmup,
        one_of(rng, &[1024.0, 2048.0, 1e7]),
        one_of(rng, &[1e-15, 1e-6, 1e-3, 0.1]),
    );
    let unit = one_of(rng, &[1.0, 5.0, 30.0]);
    let usual = config.false_rate;
    let level = one_of(rng, &[1.0, 0.3, 0.1, usual]);
    let often = one_of(rng, &[0.02, 0.06, 0.15]);
    let (mut left, mut kind, mut shift, mut time_ns) = (0_u64, 0, 0.0, 0);
    let mut samples = Vec::new();
    for at in 0..length {
        if left == 0 && (chance(rng, often) || at == u64::from(warmup)) {
            (left, kind) = (1 + rng.u64() % 9, rng.u64() % 10);
        }
        let clean = stream.draw() + shift;
        let mut value = clean;
        let mut step = SECOND_NS;
        if left > 0 {
            left -= 1;
            match kind {
                0 => value += 10.0 * unit,
                1 => value -= 10.0 * unit,
                2 => shift += unit,
                3 => value = shift,
                4 => value = f64::NAN,
                5 => value = 1e90,
                6 => step = 11 * SECOND_NS / 2,
                7 => step = 9 * SECOND_NS,
                8 => value = 3.0 * clean,
                _ => value += 3.0 * unit,
            }
        }
        time_ns += step;
        samples.push(Sample {
            time_ns,
            value,
            level: if chance(rng, 0.1) { usual } else { level },
        });
    }
    Take { config, samples }
}

/// A constant that moves so many times during the warm-up and seldom after.
fn still(rng: &mut Rng, index: u64, length: u64) -> Take {
    let home = one_of(
        rng,
        &[0.0, 0.0, 1.0, 2.0, 3.0, 5.0, 0.5, 1000.25, 700.0, -7.0, 1e6],
    );
    let moves = one_of(rng, &[0, 0, 0, 1, 2, 5, 6, 7, 19, 20, 21]);
    let warmup = one_of(rng, &[8, 20, 24]).max(moves + 3);
    let unit = one_of(rng, &[1.0, 1.0, 2.0, 3.0, 1e-2, 1e-3, 0.5, 40.0, 1e4]);
    let often = one_of(rng, &[0.01, 0.05, 0.2]);
    let away_for = 1 + rng.u64() % 12;
    let (mut left, mut by) = (0, 0.0);
    let value = |at: u64| {
        if at < u64::from(moves) {
            return if at.is_multiple_of(2) {
                home + unit
            } else {
                home
            };
        }
        if left > 0 {
            left -= 1;
            return home + by;
        }
        if at >= u64::from(warmup) && (chance(rng, often) || at == u64::from(warmup) + index % 5) {
            left = rng.u64() % away_for;
            let sign = one_of(rng, &[1.0, 1.0, -1.0]);
            by = sign * unit * one_of(rng, &[1.0, 1.0, 2.0, 5.0, 0.013, 17.3]);
            return home + by;
        }
        home
    };
    let level = if index.is_multiple_of(3) { 0.1 } else { 1e-4 };
    Take {
        config: config(warmup, 8192.0, 1e-4),
        samples: at_seconds((0..length).map(value), level),
    }
}

/// A period, from clean to hardly there; the phase survives pauses.
fn season(rng: &mut Rng, index: u64, length: u64) -> Take {
    let period = one_of(
        rng,
        &[4, 5, 8, 12, 20, 24, 24, 25, 25, 26, 33, 50, 51, 60, 90, 128],
    );
    let noise = one_of(rng, &[0.0, 0.1, 0.3, 0.5, 0.7, 0.8]);
    let square = chance(rng, 0.3);
    let second = if chance(rng, 0.4) { rng.unit() } else { 0.0 };
    let changes_at = if chance(rng, 0.4) {
        length / 2
    } else {
        u64::MAX
    };
    let mut time_ns = 0;
    let mut samples = Vec::new();
    for at in 0..length {
        let turn = std::f64::consts::TAU * (at % period) as f64 / period as f64;
        let wave = if square {
            turn.sin().signum()
        } else {
            turn.sin() + second * (2.0 * turn).cos()
        };
        let wave = if at >= changes_at && index.is_multiple_of(2) {
            0.0
        } else {
            wave
        };
        let jump = if at >= changes_at && index.is_multiple_of(3) {
            1.2
        } else {
            0.0
        };
        time_ns += match rng.u64() % 400 {
            0 => 9 * SECOND_NS,
            1 if time_ns < 1 << 58 => 1_500_000_000 * SECOND_NS,
            2 => SECOND_NS * 3,
            _ => SECOND_NS,
        };
        let spike = if chance(rng, 0.004) { 6.0 } else { 0.0 };
        samples.push(Sample {
            time_ns,
            value: 100.0 + 10.0 * (wave + jump + spike + noise * rng.normal()),
            level: 1e-4,
        });
        if at % 300 == 299 && index % 4 == 1 {
            // The clock is set back by a minute.
            time_ns -= 60 * SECOND_NS;
        }
    }
    Take {
        config: config(20, 8192.0, 1e-4),
        samples,
    }
}

/// Shifts of less than two scales that stay, on series of many kinds.
fn slow(rng: &mut Rng, _: u64, length: u64) -> Take {
    let worlds = [
        World::Gaussian,
        World::Seasonal,
        World::Ar1,
        World::Laplace,
        World::Counts,
    ];
    let world = one_of(rng, &worlds);
    let mut stream = Stream::new(world, rng.u64());
    let unit = match world {
        World::Gaussian | World::Seasonal => 5.0,
        World::Ar1 => 2.0,
        _ => 1.0,
    };
    let mut state = 0.0;
    let memory = one_of(rng, &[0.0, 0.0, 0.5, 0.94]);
    let mut shift = 0.0;
    let value = |at: u64| {
        if at % 700 == 650 {
            shift += one_of(rng, &[0.6, 0.9, -0.8, 1.3]) * unit;
        }
        state = memory * state + rng.normal() * unit * 0.4;
        stream.draw() + shift + if memory > 0.0 { state } else { 0.0 }
    };
    Take {
        config: config(20, 8192.0, 1e-9),
        samples: at_seconds((0..length).map(value), 1e-12),
    }
}

/// Late samples in order and in disorder, too few and enough to set the clock back.
fn clock(rng: &mut Rng, _: u64, length: u64) -> Take {
    let mut stream = Stream::new(World::Gaussian, rng.u64());
    let interval = one_of(rng, &[1, 2, 1000, SECOND_NS]);
    let (mut time_ns, mut last, mut late) = (-50 * interval, 0, 0_u64);
    let mut samples = Vec::new();
    for at in 0..length {
        let spike = if chance(rng, 0.1) { 60.0 } else { 0.0 };
        if late > 0 {
            late -= 1;
            time_ns += one_of(rng, &[interval, interval, interval, 1, 0, -1]);
        } else {
            time_ns = last
                + match rng.u64() % 24 {
                    0 => 0,
                    1 => -1,
                    2 => {
                        late = 6 + rng.u64() % 4;
                        -40 * interval
                    }
                    3 if at > 60 => 11 * interval / 2,
                    4 => 3 * interval,
                    5 => interval / 3 + 1,
                    6 => 200 * interval,
                    _ => interval,
                };
        }
        if late == 0 {
            last = time_ns.max(last);
        }
        if chance(rng, 0.02) {
            // From here on the clock shows less.
            last = time_ns;
        }
        samples.push(Sample {
            time_ns,
            value: stream.draw() + spike,
            level: 0.01,
        });
    }
    Take {
        config: config(8, 1024.0, 1e-3),
        samples,
    }
}

/// Numbers near the least and the largest that a real can hold, and both in one series.
fn scales(rng: &mut Rng, index: u64, length: u64) -> Take {
    let mut stream = Stream::new(World::ALL[(index % 5) as usize], rng.u64());
    let unit = one_of(rng, &[1e-300, 1e-302, 1e98, 1e-12]);
    let centred = chance(rng, 0.5);
    let value = |at: u64| {
        let drawn = stream.draw() - if centred { 20.0 } else { 0.0 };
        let drawn = if at > 40 && chance(rng, 0.02) {
            drawn * 7.0
        } else {
            drawn
        };
        if at > 20 && chance(rng, 0.01) {
            return one_of(rng, &[0.0, 1e100, -1e100, f64::MIN_POSITIVE]);
        }
        drawn * unit
    };
    Take {
        config: config(9, 1024.0, 1e-3),
        samples: at_seconds((0..length).map(value), 1e-3),
    }
}

/// Long enough for a short memory to forget and to be scaled anew; excursions of equal height, seldom ones downwards.
fn long(rng: &mut Rng, length: u64) -> Take {
    let value = |at: u64| {
        let usual = 10.0 + rng.normal().abs();
        match at {
            100..=102 => 1e7,
            _ if at % 211 == 210 => usual + 40.0,
            _ if at % 401 == 400 => usual - 5.0,
            _ => usual,
        }
    };
    Take {
        config: config(20, 1024.0, 1e-6),
        samples: at_seconds((0..length).map(value), 1e-6),
    }
}

/// A few samples at an interval of its own.
fn crowd(rng: &mut Rng, _: u64, length: u64) -> Take {
    let mut stream = Stream::new(World::Gaussian, rng.u64());
    let interval = one_of(rng, &[1, 1000, SECOND_NS / 10, SECOND_NS, 60 * SECOND_NS]);
    let samples = (0..length as i64)
        .map(|at| Sample {
            time_ns: at * interval,
            value: stream.draw(),
            level: 0.1,
        })
        .collect();
    Take {
        config: config(8, 1024.0, 1e-3),
        samples,
    }
}
