//! An input on which two tools differ.

use std::fmt;

use crate::generate;
use crate::pipeline::Sample;

/// A stream that two stream functions make different things of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Separation {
    /// The stream; made small by length, then by values, then by times.
    pub input: Vec<Sample>,
    /// What the first makes of it.
    pub left: Vec<Sample>,
    /// What the second makes of it.
    pub right: Vec<Sample>,
}

/// Runs of both functions that may be spent on making an input small.
const SHRINK_STEPS: usize = 4_000;

impl Separation {
    /// `input` made small; `None` where the two make the same of it.
    pub(super) fn of(
        input: Vec<Sample>,
        left: &mut dyn FnMut(&[Sample]) -> Vec<Sample>,
        right: &mut dyn FnMut(&[Sample]) -> Vec<Sample>,
    ) -> Option<Self> {
        if left(&input) == right(&input) {
            return None;
        }
        let small = generate::shrink(input.clone(), SHRINK_STEPS, |s| left(s) != right(s));
        // A function that answers differently when asked again may make the small one agree.
        [small, input].into_iter().find_map(|input| {
            let (left, right) = (left(&input), right(&input));
            (left != right).then_some(Self { input, left, right })
        })
    }
}

impl fmt::Display for Separation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |samples: &[Sample]| {
            let all: Vec<String> = samples.iter().map(ToString::to_string).collect();
            format!("[{}]", all.join(", "))
        };
        write!(
            f,
            "of {} one makes {}, the other {}",
            told(&self.input),
            told(&self.left),
            told(&self.right)
        )
    }
}
