//! What a series usually does: robust level, scale, memory, period; and four views of how a sample departs from it.

use crate::num::clamp_finite;
use crate::season::Season;
use crate::tail::TailModel;
use crate::verdict::Direction;

/// Samples over which the level follows, once settled.
const LEVEL_SAMPLES: f64 = 120.0;
/// Samples over which the scales follow.
const SCALE_SAMPLES: f64 = 240.0;
/// Deviations count for at most this many scales when level and scales are learned.
const CLIP: f64 = 3.0;
/// The level is nearly a median: a deviation moves it by at most this many scales' worth.
const LEVEL_CLIP: f64 = 1.5;
/// Length of the short mean and of the short spread.
const SHORT_SAMPLES: f64 = 4.0;
const SPREAD_SAMPLES: f64 = 8.0;
/// Samples that wait before they shape the tails: an event under way is not measured against itself.
const DELAY: usize = 16;
/// Views: innovation, deviation, short mean, spread.
const VIEWS: usize = 4;
/// Price for looking at several, strongly dependent views.
const LOOKS: f64 = 3.0;
/// Moves a series must have made for its tails to be trusted.
const MOVES_MIN: f64 = 6.0;
/// Changes of at most this many units on an integer-valued series are no evidence.
const UNITS_IGNORED: f64 = 2.0;

/// A sample seen through the model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Smallest tail probability over the views, paid for.
    pub(crate) p: f64,
    pub(crate) direction: Direction,
    /// Value expected from level, season and the last sample.
    pub(crate) expected: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// The same over the views that do not average over samples.
    pub(crate) p_sample: f64,
}

/// Estimators of one series. All state is plain numbers and buffers of fixed size.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Model {
    level: f64,
    /// Mean absolute deviation from the level, of clipped deviations.
    scale: f64,
    /// Mean absolute innovation, of clipped innovations.
    ripple: f64,
    /// Autocorrelation at lag 1, from clipped deviations: products and squares.
    product: f64,
    square: f64,
    previous: f64,
    fresh: bool,
    short: f64,
    spread: f64,
    samples: f64,
    integers: bool,
    /// Changes seen lately (decayed): a series that never moves has 0.
    moves: f64,
    season: Season,
    tails: Vec<TailModel>,
    waiting: Vec<[f64; VIEWS]>,
    cursor: usize,
    waiting_count: usize,
    since_band: u32,
    band: (f64, f64),
}

impl Model {
    /// Learns level, scale and first tails from the warm-up (finite values, at least one).
    pub(crate) fn new(first: &[f64], memory: f64) -> Self {
        let mut sorted = first.to_vec();
        sorted.sort_by(f64::total_cmp);
        let level = middle(&sorted);
        for v in &mut sorted {
            *v = (*v - level).abs();
        }
        sorted.sort_by(f64::total_cmp);
        let mean_deviation = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
        // Half of the values equal to the level make the median deviation 0: then the mean, clipped, has to do.
        let scale = (middle(&sorted) * 1.2).max(
            mean_deviation
                .min(3.0 * middle(&sorted))
                .max(0.25 * mean_deviation),
        );
        let steps: Vec<f64> = first
            .windows(2)
            .map(|w| w.last().unwrap_or(&0.0) - w.first().unwrap_or(&0.0))
            .collect();
        let ripple = steps
            .iter()
            .map(|s| s.abs().min(CLIP * 2.0 * scale))
            .sum::<f64>()
            / steps.len().max(1) as f64;
        let unit = if scale > 0.0 {
            scale
        } else {
            (level.abs() * 1e-3).max(1e-9)
        };
        let mut tails: Vec<TailModel> = (0..VIEWS).map(|_| TailModel::new(unit, memory)).collect();
        if let [_, _, _, spread] = tails.as_mut_slice() {
            *spread = TailModel::new(1.0, memory);
        }
        let mut model = Self {
            level,
            scale,
            ripple,
            product: 0.0,
            square: 0.0,
            previous: first.last().map_or(0.0, |v| v - level),
            fresh: true,
            short: 0.0,
            spread: ripple,
            samples: first.len() as f64,
            integers: first.iter().all(|v| v.fract() == 0.0),
            moves: steps.iter().filter(|s| s.abs() > 0.0).count() as f64,
            season: Season::new(),
            tails,
            waiting: vec![[0.0; VIEWS]; DELAY],
            cursor: 0,
            waiting_count: 0,
            since_band: 0,
            band: (0.0, 0.0),
        };
        model.replay(first, &steps);
        model
    }

    fn replay(&mut self, first: &[f64], steps: &[f64]) {
        let (mut short, mut spread, mut before) = (0.0, self.ripple, 0.0);
        for (i, value) in first.iter().enumerate() {
            let deviation = value - self.level;
            let step = i
                .checked_sub(1)
                .and_then(|j| steps.get(j))
                .copied()
                .unwrap_or(0.0);
            short += (deviation - short) / SHORT_SAMPLES;
            spread += (step.abs() - spread) / SPREAD_SAMPLES;
            self.learn_memory(deviation, before);
            before = deviation;
            let views = [step, deviation, short, restlessness(spread, self.ripple)];
            self.learn_tails(views);
        }
        (self.short, self.spread) = (short, spread);
        self.waiting_count = 0;
        self.set_independence();
        self.set_band();
    }

    /// Autocorrelation at lag 1 in [0, 0.98].
    pub(crate) fn memory(&self) -> f64 {
        clamp_finite(self.product / (self.square + 1e-300), 0.0, 0.98)
    }

    /// Smallest change that means anything.
    fn floor(&self) -> f64 {
        let relative = if self.moves > 0.5 { 1e-5 } else { 1e-3 };
        let unit = if self.integers { 1.0 } else { 0.0 };
        (self.level.abs() * relative).max(unit)
    }

    /// Judges a sample against what was known before it.
    pub(crate) fn look(&self, value: f64) -> (Look, [f64; VIEWS]) {
        let base = self.level + self.season.expected() * self.scale;
        let deviation = value - base;
        let carried = if self.fresh {
            self.memory() * self.previous
        } else {
            0.0
        };
        let innovation = deviation - carried;
        let short = self.short + (deviation - self.short) / SHORT_SAMPLES;
        let spread = self.spread + (innovation.abs() - self.spread) / SPREAD_SAMPLES;
        let views = [
            innovation,
            deviation,
            short,
            restlessness(spread, self.ripple),
        ];
        let floor = self.floor();
        let floors = [floor, floor, floor, 1.0];
        let mut p_min = 1.0;
        // A series that hardly ever moved has shown no scale: how far it goes now says little, that it goes says more.
        let far = (deviation.abs() / floor.max(1e-300)).max(1.0);
        let unmoved = if self.moves < MOVES_MIN {
            far.powf(-0.25) / (self.samples + 1.0)
        } else {
            0.0
        };
        let mut p_sample: f64 = 1.0;
        let mut winner = 0;
        for (i, ((tail, view), floor)) in self.tails.iter().zip(views).zip(floors).enumerate() {
            // The spread says nothing on a series that hardly ever moves.
            if i == 3 && self.moves < 20.0 {
                continue;
            }
            let p = tail.p_value(view, floor).max(unmoved);
            if i < 2 {
                p_sample = p_sample.min(p * 2.0);
            }
            if p < p_min {
                (p_min, winner) = (p, i);
            }
        }
        let mut p = (p_min * LOOKS).min(1.0);
        let integer = self.integers && value.fract() == 0.0;
        if integer
            && deviation.abs() <= UNITS_IGNORED
            && (self.level.abs() >= UNITS_IGNORED || self.moves > 0.5)
        {
            p = p.max(0.1);
            p_sample = p_sample.max(0.1);
        }
        let seen = views.get(winner).copied().unwrap_or(0.0);
        let direction = match (winner == 3, seen >= 0.0) {
            (false, true) => Direction::Up,
            (false, false) => Direction::Down,
            (true, true) => Direction::Wider,
            (true, false) => Direction::Narrower,
        };
        let expected = base + carried;
        let look = Look {
            p,
            direction,
            expected,
            low: expected - self.band.0,
            high: expected + self.band.1,
            p_sample,
        };
        (look, views)
    }

    /// Learns a sample that was looked at; `true` when the season was taken into use or dropped.
    pub(crate) fn learn(&mut self, value: f64, views: [f64; VIEWS]) -> bool {
        self.samples += 1.0;
        self.integers &= value.fract() == 0.0;
        let seasonal = self.season.expected() * self.scale;
        let raw = value - self.level;
        let deviation = raw - seasonal;
        self.moves = self.moves * (1.0 - 1.0 / 4096.0)
            + if (deviation - self.previous).abs() > 0.0 {
                1.0
            } else {
                0.0
            };
        // A series that never moved has no scale yet: its first moves give it one, without moving the level.
        let clip = CLIP * self.scale.max(1e-3 * raw.abs());
        let step = LEVEL_CLIP * self.scale;
        // A series that wanders is best known by where it was last: its level follows faster.
        let follow = (LEVEL_SAMPLES * 20.0 / self.decorrelation()).min(LEVEL_SAMPLES);
        self.level += deviation.clamp(-step, step) / self.samples.min(follow);
        let clipped = deviation.clamp(-clip, clip);
        self.scale += (clipped.abs() - self.scale) / self.samples.min(SCALE_SAMPLES);
        let [innovation, ..] = views;
        let clip_step = CLIP * self.ripple.max(1e-3 * innovation.abs());
        self.ripple +=
            (innovation.abs().min(clip_step) - self.ripple) / self.samples.min(SCALE_SAMPLES);
        let previous = if self.fresh { self.previous } else { 0.0 };
        self.learn_memory(clipped, previous.clamp(-clip, clip));
        self.previous = deviation;
        self.fresh = true;
        self.short += (deviation - self.short) / SHORT_SAMPLES;
        self.spread += (innovation.abs() - self.spread) / SPREAD_SAMPLES;
        let z = clamp_finite(raw / self.scale.max(1e-300), -6.0, 6.0);
        let turned = self.season.add(z);
        if turned {
            self.previous = 0.0;
            self.fresh = false;
            self.short = 0.0;
            for tail in &mut self.tails {
                tail.forget(0.2);
            }
        }
        if let Some(slot) = self.waiting.get_mut(self.cursor) {
            let ripe = std::mem::replace(slot, views);
            self.cursor = (self.cursor + 1) % DELAY;
            if self.waiting_count < DELAY {
                self.waiting_count += 1;
            } else {
                self.learn_tails(ripe);
            }
        }
        self.since_band += 1;
        if self.since_band >= 32 {
            self.since_band = 0;
            self.set_independence();
            self.set_band();
        }
        turned
    }

    fn learn_tails(&mut self, views: [f64; VIEWS]) {
        for (tail, view) in self.tails.iter_mut().zip(views) {
            tail.add(view);
        }
    }

    fn learn_memory(&mut self, deviation: f64, previous: f64) {
        let unit = self.scale.max(1e-300);
        let (now, before) = (
            clamp_finite(deviation / unit, -6.0, 6.0),
            clamp_finite(previous / unit, -6.0, 6.0),
        );
        let gain = 1.0 / (self.samples + 1.0).min(SCALE_SAMPLES);
        self.product += (now * before - self.product) * gain;
        self.square += ((now * now + before * before) / 2.0 - self.square) * gain;
    }

    fn set_independence(&mut self) {
        let rho = self.memory();
        let base = (1.0 - rho) / (1.0 + rho);
        let shares = [
            1.0,
            base,
            base / (2.0 * SHORT_SAMPLES - 1.0),
            1.0 / (2.0 * SPREAD_SAMPLES - 1.0),
        ];
        for (tail, share) in self.tails.iter_mut().zip(shares) {
            tail.independence = share;
        }
    }

    fn set_band(&mut self) {
        if let Some(tail) = self.tails.first() {
            self.band = (tail.quantile(false, 0.005), tail.quantile(true, 0.005));
        }
    }

    /// After a pause: what the last samples said no longer holds.
    pub(crate) fn pause(&mut self, missed: f64) {
        self.fresh = false;
        self.short = 0.0;
        self.spread = self.ripple;
        self.season.skip(whole(missed) % (1 << 30));
    }

    /// Mean of the last few deviations, in scales.
    pub(crate) fn shift(&self) -> f64 {
        self.short / self.scale.max(self.floor() * 0.1).max(1e-300)
    }

    /// The last deviation, in scales.
    pub(crate) fn last_shift(&self) -> f64 {
        self.previous / self.scale.max(self.floor() * 0.1).max(1e-300)
    }

    /// Takes the present level for the usual one and remembers less of what was.
    pub(crate) fn relearn(&mut self) {
        self.level += self.short;
        self.previous -= self.short;
        self.short = 0.0;
        self.spread = self.ripple;
        self.samples = self.samples.min(20.0);
        self.waiting_count = 0;
        for tail in &mut self.tails {
            tail.forget(0.5);
        }
    }

    /// Samples per independent sample.
    pub(crate) fn decorrelation(&self) -> f64 {
        let rho = self.memory();
        (1.0 + rho) / (1.0 - rho)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let tails: usize = self.tails.iter().map(TailModel::heap_bytes).sum();
        let own = self.tails.capacity() * size_of::<TailModel>()
            + self.waiting.capacity() * size_of::<[f64; VIEWS]>();
        tails + own + self.season.heap_bytes()
    }

    pub(crate) fn level(&self) -> f64 {
        self.level
    }

    pub(crate) fn scale(&self) -> f64 {
        self.scale
    }

    pub(crate) fn period(&self) -> Option<usize> {
        self.season.period()
    }

    pub(crate) fn seasonal(&self) -> f64 {
        self.season.expected() * self.scale
    }
}

/// Spread against usual spread: 0 when equal, `r - 1` when `r` times wider, `-(r - 1)` when `r` times narrower.
fn restlessness(spread: f64, usual: f64) -> f64 {
    let guard = 0.05 * usual.max(spread) + 1e-300;
    let ratio = (spread + guard) / (usual + guard);
    if ratio >= 1.0 {
        ratio - 1.0
    } else {
        1.0 - 1.0 / ratio
    }
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturating cast of a non-negative number"
)]
fn whole(x: f64) -> usize {
    x.max(0.0) as usize
}
