//! Two pipelines.

use std::collections::HashMap;

use super::control::{Finite, letters};
use super::opaque::pipelines_separated;
use super::{Separation, Tests, Verdict};
use crate::Error;
use crate::finite::{Sameness, compare as compare_machines};
use crate::generate::Rng;
use crate::optimise::{Budget, Saturation, prove_with};
use crate::pipeline::{Pipeline, Sample};
use crate::rules::Rules;

/// How much a comparison may do. Counts, not seconds, so that equal arguments give equal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// For the search for a proof.
    pub search: Budget,
    /// States of each finite machine.
    pub states_max: usize,
    /// Streams drawn where nothing better is known.
    pub cases: usize,
}

impl Default for Effort {
    /// The usual search, 10 000 states, 2 000 streams.
    fn default() -> Self {
        Self {
            search: Budget::default(),
            states_max: 10_000,
            cases: 2_000,
        }
    }
}

/// Streams tried before anything else: most wrong candidates fall here.
const FIRST_CASES: usize = 64;
/// Classes of values of finite machines.
const LETTERS_MAX: usize = 64;

/// Whether two pipelines do the same, by the strongest evidence that is found: a proof by rewriting; else bisimilarity,
/// where both are finite over classes of values; else streams drawn from `seed`.
///
/// A few streams are tried first and refute at once; a refutation is always shown by running both. Deterministic.
///
/// # Errors
/// [`Error::Proof`] when the search returned a path that does not hold, which is a fault of the search.
pub fn compare(
    a: &Pipeline,
    b: &Pipeline,
    rules: &Rules,
    effort: Effort,
    seed: u64,
) -> Result<Verdict, Error> {
    let mut rng = Rng::new(seed);
    if let Some(separation) = pipelines_separated(a, b, FIRST_CASES.min(effort.cases), &mut rng) {
        return Ok(Verdict::Refuted(separation));
    }
    if let Some(path) = prove_with(&Saturation, a, b, rules, effort.search)? {
        return Ok(Verdict::Proved(path));
    }
    if let Some(verdict) = finite(a, b, effort)? {
        return Ok(verdict);
    }
    let left = effort.cases.saturating_sub(FIRST_CASES);
    Ok(match pipelines_separated(a, b, left, &mut rng) {
        Some(separation) => Verdict::Refuted(separation),
        None => Verdict::Tested(Tests::passed(effort.cases, seed)),
    })
}

/// A verdict where both are finite and either bisimilar or different on the distinguishing word.
fn finite(a: &Pipeline, b: &Pipeline, effort: Effort) -> Result<Option<Verdict>, Error> {
    let (Some(x), Some(y)) = (Finite::of(a), Finite::of(b)) else {
        return Ok(None);
    };
    let mut places = Vec::new();
    if x.places(&mut places).is_none() || y.places(&mut places).is_none() {
        return Ok(None);
    }
    let letters = letters(places);
    if letters.len() > LETTERS_MAX {
        return Ok(None);
    }
    let mut outputs = HashMap::new();
    let x = x.machine(&letters, effort.states_max, &mut outputs);
    let y = y.machine(&letters, effort.states_max, &mut outputs);
    let (Some(x), Some(y)) = (x, y) else {
        return Ok(None);
    };
    Ok(match compare_machines(&x, &y)? {
        Sameness::Bisimilar { classes } => Some(Verdict::Bisimilar {
            states: [x.states(), y.states()],
            letters: letters.len(),
            classes,
        }),
        // Different expressions may compute the same, so that only running both tells.
        Sameness::Distinct { trace } => {
            let value = |l: &u32| letters.get(*l as usize).map_or(f64::NAN, |l| l.value);
            let times = (0_i64..).map(|i| i.saturating_mul(1_000_000_000));
            let input = trace
                .iter()
                .zip(times)
                .map(|(l, t)| Sample::new(t, value(l)))
                .collect();
            Separation::of(input, &mut |s| a.run_batch(s), &mut |s| b.run_batch(s))
                .map(Verdict::Refuted)
        }
    })
}
