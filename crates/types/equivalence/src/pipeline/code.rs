//! Expressions and predicates in the form that is run: the usual shapes without a walk.

use super::{Binary, Comparison, Expr, Pred};

/// An expression to run.
#[derive(Debug, Clone)]
pub(super) enum Code {
    Value,
    Const(f64),
    /// `value OP c`.
    ValueConst(Binary, f64),
    /// `c OP value`.
    ConstValue(Binary, f64),
    Tree(Expr),
}

impl Code {
    pub(super) fn of(expr: &Expr) -> Self {
        match expr {
            Expr::Value => Self::Value,
            Expr::Const(c) => Self::Const(c.get()),
            Expr::Binary(op, a, b) => match (a.as_ref(), b.as_ref()) {
                (Expr::Value, Expr::Const(c)) => Self::ValueConst(*op, c.get()),
                (Expr::Const(c), Expr::Value) => Self::ConstValue(*op, c.get()),
                _ => Self::Tree(expr.clone()),
            },
            Expr::Unary(..) => Self::Tree(expr.clone()),
        }
    }

    #[inline]
    pub(super) fn eval(&self, value: f64) -> f64 {
        match self {
            Self::Value => value,
            Self::Const(c) => *c,
            Self::ValueConst(op, c) => op.apply(value, *c),
            Self::ConstValue(op, c) => op.apply(*c, value),
            Self::Tree(expr) => expr.eval(value),
        }
    }
}

/// A predicate to run.
#[derive(Debug, Clone)]
pub(super) enum Test {
    /// `value OP c`.
    ValueConst(Comparison, f64),
    Tree(Pred),
}

impl Test {
    pub(super) fn of(pred: &Pred) -> Self {
        match pred {
            Pred::Compare(op, Expr::Value, Expr::Const(c)) => Self::ValueConst(*op, c.get()),
            Pred::Compare(op, Expr::Const(c), Expr::Value) => {
                Self::ValueConst(op.flipped(), c.get())
            }
            _ => Self::Tree(pred.clone()),
        }
    }

    #[inline]
    pub(super) fn holds(&self, value: f64) -> bool {
        match self {
            Self::ValueConst(op, c) => op.holds(value, *c),
            Self::Tree(pred) => pred.holds(value),
        }
    }
}
