//! Proofs that two pipelines do the same: named rewrite steps from one to the other.

mod record;
mod replay;

use std::fmt;

pub use replay::Broken;

use crate::pipeline::{Pipeline, Stage};
use crate::rules::Rules;

/// Which of two branches of a `tee` or `merge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first.
    Left,
    /// The second.
    Right,
}

/// Where in a pipeline: into branches, then to a stage. Written `2.left.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Stages with branches that are entered, outermost first, and which branch.
    pub branches: Vec<(usize, Side)>,
    /// The stage, counted from 0; the length of the list stands for its end.
    pub at: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, side) in &self.branches {
            let side = match side {
                Side::Left => "left",
                Side::Right => "right",
            };
            write!(f, "{at}.{side}.")?;
        }
        write!(f, "{}", self.at)
    }
}

/// Which way a rule was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From its left side to its right side.
    Forward,
    /// From its right side to its left side.
    Backward,
}

impl Direction {
    const fn reversed(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// One use of one rule at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// The rule's name.
    pub rule: String,
    /// Which way it was used.
    pub direction: Direction,
    /// Where.
    pub at: Position,
    /// The stages that were there.
    pub before: Vec<Stage>,
    /// The stages that took their place.
    pub after: Vec<Stage>,
}

impl Step {
    /// The step back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            rule: self.rule.clone(),
            direction: self.direction.reversed(),
            at: self.at.clone(),
            before: self.after.clone(),
            after: self.before.clone(),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let back = if self.direction == Direction::Backward {
            ", backward"
        } else {
            ""
        };
        let (before, after) = (fragment(&self.before), fragment(&self.after));
        write!(
            f,
            "{}{back} at {}: {before}  =>  {after}",
            self.rule, self.at
        )
    }
}

fn fragment(stages: &[Stage]) -> String {
    if stages.is_empty() {
        return "pass".into();
    }
    stages
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// A list of steps that leads from one pipeline to another.
///
/// A path made by hand or read from a file claims; [`Path::check`] finds out, without any search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    from: Pipeline,
    to: Pipeline,
    steps: Vec<Step>,
}

impl Path {
    /// The claim that `steps` lead from `from` to `to`.
    #[must_use]
    pub const fn claimed(from: Pipeline, to: Pipeline, steps: Vec<Step>) -> Self {
        Self { from, to, steps }
    }

    /// A pipeline is itself.
    #[must_use]
    pub fn refl(pipeline: &Pipeline) -> Self {
        Self::claimed(pipeline.clone(), pipeline.clone(), Vec::new())
    }

    /// Where it begins.
    #[must_use]
    pub const fn from(&self) -> &Pipeline {
        &self.from
    }

    /// Where it ends.
    #[must_use]
    pub const fn to(&self) -> &Pipeline {
        &self.to
    }

    /// Its steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// This path and then `next`; `None` unless `next` begins where this one ends.
    #[must_use]
    pub fn then(&self, next: &Self) -> Option<Self> {
        let steps = [self.steps.as_slice(), next.steps.as_slice()].concat();
        (self.to == next.from).then(|| Self::claimed(self.from.clone(), next.to.clone(), steps))
    }

    /// The way back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let steps = self.steps.iter().rev().map(Step::inverse).collect();
        Self::claimed(self.to.clone(), self.from.clone(), steps)
    }

    /// The same path without steps that are undone at once. O(steps).
    ///
    /// On these, composition, inverse and [`Path::refl`] form a groupoid.
    #[must_use]
    pub fn normal(&self) -> Self {
        let mut kept: Vec<Step> = Vec::new();
        for step in &self.steps {
            if kept.last().is_some_and(|last| last.inverse() == *step) {
                kept.pop();
            } else {
                kept.push(step.clone());
            }
        }
        Self::claimed(self.from.clone(), self.to.clone(), kept)
    }

    /// Replays the steps with `rules`: that each names a rule that makes its `after` of its `before` (or the reverse,
    /// backward), that `before` stands where it says, and that the last pipeline is the one claimed.
    ///
    /// O(steps · nodes), and no search.
    ///
    /// # Errors
    /// [`Broken`] with the first step that does not hold.
    pub fn check(&self, rules: &Rules) -> Result<(), Broken> {
        replay::check(self, rules)
    }

    /// The pipelines on the way, first and last included.
    ///
    /// # Errors
    /// [`Broken`] with the first step that does not fit where it says; rules are not consulted.
    pub fn waypoints(&self) -> Result<Vec<Pipeline>, Broken> {
        replay::waypoints(self)
    }
}

impl fmt::Display for Path {
    /// The first pipeline, then a line per step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.from)?;
        self.steps
            .iter()
            .try_for_each(|step| write!(f, "\n  {step}"))?;
        write!(f, "\n{}", self.to)
    }
}
