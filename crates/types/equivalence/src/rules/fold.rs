//! Two stages of a kind as one, and stages that do nothing.

use super::conditions::simpler;
use super::simplify::simplified;
use super::{Kind, Rule};
use crate::pipeline::{Aggregate, COUNT_MAX, Comparison, Expr, Pipeline, Pred, Stage};

pub(super) fn rules() -> Vec<Rule> {
    [pairs(), single(), dead(), branches()].concat()
}

fn pairs() -> Vec<Rule> {
    use Kind::{Dedup, Every, Map, Skip, Take, Where};
    vec![
        Rule::new(
            "fuse-where",
            "a sample passes both conditions or not",
            &[Where, Where],
            |s| {
                let [Stage::Where(p), Stage::Where(q)] = s else {
                    return None;
                };
                // In normal form, so that repeating a condition does not make ever longer ones.
                let both = Pred::And(Box::new(p.clone()), Box::new(q.clone()));
                Some(vec![Stage::Where(simpler(&both))])
            },
        ),
        Rule::new(
            "fuse-map",
            "one expression in the other computes the same steps in the same order",
            &[Map, Map],
            |s| {
                let [Stage::Map(e), Stage::Map(f)] = s else {
                    return None;
                };
                // An expression that is used twice would be computed twice.
                let is_cheap = f.values() <= 1 || matches!(e, Expr::Value | Expr::Const(_));
                is_cheap.then(|| vec![Stage::Map(simplified(&f.compose(e)))])
            },
        ),
        Rule::new("fuse-skip", "first some, then more", &[Skip, Skip], |s| {
            let [Stage::Skip(a), Stage::Skip(b)] = s else {
                return None;
            };
            Some(vec![Stage::Skip(
                a.checked_add(*b).filter(|n| *n <= COUNT_MAX)?,
            )])
        }),
        Rule::new(
            "fuse-take",
            "the lesser count decides",
            &[Take, Take],
            |s| {
                let [Stage::Take(a), Stage::Take(b)] = s else {
                    return None;
                };
                Some(vec![Stage::Take(*a.min(b))])
            },
        ),
        Rule::new(
            "fuse-every",
            "each b-th of each a-th is each a·b-th",
            &[Every, Every],
            |s| {
                let [Stage::Every(a), Stage::Every(b)] = s else {
                    return None;
                };
                Some(vec![Stage::Every(
                    a.checked_mul(*b).filter(|n| *n <= COUNT_MAX)?,
                )])
            },
        ),
        Rule::new(
            "fuse-dedup",
            "nothing is left to drop",
            &[Dedup, Dedup],
            |_| Some(vec![Stage::Dedup]),
        ),
    ]
}

fn single() -> Vec<Rule> {
    use Kind::{Any, Skip, Window};
    vec![
        Rule::new(
            "drop-identity",
            "a stage that passes everything on",
            &[Any],
            |s| {
                let [stage] = s else { return None };
                let is_identity = match stage {
                    Stage::Map(Expr::Value) | Stage::Where(Pred::Always(true)) => true,
                    Stage::Skip(0) | Stage::Every(1) => true,
                    Stage::Window {
                        aggregate: a,
                        count: 1,
                        every: 1,
                    } => is_identity_of_one(*a),
                    _ => false,
                };
                is_identity.then(Vec::new)
            },
        ),
        Rule::new(
            "window-of-one",
            "windows of one sample take each m-th",
            &[Window],
            |s| {
                let [
                    Stage::Window {
                        aggregate: a,
                        count: 1,
                        every,
                    },
                ] = s
                else {
                    return None;
                };
                let (is_first, is_value) = (*every > 1, is_identity_of_one(*a));
                // The first window ends at the first sample, the m-th would be the first of `every m`.
                (!is_first && *a == Aggregate::Count && !is_value)
                    .then(|| vec![Stage::Map(Expr::constant(1.0))])
            },
        ),
        Rule::new(
            "skip-after-window",
            "samples of windows that are dropped need not be looked at",
            &[Window, Skip],
            |s| {
                let [
                    Stage::Window {
                        aggregate,
                        count,
                        every,
                    },
                    Stage::Skip(n),
                ] = s
                else {
                    return None;
                };
                let skip = every.checked_mul(*n).filter(|n| *n <= COUNT_MAX)?;
                let (aggregate, count, every) = (*aggregate, *count, *every);
                Some(vec![
                    Stage::Skip(skip),
                    Stage::Window {
                        aggregate,
                        count,
                        every,
                    },
                ])
            },
        ),
    ]
}

/// Whether the aggregate of one value is that value.
fn is_identity_of_one(a: Aggregate) -> bool {
    !matches!(
        a,
        Aggregate::Count | Aggregate::Distinct | Aggregate::Quantile(_)
    )
}

/// `where false`, the normal form of what lets nothing through.
fn never() -> Stage {
    Stage::Where(Pred::Always(false))
}

fn is_never(pipeline: &Pipeline) -> bool {
    pipeline.stages().contains(&never())
}

fn dead() -> Vec<Rule> {
    use Kind::{Any, Take, Where};
    vec![
        Rule::new(
            "nothing-after-never",
            "no sample arrives",
            &[Where, Any],
            |s| {
                let [first, _] = s else { return None };
                (*first == never()).then(|| vec![never()])
            },
        ),
        Rule::new(
            "nothing-before-never",
            "no sample leaves",
            &[Any, Where],
            |s| {
                let [_, last] = s else { return None };
                (*last == never()).then(|| vec![never()])
            },
        ),
        Rule::new("take-none", "the first none are no samples", &[Take], |s| {
            (*s == [Stage::Take(0)]).then(|| vec![never()])
        }),
        Rule::new(
            "compare-nan",
            "no ordered comparison holds of NaN",
            &[Where],
            |s| {
                let [Stage::Where(Pred::Compare(op, a, b))] = s else {
                    return None;
                };
                let is_nan = |e: &Expr| matches!(e, Expr::Const(c) if c.get().is_nan());
                let is_ordered = *op != Comparison::Unequal;
                (is_ordered && (is_nan(a) || is_nan(b))).then(|| vec![never()])
            },
        ),
    ]
}

fn branches() -> Vec<Rule> {
    use Kind::{Merge, Tee};
    vec![
        Rule::new("swap-branches", "the operation commutes", &[Tee], |s| {
            let [Stage::Tee(op, a, b)] = s else {
                return None;
            };
            // One direction only, so that swapping ends.
            (op.is_commutative() && b < a).then(|| vec![Stage::Tee(*op, b.clone(), a.clone())])
        }),
        Rule::new(
            "same-branches",
            "least and greatest of a value and itself",
            &[Tee],
            |s| {
                use crate::pipeline::Binary::{Max, Min};
                let [Stage::Tee(Min | Max, a, b)] = s else {
                    return None;
                };
                (a == b).then(|| a.stages().to_vec())
            },
        ),
        Rule::new(
            "merge-same",
            "the second never has anything to add",
            &[Merge],
            |s| {
                let [Stage::Merge(a, b)] = s else { return None };
                (a == b || is_never(b) || a.stages().is_empty()).then(|| a.stages().to_vec())
            },
        ),
        Rule::new(
            "merge-never",
            "the first never says anything",
            &[Merge],
            |s| {
                let [Stage::Merge(a, b)] = s else { return None };
                is_never(a).then(|| b.stages().to_vec())
            },
        ),
        Rule::new(
            "tee-never",
            "one of the two never says anything",
            &[Tee],
            |s| {
                let [Stage::Tee(_, a, b)] = s else {
                    return None;
                };
                (is_never(a) || is_never(b)).then(|| vec![never()])
            },
        ),
        Rule::new(
            "common-prefix-tee",
            "what both begin with is done once",
            &[Tee],
            |s| {
                let [Stage::Tee(op, a, b)] = s else {
                    return None;
                };
                let (head, a, b) = common(a, b)?;
                Some(vec![head, Stage::Tee(*op, a, b)])
            },
        ),
        Rule::new(
            "common-prefix-merge",
            "what both begin with is done once",
            &[Merge],
            |s| {
                let [Stage::Merge(a, b)] = s else { return None };
                let (head, a, b) = common(a, b)?;
                Some(vec![head, Stage::Merge(a, b)])
            },
        ),
    ]
}

fn common(a: &Pipeline, b: &Pipeline) -> Option<(Stage, Pipeline, Pipeline)> {
    let ((x, a), (y, b)) = (a.stages().split_first()?, b.stages().split_first()?);
    let rest = |stages: &[Stage]| Pipeline::new(stages.to_vec()).ok();
    if x == y {
        Some((x.clone(), rest(a)?, rest(b)?))
    } else {
        None
    }
}
