//! Conditions that hold of the same values with less.

use super::monotone::solved;
use super::simplify::simplified;
use super::{Kind, Rule};
use crate::pipeline::{Comparison, Expr, Pred, Stage};

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new(
            "simplify-condition",
            "constants are folded, conjunctions flattened, ordered and freed of repetitions",
            &[Kind::Where],
            |s| {
                let [Stage::Where(p)] = s else { return None };
                Some(vec![Stage::Where(simpler(p))])
            },
        ),
        Rule::new(
            "solve-threshold",
            "a monotone expression crosses a bound at one value, which bisection over all f64 finds",
            &[Kind::Where],
            |s| {
                let [Stage::Where(p)] = s else { return None };
                Some(vec![Stage::Where(with_thresholds(p))])
            },
        ),
    ]
}

fn with_thresholds(pred: &Pred) -> Pred {
    match pred {
        Pred::Compare(op, x, Expr::Const(c)) => solved(*op, x, c.get()),
        Pred::Compare(op, Expr::Const(c), x) => solved(op.flipped(), x, c.get()),
        Pred::Not(p) => Some(Pred::Not(Box::new(with_thresholds(p)))),
        Pred::And(p, q) => Some(Pred::And(
            Box::new(with_thresholds(p)),
            Box::new(with_thresholds(q)),
        )),
        Pred::Or(p, q) => Some(Pred::Or(
            Box::new(with_thresholds(p)),
            Box::new(with_thresholds(q)),
        )),
        _ => None,
    }
    .unwrap_or_else(|| pred.clone())
}

/// The condition with constants folded, conjunctions flattened, in order and without repetitions.
pub(super) fn simpler(pred: &Pred) -> Pred {
    match pred {
        Pred::Always(_) => pred.clone(),
        Pred::Compare(op, a, b) => compare(*op, simplified(a), simplified(b)),
        Pred::Finite(x) => match simplified(x) {
            Expr::Const(c) => Pred::Always(c.get().is_finite()),
            x => Pred::Finite(x),
        },
        Pred::Not(p) => match simpler(p) {
            Pred::Always(known) => Pred::Always(!known),
            Pred::Not(inner) => *inner,
            other => Pred::Not(Box::new(other)),
        },
        Pred::And(..) => joined(pred, true),
        Pred::Or(..) => joined(pred, false),
    }
}

fn compare(op: Comparison, a: Expr, b: Expr) -> Pred {
    match (&a, &b) {
        (Expr::Const(x), Expr::Const(y)) => Pred::Always(op.holds(x.get(), y.get())),
        (Expr::Const(_), _) => Pred::Compare(op.flipped(), b, a),
        _ => Pred::Compare(op, a, b),
    }
}

/// A conjunction or disjunction with its parts simplified, in order and without repetitions.
fn joined(pred: &Pred, is_and: bool) -> Pred {
    let mut parts = Vec::new();
    gather(pred, is_and, &mut parts);
    if parts.contains(&Pred::Always(!is_and)) {
        return Pred::Always(!is_and);
    }
    parts.retain(|p| *p != Pred::Always(is_and));
    // Conditions have no effect and always end, so that their order is of no consequence.
    parts.sort_by_cached_key(|p| (p.nodes(), p.clone()));
    parts.dedup();
    let mut kept: Vec<Pred> = Vec::new();
    for part in parts {
        let stronger = kept.last().and_then(|last| tighter(last, &part, is_and));
        match (stronger, kept.last_mut()) {
            (Some(one), Some(last)) => *last = one,
            _ => kept.push(part),
        }
    }
    let join = |a, b| {
        let (a, b) = (Box::new(a), Box::new(b));
        if is_and {
            Pred::And(a, b)
        } else {
            Pred::Or(a, b)
        }
    };
    kept.into_iter()
        .reduce(join)
        .unwrap_or(Pred::Always(is_and))
}

fn gather(pred: &Pred, is_and: bool, into: &mut Vec<Pred>) {
    match (pred, is_and) {
        (Pred::And(p, q), true) | (Pred::Or(p, q), false) => {
            gather(p, is_and, into);
            gather(q, is_and, into);
        }
        _ => into.push(simpler(pred)),
    }
}

/// Of two bounds of one kind on one expression, the one that decides.
fn tighter(p: &Pred, q: &Pred, is_and: bool) -> Option<Pred> {
    let (Pred::Compare(op, x, Expr::Const(a)), Pred::Compare(other, y, Expr::Const(b))) = (p, q)
    else {
        return None;
    };
    let is_pair = op == other && x == y && !a.get().is_nan() && !b.get().is_nan();
    let is_upper = match op {
        Comparison::Less | Comparison::AtMost => true,
        Comparison::Greater | Comparison::AtLeast => false,
        Comparison::Equal | Comparison::Unequal => return None,
    };
    is_pair.then(|| {
        let is_p_less = a.get() <= b.get();
        // Both must hold: the least upper or greatest lower bound decides; one suffices: the other one does.
        if is_p_less == (is_upper == is_and) {
            p.clone()
        } else {
            q.clone()
        }
    })
}
