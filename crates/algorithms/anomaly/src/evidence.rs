//! From one unusual sample to an unusual stretch: sequential evidence with a self-learned false-alarm rate.
//!
//! Surprise is `-ln p`. Under independence surplus surprise is a random walk with negative drift, whose excursions have
//! an exponential tail (Page, *Biometrika* 41, 1954; Siegmund, *Sequential Analysis*, 1985, chapter 2). Real series
//! cluster their extremes, so neither the rate of excursions nor the decay of their heights is assumed: both are
//! learned from the excursions the series itself has made, with a gamma prior on the decay. The predictive tail is then
//! a Lomax tail, heavy while few excursions were seen. What comes out is the expected number of excursions per sample
//! that reach this height: the false-episode rate itself, which adds up over series whatever their dependence.

/// Least and most surprise spent per sample.
const SPENT_MIN: f64 = 2.5;
const SPENT_MAX: f64 = 6.0;
/// Most that one sample may add to the height: no single spike opens an episode by itself.
const GAIN_MAX: f64 = 6.5;
/// Samples after which caution about what was never seen has mostly faded; at first a sample adds half as much.
const EARLY_SAMPLES: f64 = 30.0;
/// What is spent above the surprise that usually follows a surprise.
const SPENT_ABOVE_USUAL: f64 = 1.5;
/// Most surprises of one excursion that shape what usually follows.
const FOLLOWERS_LEARNED: f64 = 10.0;
/// Logarithm of the factor on the rate per unit of that surprise above 1.
const CLUSTER_PRICE: f64 = 2.2;
/// Virtual surprises of mean 1 behind the estimate of what follows a surprise.
const PRIOR_FOLLOWERS: f64 = 4.0;
/// Excursions lower than this are not counted.
const HEIGHT_MIN: f64 = 2.0;
/// Evidence is held at this height.
const HEIGHT_MAX: f64 = 150.0;
/// Height at which an excursion is recorded at most: an alarm is one lesson, not a catastrophe.
const HEIGHT_LEARNED: f64 = 80.0;
/// Gamma prior of the decay: virtual excursions and their mean height above the minimum.
const PRIOR_EXCURSIONS: f64 = 3.0;
const PRIOR_HEIGHT: f64 = 1.6;
/// Prior of the rate: one excursion in this many samples.
const PRIOR_SAMPLES: f64 = 100.0;

/// Accumulated surprise of one series and what its usual excursions look like.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Evidence {
    height: f64,
    peak: f64,
    excursions: f64,
    heights: f64,
    squares: f64,
    samples: f64,
    keep: f64,
    run: u32,
    /// Surprise that followed a surprise: sum and count.
    followed: f64,
    followers: f64,
    /// The same of the excursion under way: it is not measured against itself.
    own_followed: f64,
    own_followers: f64,
    previous: f64,
}

impl Evidence {
    /// Excursions are remembered for about `memory` samples.
    pub(crate) fn new(memory: f64) -> Self {
        Self { height: 0.0, peak: 0.0, excursions: 0.0, heights: 0.0, squares: 0.0, samples: 0.0, keep: 1.0 - 1.0 / memory, run: 0,
            followed: 0.0,
            followers: 0.0,
            own_followed: 0.0,
            own_followers: 0.0,
            previous: 0.0,
        }
    }

    /// Samples since the height left zero.
    pub(crate) fn run(&self) -> u32 {
        self.run
    }

    /// Adds the surprise of one sample; answers the rate at which this series by itself climbs to the height reached.
    pub(crate) fn push(&mut self, surprise: f64, memory: f64) -> f64 {
        self.samples = self.samples * self.keep + 1.0;
        self.excursions *= self.keep;
        self.heights *= self.keep;
        self.squares *= self.keep;
        let before = self.height;
        let spent = self.spent(memory);
        let gain_max = GAIN_MAX * (self.samples + EARLY_SAMPLES) / (self.samples + 2.0 * EARLY_SAMPLES);
        self.height = (self.height + (surprise - spent).min(gain_max)).clamp(0.0, HEIGHT_MAX);
        if self.previous > SPENT_MIN {
            self.own_followed += surprise.min(SPENT_MAX);
            self.own_followers += 1.0;
        }
        self.followed *= self.keep;
        self.followers *= self.keep;
        self.previous = surprise;
        self.peak = self.peak.max(self.height);
        self.run = if self.height > 0.0 { self.run.saturating_add(1) } else { 0 };
        if self.height <= 0.0 && (before > 0.0 || self.own_followers > 0.0) {
            self.close();
        }
        self.rate(self.height)
    }

    /// Surprise spent on this sample: more where a surprise is usually followed by another one, and on series whose
    /// samples resemble the one before (`memory`, autocorrelation at lag 1).
    fn spent(&self, memory: f64) -> f64 {
        let usual = self.usual_follower();
        let resembling = SPENT_MIN * (1.0 + memory.powi(4));
        (usual + SPENT_ABOVE_USUAL).max(resembling).clamp(SPENT_MIN, SPENT_MAX)
    }

    /// Mean surprise after a surprise: 1 under independence.
    fn usual_follower(&self) -> f64 {
        (self.followed + PRIOR_FOLLOWERS) / (self.followers + PRIOR_FOLLOWERS)
    }

    fn close(&mut self) {
        if self.peak > HEIGHT_MIN {
            self.excursions += 1.0;
            let height = self.peak.min(HEIGHT_LEARNED) - HEIGHT_MIN;
            self.heights += height;
            self.squares += height * height;
        }
        let weight = (FOLLOWERS_LEARNED / self.own_followers.max(1.0)).min(1.0);
        self.followed += weight * self.own_followed;
        self.followers += weight * self.own_followers;
        (self.own_followed, self.own_followers) = (0.0, 0.0);
        self.peak = 0.0;
    }

    /// Ends the excursion under way and records it.
    pub(crate) fn settle(&mut self) {
        self.height = 0.0;
        self.run = 0;
        self.close();
    }

    /// Lowers the height to at most `height`: past an event that is over, so that its tail does not linger.
    pub(crate) fn lower(&mut self, height: f64) {
        self.height = self.height.min(height);
        if self.height <= 0.0 {
            self.run = 0;
        }
    }

    fn rate(&self, height: f64) -> f64 {
        if height <= HEIGHT_MIN {
            return 1.0;
        }
        let often = (1.0 + self.excursions) / (PRIOR_SAMPLES + self.samples);
        let count = PRIOR_EXCURSIONS + self.excursions;
        let mean = (PRIOR_EXCURSIONS * PRIOR_HEIGHT + self.heights) / count;
        let square = (PRIOR_EXCURSIONS * 2.0 * PRIOR_HEIGHT * PRIOR_HEIGHT + self.squares) / count;
        let ratio = mean * mean / (square - mean * mean).max(0.05 * mean * mean);
        // Moment estimate of the generalised Pareto shape; few excursions leave it heavy.
        let shape = (0.5 * (1.0 - ratio)).clamp(0.0, 0.4) + 1.0 / (5.0 + count);
        let scale = 0.5 * mean * (1.0 + ratio.min(1.0));
        let tail = (-(shape * (height - HEIGHT_MIN) / scale).ln_1p() / shape).exp();
        // Where surprises come in clusters, whole clusters are unusual together and the fitted tail is too light.
        let clustered = (CLUSTER_PRICE * (self.usual_follower() - 1.0).max(0.0)).exp();
        (often * tail * clustered).clamp(crate::tail::P_MIN, 1.0)
    }
}

/// Bins of [`Recalibration`], one unit of surprise each.
const BINS: usize = 40;
const PRIOR_TAIL: f64 = 10.0;

/// Makes p-values honest: learns how often each surprise occurs on this series and answers with that frequency, with
/// an exponential tail (decay 1 expected) beyond what was seen.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Recalibration {
    mass: Vec<f32>,
    total: f64,
    keep: f64,
    countdown: u32,
}

impl Recalibration {
    pub(crate) fn new(memory: f64) -> Self {
        Self { mass: vec![0.0; BINS], total: 0.0, keep: 1.0 - 64.0 / memory, countdown: 64 }
    }

    /// Frequency with which this series was as surprising as this or more.
    pub(crate) fn p_value(&self, surprise: f64) -> f64 {
        let bin = bin_of(surprise);
        let (mut above, mut tail_mass, mut tail_sum) = (0.0, 0.0, 0.0);
        let mut start = BINS;
        let want = (0.02 * self.total).max(5.0);
        for (i, m) in self.mass.iter().enumerate().rev() {
            let m = f64::from(*m);
            if i > bin {
                above += m;
            }
            if tail_mass < want {
                tail_mass += m;
                tail_sum += m * (i as f64 + 0.5);
                start = i;
            } else if i <= bin {
                break;
            }
        }
        let own = self.mass.get(bin).map_or(0.0, |m| f64::from(*m));
        above += own * (bin as f64 + 1.0 - surprise).clamp(0.0, 1.0);
        let start = start as f64;
        let share = (tail_mass + 1.0) / (self.total + 1.0);
        let excess = (tail_sum - tail_mass * start).max(0.0);
        let tail = if surprise <= start {
            share
        } else {
            share * (-(PRIOR_TAIL + tail_mass) * ((surprise - start) / (PRIOR_TAIL + excess)).ln_1p()).exp()
        };
        let seen = above / (self.total + 1.0);
        let nominal = (-surprise).exp();
        let p = if above >= 10.0 { seen } else { seen.max(tail.min(share)) };
        if self.total < 20.0 { p.max(nominal) } else { p }.clamp(crate::tail::P_MIN, 1.0)
    }

    pub(crate) fn add(&mut self, surprise: f64) {
        if let Some(slot) = self.mass.get_mut(bin_of(surprise)) {
            *slot += 1.0;
        }
        self.total += 1.0;
        self.countdown -= 1;
        if self.countdown == 0 {
            self.countdown = 64;
            for m in &mut self.mass {
                *m *= self.keep as f32;
            }
            self.total *= self.keep;
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturating cast of a clamped number")]
fn bin_of(surprise: f64) -> usize {
    (surprise.max(0.0) as usize).min(BINS - 1)
}
