//! Expressions that compute the same bits with less.

use super::{Kind, Rule};
use crate::pipeline::{Binary, Expr, Stage, Unary};

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new(
            "fold-constants",
            "what does not depend on the value",
            &[Kind::Map],
            |s| {
                let [Stage::Map(e)] = s else { return None };
                Some(vec![Stage::Map(rewritten(e, &folded))])
            },
        ),
        Rule::new(
            "exact-identities",
            "operations that change no bit",
            &[Kind::Map],
            |s| {
                let [Stage::Map(e)] = s else { return None };
                Some(vec![Stage::Map(rewritten(e, &identity))])
            },
        ),
        Rule::new(
            "order-arguments",
            "the operation commutes",
            &[Kind::Map],
            |s| {
                let [Stage::Map(e)] = s else { return None };
                Some(vec![Stage::Map(rewritten(e, &ordered))])
            },
        ),
    ]
}

/// All three, from the leaves up.
pub(crate) fn simplified(expr: &Expr) -> Expr {
    let once = |e: &Expr| {
        let e = folded(e).unwrap_or_else(|| e.clone());
        let e = ordered(&e).unwrap_or(e);
        Some(identity(&e).unwrap_or(e))
    };
    rewritten(expr, &once)
}

/// `expr` with `f` applied to each node, leaves first, where it gives something.
fn rewritten(expr: &Expr, f: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    let inner = match expr {
        Expr::Value | Expr::Const(_) => expr.clone(),
        Expr::Unary(op, x) => Expr::unary(*op, rewritten(x, f)),
        Expr::Binary(op, a, b) => Expr::binary(*op, rewritten(a, f), rewritten(b, f)),
    };
    f(&inner).unwrap_or(inner)
}

fn folded(expr: &Expr) -> Option<Expr> {
    let is_constant = !matches!(expr, Expr::Const(_)) && !expr.mentions_value();
    is_constant.then(|| Expr::constant(expr.eval(0.0)))
}

/// Arguments in one order, constants last.
fn ordered(expr: &Expr) -> Option<Expr> {
    let Expr::Binary(op, a, b) = expr else {
        return None;
    };
    let rank = |e: &Expr| (matches!(e, Expr::Const(_)), e.clone());
    (op.is_commutative() && rank(b) < rank(a))
        .then(|| Expr::binary(*op, b.as_ref().clone(), a.as_ref().clone()))
}

fn identity(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::Unary(Unary::Neg, x) => match x.as_ref() {
            Expr::Unary(Unary::Neg, y) => Some(y.as_ref().clone()),
            _ => None,
        },
        Expr::Unary(Unary::Abs, x) => match x.as_ref() {
            Expr::Unary(Unary::Abs, _) => Some(x.as_ref().clone()),
            Expr::Unary(Unary::Neg, y) => Some(Expr::Unary(Unary::Abs, y.clone())),
            _ => None,
        },
        Expr::Unary(Unary::Floor | Unary::Ceil, x) => match x.as_ref() {
            Expr::Unary(Unary::Floor | Unary::Ceil, _) => Some(x.as_ref().clone()),
            _ => None,
        },
        Expr::Binary(Binary::Min | Binary::Max, a, b) if a == b => Some(a.as_ref().clone()),
        Expr::Binary(op, x, b) => match b.as_ref() {
            Expr::Const(c) => with_constant(*op, x, c.get()),
            _ => None,
        },
        _ => None,
    }
}

fn with_constant(op: Binary, x: &Expr, c: f64) -> Option<Expr> {
    let is = |bits: f64| c.to_bits() == bits.to_bits();
    match op {
        // x + 0.0 is none of these: it turns -0.0 into 0.0.
        Binary::Add if is(-0.0) => Some(x.clone()),
        Binary::Sub if is(0.0) => Some(x.clone()),
        Binary::Mul | Binary::Div if is(1.0) => Some(x.clone()),
        Binary::Mul | Binary::Div if is(-1.0) => Some(Expr::unary(Unary::Neg, x.clone())),
        Binary::Div if is_power_of_two(c) => Some(Expr::binary(
            Binary::Mul,
            x.clone(),
            Expr::constant(1.0 / c),
        )),
        Binary::Min | Binary::Max => match x {
            // Least and greatest are associative, so two constants become one.
            Expr::Binary(inner, y, d) if *inner == op => match d.as_ref() {
                Expr::Const(d) => Some(Expr::binary(
                    op,
                    y.as_ref().clone(),
                    Expr::constant(op.apply(d.get(), c)),
                )),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether `c` and `1 / c` are normal powers of two, so that dividing and multiplying round alike.
fn is_power_of_two(c: f64) -> bool {
    let is_power = |x: f64| x.is_normal() && x.to_bits().trailing_zeros() >= 52;
    is_power(c) && is_power(1.0 / c)
}
