//! What is asked of a search, and what is believed of its answers.

use super::{Saturation, cost};
use crate::Error;
use crate::path::Path;
use crate::pipeline::Pipeline;
use crate::rules::Rules;

/// How far a search may go. Counts, not seconds, so that equal arguments give equal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Terms that may be held.
    pub nodes_max: usize,
    /// Rounds in which all rules are tried everywhere.
    pub rounds_max: usize,
}

impl Default for Budget {
    /// 1 500 terms and 12 rounds: some milliseconds.
    fn default() -> Self {
        Self {
            nodes_max: 1_500,
            rounds_max: 12,
        }
    }
}

/// Finds paths. Nothing it says is believed before [`Path::check`] has replayed it.
pub trait Search {
    /// A path from `pipeline` to the cheapest equal one it finds, by [`cost`].
    fn cheapest(&self, pipeline: &Pipeline, rules: &Rules, budget: Budget) -> Path;

    /// A path from `a` to `b`; `None` where it finds none, which says nothing about the two.
    fn connect(&self, a: &Pipeline, b: &Pipeline, rules: &Rules, budget: Budget) -> Option<Path>;
}

/// A pipeline that does the same as another, for less.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Optimised {
    /// The cheaper pipeline; the original where none was found.
    pub pipeline: Pipeline,
    /// The checked proof that it does the same.
    pub path: Path,
    /// Estimated work per sample of the original.
    pub cost_before: f64,
    /// Estimated work per sample of the result.
    pub cost_after: f64,
}

/// The cheapest pipeline found that does the same as `pipeline`.
///
/// # Errors
/// [`Error::Proof`] when the search returned a path that does not hold, which is a fault of the search.
pub fn optimise(pipeline: &Pipeline, rules: &Rules) -> Result<Optimised, Error> {
    optimise_with(&Saturation, pipeline, rules, Budget::default())
}

/// [`optimise`] with a search and a budget of your own.
///
/// # Errors
/// [`Error::Proof`] when the search returned a path that does not hold.
pub fn optimise_with(
    search: &dyn Search,
    pipeline: &Pipeline,
    rules: &Rules,
    budget: Budget,
) -> Result<Optimised, Error> {
    let path = search.cheapest(pipeline, rules, budget).normal();
    believe(&path, pipeline, None, rules)?;
    let (cost_before, cost_after) = (cost(pipeline), cost(path.to()));
    if cost_after >= cost_before {
        return Ok(Optimised {
            pipeline: pipeline.clone(),
            path: Path::refl(pipeline),
            cost_before,
            cost_after: cost_before,
        });
    }
    Ok(Optimised {
        pipeline: path.to().clone(),
        path,
        cost_before,
        cost_after,
    })
}

/// A checked path from `a` to `b`; `None` where none was found, which says nothing about the two.
///
/// # Errors
/// [`Error::Proof`] when the search returned a path that does not hold, which is a fault of the search.
pub fn prove(a: &Pipeline, b: &Pipeline, rules: &Rules) -> Result<Option<Path>, Error> {
    prove_with(&Saturation, a, b, rules, Budget::default())
}

/// [`prove`] with a search and a budget of your own.
///
/// # Errors
/// [`Error::Proof`] when the search returned a path that does not hold.
pub fn prove_with(
    search: &dyn Search,
    a: &Pipeline,
    b: &Pipeline,
    rules: &Rules,
    budget: Budget,
) -> Result<Option<Path>, Error> {
    let Some(path) = search.connect(a, b, rules, budget) else {
        return Ok(None);
    };
    let path = path.normal();
    believe(&path, a, Some(b), rules)?;
    Ok(Some(path))
}

fn believe(
    path: &Path,
    from: &Pipeline,
    to: Option<&Pipeline>,
    rules: &Rules,
) -> Result<(), Error> {
    let is_about = path.from() == from && to.is_none_or(|to| path.to() == to);
    if !is_about {
        return Err(Error::ProofOfAnother {
            path: path.to_string(),
        });
    }
    path.check(rules).map_err(Error::Proof)
}
