//! Stages and pipelines.

use super::Rng;
use crate::pipeline::{Aggregate, Binary, Comparison, Expr, Number, Pipeline, Pred, Stage, Unary};
use crate::rules::Kind;

const CONSTANTS: [f64; 18] = [
    0.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    -2.0,
    4.0,
    0.1,
    0.001,
    3.0,
    -0.0,
    -0.3,
    1e16,
    1e300,
    1e-320,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

const KINDS: [Kind; 12] = [
    Kind::Where,
    Kind::Map,
    Kind::Window,
    Kind::Running,
    Kind::Delta,
    Kind::Rate,
    Kind::Dedup,
    Kind::Skip,
    Kind::Take,
    Kind::Every,
    Kind::Tee,
    Kind::Merge,
];

/// A pipeline of at most `stages_max` stages.
pub fn pipeline(rng: &mut Rng, stages_max: usize) -> Pipeline {
    let count = rng.below(stages_max.saturating_add(1));
    let stages = (0..count).map(|_| stage(rng, Kind::Any, 2)).collect();
    Pipeline::new(stages).unwrap_or_default()
}

/// A stage of `kind` with branches at most `nesting` deep.
pub fn stage(rng: &mut Rng, kind: Kind, nesting: usize) -> Stage {
    let any = rng.below(if nesting == 0 { 10 } else { 12 });
    let kind = match kind {
        Kind::Any => KINDS.get(any).copied().unwrap_or(Kind::Map),
        known => known,
    };
    match kind {
        Kind::Where => Stage::Where(pred(rng, 2)),
        Kind::Map | Kind::Any => Stage::Map(expr(rng, 3)),
        Kind::Window => window(rng),
        Kind::Running => Stage::Running(aggregate(rng)),
        Kind::Delta => Stage::Delta,
        Kind::Rate => Stage::Rate,
        Kind::Dedup => Stage::Dedup,
        Kind::Skip => Stage::Skip(rng.below(5) as u64),
        Kind::Take => Stage::Take(rng.below(8) as u64),
        Kind::Every => Stage::Every(1 + rng.below(4) as u64),
        Kind::Tee => {
            let op = rng.one_of(&Binary::ALL).unwrap_or(Binary::Add);
            let (a, b) = branches(rng, nesting);
            Stage::Tee(op, a, b)
        }
        Kind::Merge => {
            let (a, b) = branches(rng, nesting);
            Stage::Merge(a, b)
        }
    }
}

fn branches(rng: &mut Rng, nesting: usize) -> (Pipeline, Pipeline) {
    let branch = |rng: &mut Rng| {
        let count = rng.below(3);
        let never = Stage::Where(Pred::Always(false));
        let one = |rng: &mut Rng| {
            if rng.once_in(10) {
                never.clone()
            } else {
                stage(rng, Kind::Any, nesting.saturating_sub(1))
            }
        };
        Pipeline::new((0..count).map(|_| one(rng)).collect()).unwrap_or_default()
    };
    let a = branch(rng);
    match rng.below(4) {
        // Branches that agree, in all or at the beginning, are what rules are about.
        0 => (a.clone(), a),
        1 => {
            let rest = branch(rng);
            let b = a.then(&rest).unwrap_or_default();
            let c = a.then(&branch(rng)).unwrap_or_default();
            (b, c)
        }
        _ => (a, branch(rng)),
    }
}

fn window(rng: &mut Rng) -> Stage {
    let aggregate = aggregate(rng);
    let count = 1 + rng.below(4) as u64;
    let every = match rng.below(4) {
        0 => 1,
        1 => 1 + rng.below(5) as u64,
        _ => count,
    };
    Stage::Window {
        aggregate,
        count,
        every,
    }
}

fn aggregate(rng: &mut Rng) -> Aggregate {
    let quantile = Aggregate::Quantile(Number::new(0.5));
    let all = [
        Aggregate::Sum,
        Aggregate::Min,
        Aggregate::Max,
        Aggregate::Mean,
        Aggregate::Count,
        Aggregate::First,
        Aggregate::Last,
        Aggregate::Distinct,
        quantile,
        Aggregate::Min,
        Aggregate::Max,
        Aggregate::Sum,
    ];
    rng.one_of(&all).unwrap_or(Aggregate::Min)
}

fn expr(rng: &mut Rng, depth: usize) -> Expr {
    let constant = |rng: &mut Rng| Expr::constant(rng.one_of(&CONSTANTS).unwrap_or(0.0));
    let op = |rng: &mut Rng| rng.one_of(&Binary::ALL).unwrap_or(Binary::Add);
    match rng.below(if depth == 0 { 3 } else { 9 }) {
        0 | 1 => Expr::Value,
        2 => constant(rng),
        3 => {
            let unary = rng.one_of(&Unary::ALL).unwrap_or(Unary::Neg);
            Expr::unary(unary, expr(rng, depth - 1))
        }
        4 => {
            let (a, b) = (expr(rng, depth - 1), expr(rng, depth - 1));
            Expr::binary(op(rng), a, b)
        }
        5 => {
            let (a, b) = (constant(rng), expr(rng, depth - 1));
            Expr::binary(op(rng), a, b)
        }
        _ => {
            let (a, b) = (expr(rng, depth - 1), constant(rng));
            Expr::binary(op(rng), a, b)
        }
    }
}

fn pred(rng: &mut Rng, depth: usize) -> Pred {
    match rng.below(if depth == 0 { 6 } else { 10 }) {
        0 => Pred::Always(rng.once_in(2)),
        1 => Pred::Finite(expr(rng, 1)),
        2..=5 => {
            let op = rng.one_of(&Comparison::ALL).unwrap_or(Comparison::Less);
            let bound = Expr::constant(rng.one_of(&CONSTANTS).unwrap_or(0.0));
            if rng.once_in(6) {
                Pred::Compare(op, bound, expr(rng, 2))
            } else {
                Pred::Compare(op, expr(rng, 2), bound)
            }
        }
        6 => Pred::Not(Box::new(pred(rng, depth - 1))),
        7 => Pred::Or(
            Box::new(pred(rng, depth - 1)),
            Box::new(pred(rng, depth - 1)),
        ),
        _ => Pred::And(
            Box::new(pred(rng, depth - 1)),
            Box::new(pred(rng, depth - 1)),
        ),
    }
}
