//! Operators that are no comparisons.

use super::{Evaluated, Machine, wrong};
use crate::ast::BinaryOp;
use crate::node::{Typed, operator};
use crate::{Error, Value};

impl Machine<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, left: &Typed, right: &Typed) -> Evaluated {
        match op {
            BinaryOp::And => Ok(Value::Bool(self.truth(left)? && self.truth(right)?)),
            BinaryOp::Or => Ok(Value::Bool(self.truth(left)? || self.truth(right)?)),
            BinaryOp::Implies => Ok(Value::Bool(!self.truth(left)? || self.truth(right)?)),
            BinaryOp::Equivalent => Ok(Value::Bool(self.truth(left)? == self.truth(right)?)),
            BinaryOp::Concat => {
                let (a, b) = (self.eval(left)?, self.eval(right)?);
                self.concat(&a, &b)
            }
            _ => {
                let (a, b) = (self.eval(left)?, self.eval(right)?);
                calculate(op, &a, &b)
            }
        }
    }
}

/// `a op b` of numbers, durations and sizes.
pub(crate) fn calculate(op: BinaryOp, a: &Value, b: &Value) -> Evaluated {
    use Value::{Duration, Int, Real, Size};
    match (a, b) {
        (Int(x), Int(y)) => whole(op, *x, *y, a, b).map(Int),
        (Real(x), Real(y)) => Ok(Real(match op {
            BinaryOp::Add => x + y,
            BinaryOp::Subtract => x - y,
            BinaryOp::Multiply => x * y,
            BinaryOp::Divide => x / y,
            BinaryOp::Remainder => x % y,
            _ => return Err(wrong("number", a)),
        })),
        (Duration(x), Duration(y)) if op == BinaryOp::Divide => share(*x, *y, a, b),
        (Size(x), Size(y)) if op == BinaryOp::Divide => share(*x, *y, a, b),
        (Duration(x), Duration(y)) if op != BinaryOp::Multiply => {
            whole(op, *x, *y, a, b).map(Duration)
        }
        (Size(x), Size(y)) if op != BinaryOp::Multiply => whole(op, *x, *y, a, b).map(Size),
        (Duration(x), Int(y)) | (Int(y), Duration(x)) => scaled(op, *x, *y, a, b).map(Duration),
        (Size(x), Int(y)) | (Int(y), Size(x)) => scaled(op, *x, *y, a, b).map(Size),
        (Duration(x), Real(y)) | (Real(y), Duration(x)) => {
            stretched(op, *x, *y, a, b).map(Duration)
        }
        (Size(x), Real(y)) | (Real(y), Size(x)) => stretched(op, *x, *y, a, b).map(Size),
        _ => Err(wrong("number of the same kind", b)),
    }
}

#[inline]
fn whole(op: BinaryOp, x: i64, y: i64, a: &Value, b: &Value) -> Result<i64, Box<Error>> {
    let result = match op {
        BinaryOp::Add => x.checked_add(y),
        BinaryOp::Subtract => x.checked_sub(y),
        BinaryOp::Multiply => x.checked_mul(y),
        BinaryOp::Divide | BinaryOp::Remainder if y == 0 => return Err(by_zero(op, a, b)),
        BinaryOp::Divide => x.checked_div(y),
        // The least int by -1 leaves nothing over, though its quotient overflows.
        BinaryOp::Remainder => Some(x.wrapping_rem(y)),
        _ => return Err(wrong("number", a)),
    };
    result.ok_or_else(|| overflow(op, a, b))
}

/// A duration or a size times or by a whole number.
fn scaled(op: BinaryOp, x: i64, y: i64, a: &Value, b: &Value) -> Result<i64, Box<Error>> {
    match (op, b) {
        (BinaryOp::Multiply, _) | (BinaryOp::Divide, Value::Int(_)) => whole(op, x, y, a, b),
        _ => Err(wrong("number of the same kind", b)),
    }
}

/// A duration or a size times or by a real, to the nearest whole.
fn stretched(op: BinaryOp, x: i64, y: f64, a: &Value, b: &Value) -> Result<i64, Box<Error>> {
    let x = approximate(x);
    let result = match (op, b) {
        (BinaryOp::Multiply, _) => x * y,
        (BinaryOp::Divide, Value::Real(0.0)) => return Err(by_zero(op, a, b)),
        (BinaryOp::Divide, Value::Real(_)) => x / y,
        _ => return Err(wrong("number of the same kind", b)),
    };
    to_whole(result.round()).ok_or_else(|| overflow(op, a, b))
}

/// How many times one duration or size the other is.
fn share(x: i64, y: i64, a: &Value, b: &Value) -> Evaluated {
    if y == 0 {
        return Err(by_zero(BinaryOp::Divide, a, b));
    }
    Ok(Value::Real(approximate(x) / approximate(y)))
}

/// `-v`
pub(crate) fn negate(value: Value) -> Evaluated {
    let negated = match value {
        Value::Real(x) => Some(Value::Real(-x)),
        Value::Int(x) => x.checked_neg().map(Value::Int),
        Value::Duration(x) => x.checked_neg().map(Value::Duration),
        Value::Size(x) => x.checked_neg().map(Value::Size),
        _ => return Err(wrong("number", &value)),
    };
    negated.ok_or_else(|| {
        Box::new(Error::Overflow {
            what: format!("-({value})"),
        })
    })
}

/// The nearest real.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest real is what is asked for"
)]
pub(crate) const fn approximate(x: i64) -> f64 {
    x as f64
}

/// A whole real as an int, where it is one of 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn to_whole(x: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (-LIMIT..LIMIT).contains(&x).then_some(x as i64)
}

#[cold]
fn overflow(op: BinaryOp, a: &Value, b: &Value) -> Box<Error> {
    Box::new(Error::Overflow {
        what: format!("{a} {} {b}", operator(op)),
    })
}

#[cold]
fn by_zero(op: BinaryOp, a: &Value, b: &Value) -> Box<Error> {
    Box::new(Error::DivisionByZero {
        what: format!("{a} {} {b}", operator(op)),
    })
}
