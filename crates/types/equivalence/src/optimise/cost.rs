//! What a pipeline costs, estimated.

use crate::pipeline::{Aggregate, Expr, Pipeline, Pred, Stage, Unary};

/// Share of samples that conditions are assumed to let through, all together.
const PASSED: f64 = 0.5;

/// Estimated work per sample that enters, in additions; an estimate that orders pipelines, and no time.
///
/// A stage costs what it does to a sample times the share of samples that reach it. Conditions are assumed to let half
/// through, all of them together, so that repeating one is never a gain.
#[must_use]
pub fn cost(pipeline: &Pipeline) -> f64 {
    let mut flow = Flow::START;
    let mut total = 0.0;
    for stage in pipeline.stages() {
        total += flow.share * work(stage);
        flow = flow.after(stage);
    }
    total
}

/// How many of the samples reach a stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    pub(super) share: f64,
    pub(super) is_filtered: bool,
}

impl Flow {
    pub(super) const START: Self = Self {
        share: 1.0,
        is_filtered: false,
    };

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn after(self, stage: &Stage) -> Self {
        let thinned = |every: u64| Self {
            share: self.share / every as f64,
            ..self
        };
        match stage {
            Stage::Where(Pred::Always(false)) => Self { share: 0.0, ..self },
            Stage::Where(Pred::Always(true)) => self,
            Stage::Where(_) if !self.is_filtered => Self {
                share: self.share * PASSED,
                is_filtered: true,
            },
            Stage::Every(n) => thinned(*n),
            Stage::Window { every, .. } => thinned(*every),
            _ => self,
        }
    }
}

/// Work on one sample.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub(super) fn work(stage: &Stage) -> f64 {
    match stage {
        Stage::Where(Pred::Always(false)) => 0.01,
        Stage::Where(p) => 1.0 + condition(p),
        Stage::Map(e) => 1.0 + expression(e),
        Stage::Skip(_) | Stage::Take(_) | Stage::Every(_) => 1.0,
        Stage::Delta | Stage::Rate | Stage::Dedup => 2.0,
        Stage::Running(a) => 1.0 + folding(*a) + answering(*a),
        Stage::Window {
            aggregate: a,
            count,
            every,
        } if every >= count => 1.5 + folding(*a) + answering(*a) / *every as f64,
        Stage::Window {
            aggregate: a,
            count,
            every,
        } => {
            let again = match a {
                Aggregate::Min | Aggregate::Max => 4.0,
                Aggregate::Count | Aggregate::Last => 0.0,
                Aggregate::First => 2.0,
                _ => 2.0 + folding(*a) * *count as f64 / *every as f64,
            };
            1.5 + again + answering(*a) / *every as f64
        }
        Stage::Tee(_, a, b) => 2.5 + cost(a) + cost(b),
        Stage::Merge(a, b) => 2.0 + cost(a) + cost(b),
    }
}

fn folding(aggregate: Aggregate) -> f64 {
    match aggregate {
        Aggregate::Count | Aggregate::Last => 0.2,
        Aggregate::First => 0.5,
        Aggregate::Sum | Aggregate::Mean => 1.0,
        Aggregate::Min | Aggregate::Max => 1.5,
        Aggregate::Distinct => 4.0,
        Aggregate::Quantile(_) => 20.0,
    }
}

fn answering(aggregate: Aggregate) -> f64 {
    match aggregate {
        Aggregate::Distinct => 1_000.0,
        Aggregate::Quantile(_) => 200.0,
        Aggregate::Mean => 2.0,
        _ => 0.5,
    }
}

fn expression(e: &Expr) -> f64 {
    match e {
        Expr::Value => 0.1,
        Expr::Const(_) => 0.05,
        Expr::Unary(op, x) => expression(x) + unary(*op),
        Expr::Binary(op, a, b) => {
            use crate::pipeline::Binary::{Add, Div, Max, Min, Mul, Sub};
            let own = match op {
                Add | Sub | Mul => 1.0,
                Div => 3.0,
                Min | Max => 2.0,
            };
            own + expression(a) + expression(b)
        }
    }
}

fn unary(op: Unary) -> f64 {
    match op {
        Unary::Neg | Unary::Abs => 0.5,
        Unary::Floor | Unary::Ceil => 1.0,
        Unary::Sqrt => 4.0,
        Unary::Ln | Unary::Exp => 15.0,
    }
}

fn condition(p: &Pred) -> f64 {
    match p {
        Pred::Always(_) => 0.0,
        Pred::Compare(_, a, b) => 0.5 + expression(a) + expression(b),
        Pred::Finite(x) => 0.5 + expression(x),
        Pred::Not(p) => 0.2 + condition(p),
        // The second is asked of about half.
        Pred::And(p, q) | Pred::Or(p, q) => 0.2 + condition(p) + PASSED * condition(q),
    }
}
