//! Whether a path leads where it says.

use super::{Direction, Path, Position, Side, Step};
use crate::pipeline::{Pipeline, Stage};
use crate::rules::Rules;

/// Why a path proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// No such rule was admitted.
    #[error("step {step} names the rule `{rule}`, which is not admitted")]
    UnknownRule {
        /// The step, counted from 0.
        step: usize,
        /// The rule it names.
        rule: String,
    },
    /// The stages are not what the step says.
    #[error("step {step} (`{rule}`) expects `{expected}` at {at}, which is not what stands there")]
    Misplaced {
        /// The step, counted from 0.
        step: usize,
        /// The rule it names.
        rule: String,
        /// Where.
        at: String,
        /// The stages it expects.
        expected: String,
    },
    /// The rule does not do what the step says.
    #[error("step {step}: the rule `{rule}` does not turn `{from}` into `{into}`")]
    NotTheRule {
        /// The step, counted from 0.
        step: usize,
        /// The rule it names.
        rule: String,
        /// What the rule is applied to.
        from: String,
        /// What it should make.
        into: String,
    },
    /// All steps hold, and lead elsewhere.
    #[error("the path ends at `{found}`, not at `{claimed}`")]
    Elsewhere {
        /// Where it says it ends.
        claimed: String,
        /// Where it ends.
        found: String,
    },
}

pub(super) fn check(path: &Path, rules: &Rules) -> Result<(), Broken> {
    for (number, step) in path.steps().iter().enumerate() {
        let Some(admitted) = rules.get(&step.rule) else {
            return Err(Broken::UnknownRule {
                step: number,
                rule: step.rule.clone(),
            });
        };
        let (from, into) = match step.direction {
            Direction::Forward => (&step.before, &step.after),
            Direction::Backward => (&step.after, &step.before),
        };
        if admitted.rule().apply(from).as_ref() != Some(into) {
            return Err(Broken::NotTheRule {
                step: number,
                rule: step.rule.clone(),
                from: super::fragment(from),
                into: super::fragment(into),
            });
        }
    }
    walk(path, |_| ())
}

pub(super) fn waypoints(path: &Path) -> Result<Vec<Pipeline>, Broken> {
    let mut found = vec![path.from().clone()];
    walk(path, |pipeline| found.push(pipeline.clone()))?;
    Ok(found)
}

fn walk(path: &Path, mut each: impl FnMut(&Pipeline)) -> Result<(), Broken> {
    let mut now = path.from().clone();
    for (number, step) in path.steps().iter().enumerate() {
        now = replaced(&now, step, &step.at.branches).ok_or_else(|| Broken::Misplaced {
            step: number,
            rule: step.rule.clone(),
            at: step.at.to_string(),
            expected: super::fragment(&step.before),
        })?;
        each(&now);
    }
    if now == *path.to() {
        return Ok(());
    }
    Err(Broken::Elsewhere {
        claimed: path.to().to_string(),
        found: now.to_string(),
    })
}

/// `pipeline` with the step's stages replaced; `None` where they do not stand there, or the result is too large.
fn replaced(pipeline: &Pipeline, step: &Step, branches: &[(usize, Side)]) -> Option<Pipeline> {
    let mut stages = pipeline.stages().to_vec();
    match branches.split_first() {
        None => {
            let Position { at, .. } = step.at;
            let end = at.checked_add(step.before.len())?;
            if stages.get(at..end)? != step.before {
                return None;
            }
            stages.splice(at..end, step.after.iter().cloned());
        }
        Some(((at, side), rest)) => {
            let branch = branch_mut(stages.get_mut(*at)?, *side)?;
            *branch = replaced(branch, step, rest)?;
        }
    }
    Pipeline::new(stages).ok()
}

fn branch_mut(stage: &mut Stage, side: Side) -> Option<&mut Pipeline> {
    match (stage, side) {
        (Stage::Tee(_, a, _) | Stage::Merge(a, _), Side::Left) => Some(a),
        (Stage::Tee(_, _, b) | Stage::Merge(_, b), Side::Right) => Some(b),
        _ => None,
    }
}
