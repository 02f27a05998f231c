//! Streams of samples, and smaller ones that still do something.

use super::Rng;
use crate::pipeline::{Pipeline, Sample, Stage};

/// Values that rules are wrong about.
const NOTABLE: [f64; 26] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    3.0,
    -3.0,
    0.5,
    -0.5,
    0.1,
    0.3,
    10.0,
    100.0,
    1e16,
    1.0e-3,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    f64::EPSILON,
    9_007_199_254_740_993.0,
    1e308,
];

/// The constants of `pipeline`, branches included.
#[must_use]
pub fn constants(pipeline: &Pipeline) -> Vec<f64> {
    let mut found = Vec::new();
    gather(pipeline.stages(), &mut found);
    found
}

pub(crate) fn gather(stages: &[Stage], into: &mut Vec<f64>) {
    for stage in stages {
        match stage {
            Stage::Where(p) => p.constants(into),
            Stage::Map(e) => e.constants(into),
            Stage::Tee(_, a, b) | Stage::Merge(a, b) => {
                gather(a.stages(), into);
                gather(b.stages(), into);
            }
            _ => {}
        }
    }
}

/// A stream of at most `length_max` samples; `near` are values worth hitting and missing by one.
pub fn stream(rng: &mut Rng, length_max: usize, near: &[f64]) -> Vec<Sample> {
    let length = rng.below(length_max.saturating_add(1));
    // Some streams are tame, so that sums and differences stay numbers.
    let is_tame = rng.once_in(3);
    let mut time_ns = 0_i64;
    let mut last = 0.0;
    (0..length)
        .map(|_| {
            time_ns = match rng.below(16) {
                0 => time_ns,
                1 => time_ns.saturating_sub(500_000_000),
                2 => time_ns.saturating_add(3_600_000_000_000),
                _ => time_ns.saturating_add(1_000_000_000),
            };
            if !rng.once_in(6) {
                last = value(rng, is_tame, near);
            }
            Sample::new(time_ns, last)
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn value(rng: &mut Rng, is_tame: bool, near: &[f64]) -> f64 {
    match rng.below(8) {
        0..=2 if !is_tame => rng.one_of(&NOTABLE).unwrap_or(0.0),
        3..=4 if !near.is_empty() => {
            let v = rng.one_of(near).unwrap_or(0.0);
            match rng.below(4) {
                0 => v.next_up(),
                1 => v.next_down(),
                _ => v,
            }
        }
        5 if !is_tame => f64::from_bits(rng.bits()),
        6 => rng.below(9) as f64 - 4.0,
        _ => (rng.unit() - 0.5) * 20.0,
    }
}

/// The smallest stream found on which `fails` still says true, starting from one on which it does: first by length,
/// then by values, then by times. At most `steps` calls of `fails`.
pub fn shrink(
    start: Vec<Sample>,
    steps: usize,
    mut fails: impl FnMut(&[Sample]) -> bool,
) -> Vec<Sample> {
    let mut best = start;
    let mut left = steps;
    let mut attempt = |candidate: Vec<Sample>, best: &mut Vec<Sample>| {
        if left == 0 || candidate == *best {
            return false;
        }
        left -= 1;
        let is_smaller = fails(&candidate);
        if is_smaller {
            *best = candidate;
        }
        is_smaller
    };
    // The shortest prefix is found first: what comes after it has no influence.
    let mut chunk = best.len();
    while chunk > 0 {
        let mut at = 0;
        while at < best.len() {
            let mut candidate = best.clone();
            candidate.drain(at..(at + chunk).min(best.len()));
            if !attempt(candidate, &mut best) {
                at += chunk;
            }
        }
        chunk /= 2;
    }
    for _ in 0..3 {
        let mut is_changed = false;
        for at in 0..best.len() {
            is_changed |= simpler_at(at, &mut best, &mut attempt);
        }
        if !is_changed {
            break;
        }
    }
    best
}

fn simpler_at(
    at: usize,
    best: &mut Vec<Sample>,
    attempt: &mut impl FnMut(Vec<Sample>, &mut Vec<Sample>) -> bool,
) -> bool {
    let Some(old) = best.get(at).copied() else {
        return false;
    };
    let regular = i64::try_from(at).unwrap_or(0).saturating_mul(1_000_000_000);
    let with = |sample: Sample, best: &[Sample]| {
        let mut candidate = best.to_vec();
        if let Some(place) = candidate.get_mut(at) {
            *place = sample;
        }
        candidate
    };
    let mut is_changed = false;
    if old.time_ns != regular {
        is_changed |= attempt(with(Sample::new(regular, old.value), best), best);
    }
    let time_ns = best.get(at).map_or(regular, |s| s.time_ns);
    let v = old.value;
    let cut = |digits: f64| (v * digits).trunc() / digits;
    let simple = [
        0.0,
        1.0,
        2.0,
        3.0,
        -1.0,
        0.5,
        -2.0,
        cut(1.0),
        cut(10.0),
        cut(100.0),
        v.abs(),
    ];
    // Only what stands earlier in the list is simpler, so that this ends.
    for candidate in simple {
        if candidate.to_bits() == v.to_bits() || !candidate.is_finite() {
            break;
        }
        if attempt(with(Sample::new(time_ns, candidate), best), best) {
            return true;
        }
    }
    is_changed
}
