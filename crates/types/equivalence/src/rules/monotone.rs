//! Expressions that keep or reverse the order of all numbers, and where they cross a bound.

use crate::pipeline::{Binary, Comparison, Expr, Pred, Unary};

/// What an expression does to the order of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Rising,
    Falling,
}

impl Direction {
    const fn reversed(self) -> Self {
        match self {
            Self::Rising => Self::Falling,
            Self::Falling => Self::Rising,
        }
    }
}

/// How `expr` orders its values; `None` where that is not known.
///
/// Steps of a rounded operation with one constant are monotone because rounding is. None of those accepted here makes a
/// NaN of a number, each makes NaN of NaN, and equal numbers (the two zeros) become equal numbers. `ln`, `exp` and `sqrt`
/// are left out: the platform's need not be monotone, or have NaN below zero.
pub(crate) fn direction(expr: &Expr) -> Option<Direction> {
    match expr {
        Expr::Value => Some(Direction::Rising),
        Expr::Const(_) => None,
        Expr::Unary(Unary::Neg, x) => direction(x).map(Direction::reversed),
        Expr::Unary(Unary::Floor | Unary::Ceil, x) => direction(x),
        Expr::Unary(..) => None,
        Expr::Binary(op, a, b) => match (a.as_ref(), b.as_ref()) {
            (x, Expr::Const(c)) => step(*op, direction(x)?, c.get(), false),
            (Expr::Const(c), x) => step(*op, direction(x)?, c.get(), true),
            _ => None,
        },
    }
}

fn step(op: Binary, x: Direction, c: f64, is_constant_first: bool) -> Option<Direction> {
    let is_scale = c.is_finite() && c != 0.0;
    match op {
        Binary::Add if c.is_finite() => Some(x),
        Binary::Sub if c.is_finite() && is_constant_first => Some(x.reversed()),
        Binary::Sub if c.is_finite() => Some(x),
        Binary::Mul if is_scale => Some(if c < 0.0 { x.reversed() } else { x }),
        Binary::Div if is_scale && !is_constant_first => {
            Some(if c < 0.0 { x.reversed() } else { x })
        }
        Binary::Min | Binary::Max if !c.is_nan() => Some(x),
        _ => None,
    }
}

/// A whole number in the order of [`f64::total_cmp`].
pub(crate) fn key(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ (((bits >> 63).cast_unsigned()) >> 1).cast_signed()
}

/// The number of a key.
pub(crate) fn unkey(key: i64) -> f64 {
    let bits = key ^ (((key >> 63).cast_unsigned()) >> 1).cast_signed();
    f64::from_bits(bits.cast_unsigned())
}

/// The least number, in the order of keys, at which `holds` differs from what it is at `-inf`; `holds` changes at most
/// once from `-inf` to `inf`. 64 evaluations.
fn change(holds: impl Fn(f64) -> bool) -> Option<f64> {
    let (mut low, mut high) = (key(f64::NEG_INFINITY), key(f64::INFINITY));
    let at_start = holds(f64::NEG_INFINITY);
    if holds(f64::INFINITY) == at_start {
        return None;
    }
    while high.abs_diff(low) > 1 {
        let middle = low.midpoint(high);
        if holds(unkey(middle)) == at_start {
            low = middle
        } else {
            high = middle
        }
    }
    Some(unkey(high))
}

/// `value OP bound`, or a constant, that holds of exactly the values of which `op(expr, bound)` does.
pub(super) fn solved(op: Comparison, expr: &Expr, bound: f64) -> Option<Pred> {
    direction(expr)?;
    if *expr == Expr::Value || matches!(op, Comparison::Equal | Comparison::Unequal) {
        return None;
    }
    let holds = |x: f64| op.holds(expr.eval(x), bound);
    let is_at_start = holds(f64::NEG_INFINITY);
    Some(match change(holds) {
        None if is_at_start => Pred::value(Comparison::AtLeast, f64::NEG_INFINITY),
        None => Pred::Always(false),
        Some(first) => {
            let last = unkey(key(first) - 1);
            // The bound with the shorter text is the one a person would write.
            let is_first_nicer = text(first).len() <= text(last).len();
            match (is_at_start, is_first_nicer) {
                (true, true) => Pred::value(Comparison::Less, first),
                (true, false) => Pred::value(Comparison::AtMost, last),
                (false, true) => Pred::value(Comparison::AtLeast, first),
                (false, false) => Pred::value(Comparison::Greater, last),
            }
        }
    })
}

fn text(value: f64) -> String {
    Expr::constant(value).to_string()
}

/// Numbers at which the truth of `pred` may change: between neighbours of them, in the order of keys, it is constant over
/// all numbers. Each is the first of a new stretch. `None` where that is not known.
pub(crate) fn threshold_places(pred: &Pred, into: &mut Vec<f64>) -> Option<()> {
    match pred {
        Pred::Always(_) => Some(()),
        Pred::Not(p) => threshold_places(p, into),
        Pred::And(p, q) | Pred::Or(p, q) => {
            threshold_places(p, into)?;
            threshold_places(q, into)
        }
        Pred::Finite(x) => {
            crossings(x, f64::INFINITY, into)?;
            crossings(x, f64::NEG_INFINITY, into)
        }
        Pred::Compare(_, Expr::Const(_), Expr::Const(_)) => Some(()),
        Pred::Compare(_, x, Expr::Const(c)) | Pred::Compare(_, Expr::Const(c), x) => {
            crossings(x, c.get(), into)
        }
        Pred::Compare(..) => None,
    }
}

/// Where `expr` reaches and where it passes `bound`.
fn crossings(expr: &Expr, bound: f64, into: &mut Vec<f64>) -> Option<()> {
    if matches!(expr, Expr::Const(_)) {
        return Some(());
    }
    direction(expr)?;
    into.extend(change(|x| expr.eval(x) >= bound));
    into.extend(change(|x| expr.eval(x) > bound));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_numbers_and_come_back() {
        let values = [
            f64::NEG_INFINITY,
            -1.5,
            -5e-324,
            -0.0,
            0.0,
            5e-324,
            1.0,
            f64::INFINITY,
        ];
        for pair in values.windows(2) {
            assert!(key(pair[0]) < key(pair[1]));
        }
        for v in values {
            assert_eq!(unkey(key(v)).to_bits(), v.to_bits());
        }
    }
}
