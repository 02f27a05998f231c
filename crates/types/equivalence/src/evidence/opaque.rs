//! Tools of which nothing is known but what they do.

use super::{Separation, Tests, Verdict};
use crate::generate::{self, Rng};
use crate::pipeline::{Pipeline, Sample};
use crate::transport::Behaviour;

/// Longest stream drawn.
const LENGTH_MAX: usize = 64;

/// Tests two stream functions on `cases` drawn streams: [`Verdict::Refuted`] or [`Verdict::Tested`], never more.
///
/// `near` are values worth hitting, such as thresholds of the two; may be empty. The functions must begin anew with each
/// call. Outputs are the same when times are equal and values are bit for bit, NaN being one value.
pub fn compare_opaque(
    mut left: impl FnMut(&[Sample]) -> Vec<Sample>,
    mut right: impl FnMut(&[Sample]) -> Vec<Sample>,
    near: &[f64],
    cases: usize,
    seed: u64,
) -> Verdict {
    match separated(&mut left, &mut right, near, cases, &mut Rng::new(seed)) {
        Some(separation) => Verdict::Refuted(separation),
        None => Verdict::Tested(Tests::passed(cases, seed)),
    }
}

/// [`compare_opaque`] for behaviours over samples.
pub fn compare_behaviours(
    left: &impl Behaviour<In = Sample, Out = Option<Sample>>,
    right: &impl Behaviour<In = Sample, Out = Option<Sample>>,
    near: &[f64],
    cases: usize,
    seed: u64,
) -> Verdict {
    let left = |s: &[Sample]| left.run(s.iter().copied()).into_iter().flatten().collect();
    let right = |s: &[Sample]| right.run(s.iter().copied()).into_iter().flatten().collect();
    compare_opaque(left, right, near, cases, seed)
}

pub(super) fn separated(
    left: &mut dyn FnMut(&[Sample]) -> Vec<Sample>,
    right: &mut dyn FnMut(&[Sample]) -> Vec<Sample>,
    near: &[f64],
    cases: usize,
    rng: &mut Rng,
) -> Option<Separation> {
    (0..cases).find_map(|_| {
        let input = generate::stream(rng, LENGTH_MAX, near);
        Separation::of(input, left, right)
    })
}

pub(super) fn pipelines_separated(
    a: &Pipeline,
    b: &Pipeline,
    cases: usize,
    rng: &mut Rng,
) -> Option<Separation> {
    let near = [generate::constants(a), generate::constants(b)].concat();
    separated(
        &mut |s| a.run_batch(s),
        &mut |s| b.run_batch(s),
        &near,
        cases,
        rng,
    )
}
