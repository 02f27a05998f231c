//! What was found out.

use std::fmt;

use super::{Grade, Separation};
use crate::path::Path;

/// Whether two tools do the same, with the evidence. Grades are never mixed: each says what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// A path of admitted rules, checked: they do the same on all streams, if the rules hold, which were tested.
    Proved(Path),
    /// Both are finite over classes of values on which every condition is constant, and their machines are bisimilar:
    /// they do the same on all streams.
    Bisimilar {
        /// States of the two.
        states: [usize; 2],
        /// Classes of values; each value is in one of them.
        letters: usize,
        /// States that do different things.
        classes: usize,
    },
    /// No difference on drawn streams, which proves nothing.
    Tested(Tests),
    /// A stream on which they differ.
    Refuted(Separation),
}

/// How thoroughly two tools were tested.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Tests {
    /// Streams drawn.
    pub cases: usize,
    /// With a confidence of 95 %, less than this share of all streams, drawn as these were, separates the two:
    /// `1 - 0.05^(1/cases)`. Streams that real use brings may be drawn otherwise.
    pub epsilon: f64,
    /// Seed of the streams.
    pub seed: u64,
}

impl Tests {
    /// `cases` agreeing streams from `seed`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of cases")]
    pub fn passed(cases: usize, seed: u64) -> Self {
        let epsilon = if cases == 0 {
            1.0
        } else {
            1.0 - 0.05_f64.powf(1.0 / cases as f64)
        };
        Self {
            cases,
            epsilon,
            seed,
        }
    }
}

impl Verdict {
    /// Its strength.
    #[must_use]
    pub const fn grade(&self) -> Grade {
        match self {
            Self::Proved(_) => Grade::Proved,
            Self::Bisimilar { .. } => Grade::Bisimilar,
            Self::Tested(_) => Grade::Tested,
            Self::Refuted(_) => Grade::Refuted,
        }
    }

    /// Whether it is enough where `required` is asked for. A refutation is never enough.
    #[must_use]
    pub fn meets(&self, required: Grade) -> bool {
        self.grade().meets(required)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proved(path) => match path.steps().len() {
                0 => f.write_str("proved: they are the same pipeline"),
                1 => f.write_str("proved: one rewrite leads from one to the other, checked"),
                n => write!(
                    f,
                    "proved: {n} rewrites lead from one to the other, checked"
                ),
            },
            Self::Bisimilar {
                states: [a, b],
                letters,
                classes,
            } => write!(
                f,
                "bisimilar: machines of {a} and {b} states over {letters} classes of values never differ ({classes} different states)"
            ),
            Self::Tested(tests) => write!(
                f,
                "tested, not proved: no difference on {} streams (seed {}); with 95 % confidence less than {:.3} % of such streams separate them",
                tests.cases,
                tests.seed,
                tests.epsilon * 100.0
            ),
            Self::Refuted(separation) => write!(f, "refuted: {separation}"),
        }
    }
}
