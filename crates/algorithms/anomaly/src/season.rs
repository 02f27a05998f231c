//! A period found online, and the profile over it.
//!
//! The autocovariance of the clipped, standardised series is kept with exponential forgetting for every lag up to
//! [`LAG_MAX`] samples (one vectorisable pass over the lags on every second sample). A lag that is a clear peak becomes
//! a candidate; its profile is learned in the shadow and used only while it predicts better than the level alone.

/// Longest period in samples.
const LAG_MAX: usize = 400;
/// Shortest period in samples.
const LAG_MIN: usize = 4;
/// Samples between two looks at the autocovariance.
const LOOK_EVERY: u32 = 64;
/// Autocorrelation a period must reach.
const PEAK_MIN: f64 = 0.35;
/// The profile must bring the mean absolute error below this share of the level's to be used, and above the second to
/// be dropped again.
const USE_BELOW: f64 = 0.75;
const DROP_ABOVE: f64 = 0.9;

/// Online period finder and seasonal profile. About 6 KB.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Season {
    /// The last `LAG_MAX` values, oldest first, ending at `head`; stored twice so that they are contiguous.
    ring: Vec<f32>,
    head: usize,
    covariance: Vec<f32>,
    power: f32,
    seen: u32,
    keep: f32,
    period: usize,
    phase: usize,
    cycles: u32,
    profile: Vec<f32>,
    /// Best constant, learned the way the profile is: what the profile has to beat.
    constant: f64,
    error_with: f64,
    error_without: f64,
    active: bool,
}

impl Season {
    pub(crate) fn new() -> Self {
        Self {
            ring: vec![0.0; 2 * LAG_MAX],
            head: 0,
            covariance: vec![0.0; LAG_MAX],
            power: 0.0,
            seen: 0,
            keep: 1.0 - 1.0 / 2048.0,
            period: 0,
            phase: 0,
            cycles: 0,
            profile: Vec::with_capacity(LAG_MAX),
            constant: 0.0,
            error_with: 0.0,
            error_without: 0.0,
            active: false,
        }
    }

    /// Period in samples while the profile is in use.
    pub(crate) fn period(&self) -> Option<usize> {
        self.active.then_some(self.period)
    }

    /// Expected standardised deviation from the level for the sample to come; 0 while no period is in use.
    pub(crate) fn expected(&self) -> f64 {
        if self.active { self.shadow() } else { 0.0 }
    }

    fn shadow(&self) -> f64 {
        if self.cycles < 2 { 0.0 } else { self.profile.get(self.phase).map_or(0.0, |v| f64::from(*v)) }
    }

    /// Learns one standardised, clipped deviation from the level; `true` when the profile was just taken into use or
    /// dropped.
    pub(crate) fn add(&mut self, z: f64) -> bool {
        let value = z as f32;
        self.learn_profile(z);
        if self.seen.is_multiple_of(2) {
            let lags = self.ring.get(self.head..self.head + LAG_MAX).unwrap_or_default();
            for (c, past) in self.covariance.iter_mut().zip(lags) {
                *c = *c * self.keep + value * past;
            }
            self.power = self.power * self.keep + value * value;
        }
        // `ring[head..]` holds the newest value first: lag k is at offset k - 1.
        self.head = if self.head == 0 { LAG_MAX - 1 } else { self.head - 1 };
        for at in [self.head, self.head + LAG_MAX] {
            if let Some(slot) = self.ring.get_mut(at) {
                *slot = value;
            }
        }
        self.seen = self.seen.saturating_add(1);
        if self.seen.is_multiple_of(LOOK_EVERY) {
            if self.period == 0 {
                self.look();
            }
            return self.judge();
        }
        false
    }

    fn learn_profile(&mut self, z: f64) {
        if self.period == 0 {
            return;
        }
        let expected = self.shadow();
        if let Some(slot) = self.profile.get_mut(self.phase) {
            let gain = 1.0 / f64::from(self.cycles.min(5) + 1);
            let step = (z - f64::from(*slot)) * gain;
            // From the third cycle on one odd sample moves the profile only a little.
            let bound = if self.cycles < 2 { f64::MAX } else { 0.5 };
            *slot += step.clamp(-bound, bound) as f32;
        }
        if self.cycles >= 2 {
            self.error_with += ((z - expected).abs() - self.error_with) / 256.0;
            self.error_without += ((z - self.constant).abs() - self.error_without) / 256.0;
        }
        self.constant += (z - self.constant).clamp(-0.5, 0.5) / 20.0;
        self.phase += 1;
        if self.phase >= self.period {
            self.phase = 0;
            self.cycles = self.cycles.saturating_add(1);
        }
    }

    fn correlation(&self, lag: usize) -> f64 {
        let c = lag.checked_sub(1).and_then(|i| self.covariance.get(i)).copied().unwrap_or(0.0);
        f64::from(c) / f64::from(self.power).max(1e-9)
    }

    fn look(&mut self) {
        let limit = LAG_MAX.min(self.seen as usize * 2 / 5);
        let (mut trough, mut best, mut best_value) = (f64::MAX, 0, PEAK_MIN);
        for lag in LAG_MIN..limit {
            let r = self.correlation(lag);
            trough = trough.min(r);
            let is_peak = r >= self.correlation(lag - 1) && r >= self.correlation(lag + 1);
            // A clearly higher peak is needed to prefer a longer period.
            if is_peak && r > trough + 0.2 && r > best_value * if best == 0 { 1.0 } else { 1.15 } {
                (best, best_value) = (lag, r);
            }
        }
        if best > 0 {
            self.period = best;
            (self.phase, self.cycles) = (0, 0);
            (self.error_with, self.error_without) = (0.0, 0.0);
            self.profile.clear();
            self.profile.resize(best, 0.0);
        }
    }

    fn judge(&mut self) -> bool {
        if self.period == 0 || self.cycles < 3 {
            return false;
        }
        let ratio = self.error_with / self.error_without.max(1e-9);
        let was = self.active;
        self.active = ratio < if was { DROP_ABOVE } else { USE_BELOW };
        if !self.active && ratio > DROP_ABOVE {
            self.period = 0;
        }
        was != self.active
    }

    /// Short gap: the phase moves on by `samples`.
    pub(crate) fn skip(&mut self, samples: usize) {
        if self.period > 0 {
            self.phase = (self.phase + samples % self.period) % self.period;
        }
    }
}
