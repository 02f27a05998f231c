//! The test that stands before every use of a rule.

use std::fmt;

use super::{Admitted, Rule};
use crate::generate::{self, Rng};
use crate::pipeline::{Pipeline, Sample, Stage};

/// Draws of stages for each case: a rule that applies to fewer than one in so many is never put to the test.
const DRAWS_PER_CASE: usize = 3_000;
/// Streams per drawn left side, so that one left side is not judged by one stream.
const STREAMS_PER_SIDE: usize = 4;
/// Draws for them.
const RIVAL_DRAWS: usize = 20_000;
/// Longest stream drawn.
const LENGTH_MAX: usize = 24;
/// Calls to make a counterexample small.
const SHRINK_STEPS: usize = 2_000;
/// More failing left sides that are drawn to find a shorter one.
const RIVALS: usize = 40;

/// Why a rule was not admitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Counterexample {
    /// Both sides were run and gave different streams.
    #[error("rule `{rule}` is wrong: {0}", Shown { left, right, input, expected, found })]
    Differs {
        /// The rule's name.
        rule: Box<str>,
        /// Stages it applies to.
        left: Pipeline,
        /// What it makes of them.
        right: Pipeline,
        /// A stream that separates the two, made small.
        input: Vec<Sample>,
        /// What the left side makes of it.
        expected: Box<[Sample]>,
        /// What the right side makes of it.
        found: Box<[Sample]>,
    },
    /// The rule did not apply to enough of the drawn stages, so that nothing was tested.
    #[error(
        "rule `{rule}` applied to {applied} of {drawn} draws, expected at least {wanted}; its shape may be too narrow"
    )]
    Untested {
        /// The rule's name.
        rule: Box<str>,
        /// Draws it applied to.
        applied: usize,
        /// Draws made.
        drawn: usize,
        /// Left sides that were wanted.
        wanted: usize,
    },
}

struct Shown<'a> {
    left: &'a Pipeline,
    right: &'a Pipeline,
    input: &'a [Sample],
    expected: &'a [Sample],
    found: &'a [Sample],
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |samples: &[Sample]| {
            let all: Vec<String> = samples.iter().map(ToString::to_string).collect();
            format!("[{}]", all.join(", "))
        };
        write!(
            f,
            "of {} `{}` makes {}, but `{}` makes {}",
            told(self.input),
            self.left,
            told(self.expected),
            self.right,
            told(self.found)
        )
    }
}

/// Tests `rule` on `cases` streams and admits it where both sides agree on all of them.
///
/// Sides agree when their outputs are the same bit for bit, NaN being one value. Equal arguments give equal answers. This
/// is a test and no proof: what it admits may be wrong on streams that were not drawn.
///
/// # Errors
/// [`Counterexample::Differs`] with a small separating stream, [`Counterexample::Untested`] when the rule applied too
/// rarely.
pub fn admit(rule: Rule, cases: usize, seed: u64) -> Result<Admitted, Counterexample> {
    let mut rng = Rng::new(seed);
    let wanted = cases.div_ceil(STREAMS_PER_SIDE).max(1);
    let drawn_max = wanted.saturating_mul(DRAWS_PER_CASE);
    let (mut applied, mut drawn, mut run) = (0, 0, 0);
    while applied < wanted && drawn < drawn_max {
        drawn += 1;
        let Some((left, right)) = draw(&rule, &mut rng) else {
            continue;
        };
        applied += 1;
        for _ in 0..STREAMS_PER_SIDE {
            run += 1;
            let input = separating(&mut rng, &left, &right);
            if let Some(input) = input {
                return Err(smallest(&rule, &mut rng, left, right, input));
            }
        }
    }
    if applied < wanted {
        return Err(Counterexample::Untested {
            rule: rule.name().into(),
            applied,
            drawn,
            wanted,
        });
    }
    Ok(Admitted {
        rule,
        cases: run,
        seed,
    })
}

/// Stages the rule applies to, and what it makes of them.
fn draw(rule: &Rule, rng: &mut Rng) -> Option<(Pipeline, Pipeline)> {
    let stages: Vec<Stage> = rule
        .shape()
        .iter()
        .map(|k| generate::stage(rng, *k, 2))
        .collect();
    let right = rule.apply(&stages)?;
    Some((Pipeline::new(stages).ok()?, Pipeline::new(right).ok()?))
}

fn differ(left: &Pipeline, right: &Pipeline, input: &[Sample]) -> bool {
    left.run_batch(input) != right.run_batch(input)
}

fn separating(rng: &mut Rng, left: &Pipeline, right: &Pipeline) -> Option<Vec<Sample>> {
    let near = [generate::constants(left), generate::constants(right)].concat();
    let input = generate::stream(rng, LENGTH_MAX, &near);
    differ(left, right, &input).then_some(input)
}

/// The failing sides with the shortest text among a few more, on a stream made small.
fn smallest(
    rule: &Rule,
    rng: &mut Rng,
    left: Pipeline,
    right: Pipeline,
    input: Vec<Sample>,
) -> Counterexample {
    let mut best = (left, right, input);
    let length = |l: &Pipeline, r: &Pipeline| l.to_string().len() + r.to_string().len();
    let mut rivals = 0;
    for _ in 0..RIVAL_DRAWS {
        if rivals == RIVALS {
            break;
        }
        let Some((left, right)) = draw(rule, rng) else {
            continue;
        };
        let Some(input) = separating(rng, &left, &right) else {
            continue;
        };
        rivals += 1;
        if length(&left, &right) < length(&best.0, &best.1) {
            best = (left, right, input);
        }
    }
    let (left, right, input) = best;
    let input = generate::shrink(input, SHRINK_STEPS, |s| differ(&left, &right, s));
    let (expected, found) = (left.run_batch(&input), right.run_batch(&input));
    Counterexample::Differs {
        rule: rule.name().into(),
        left,
        right,
        input,
        expected: expected.into(),
        found: found.into(),
    }
}
