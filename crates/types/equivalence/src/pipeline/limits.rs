//! How large a pipeline may be, so that no text can exhaust memory, time or stack.

use super::{Aggregate, Pipeline, Stage};
use crate::Error;

/// Stages of a pipeline and of each branch.
pub const STAGES_MAX: usize = 64;
/// Nodes of expressions, predicates and stages in a pipeline, branches included.
pub const NODES_MAX: usize = 1024;
/// Nodes on the longest branch of an expression or predicate.
pub const DEPTH_MAX: usize = 64;
/// Branches within branches.
pub const NESTING_MAX: usize = 6;
/// Samples of a window that must be kept, which is one that overlaps the next.
pub const BUFFER_MAX: u64 = 1 << 16;
/// Any other count: whole numbers that f64 represents exactly.
pub const COUNT_MAX: u64 = 1 << 53;
/// Bytes of a pipeline's text.
pub const TEXT_BYTES_MAX: usize = 1 << 16;

/// Nodes of a stage, branches included.
pub(super) fn nodes(stage: &Stage) -> usize {
    1 + match stage {
        Stage::Where(p) => p.nodes(),
        Stage::Map(e) => e.nodes(),
        Stage::Tee(_, a, b) | Stage::Merge(a, b) => a.nodes() + b.nodes(),
        _ => 0,
    }
}

pub(super) fn check(pipeline: &Pipeline) -> Result<(), Error> {
    within("nodes", pipeline.nodes() as u64, 0, NODES_MAX as u64)?;
    branch(pipeline, 0)
}

fn branch(pipeline: &Pipeline, nesting: usize) -> Result<(), Error> {
    within(
        "branches within branches",
        nesting as u64,
        0,
        NESTING_MAX as u64,
    )?;
    within(
        "stages",
        pipeline.stages().len() as u64,
        0,
        STAGES_MAX as u64,
    )?;
    pipeline.stages().iter().try_for_each(|s| stage(s, nesting))
}

fn stage(stage: &Stage, nesting: usize) -> Result<(), Error> {
    match stage {
        Stage::Where(p) => within(
            "depth of a predicate",
            p.depth() as u64,
            1,
            DEPTH_MAX as u64,
        ),
        Stage::Map(e) => within(
            "depth of an expression",
            e.depth() as u64,
            1,
            DEPTH_MAX as u64,
        ),
        Stage::Window {
            aggregate: a,
            count,
            every,
        } => {
            let most = if every < count { BUFFER_MAX } else { COUNT_MAX };
            within("samples of a window", *count, 1, most)?;
            within("samples from window to window", *every, 1, COUNT_MAX)?;
            aggregate(a)
        }
        Stage::Running(a) => aggregate(a),
        Stage::Skip(n) => within("samples to skip", *n, 0, COUNT_MAX),
        Stage::Take(n) => within("samples to take", *n, 0, COUNT_MAX),
        Stage::Every(n) => within("samples from one to the next", *n, 1, COUNT_MAX),
        Stage::Tee(_, a, b) | Stage::Merge(a, b) => {
            branch(a, nesting + 1)?;
            branch(b, nesting + 1)
        }
        Stage::Delta | Stage::Rate | Stage::Dedup => Ok(()),
    }
}

fn aggregate(aggregate: &Aggregate) -> Result<(), Error> {
    match aggregate {
        Aggregate::Quantile(q) if !(0.0..=1.0).contains(&q.get()) => {
            Err(Error::Quantile { value: q.get() })
        }
        _ => Ok(()),
    }
}

fn within(what: &'static str, value: u64, least: u64, most: u64) -> Result<(), Error> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(Error::Limit {
            what,
            value,
            least,
            most,
        })
    }
}
