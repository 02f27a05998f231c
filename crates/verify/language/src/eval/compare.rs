//! Comparisons as the language means them: reals by IEEE 754, so that NaN equals nothing.

use std::cmp::Ordering;

use super::{Evaluated, Machine, domain, wrong};
use crate::ast::CompareOp;
use crate::eval::arithmetic::approximate;
use crate::node::{Node, Typed};
use crate::{Error, Value};

impl Machine<'_> {
    /// Each neighbouring pair, until one does not hold. No operand is looked at twice.
    pub(super) fn compare(
        &mut self,
        first: &Typed,
        rest: &[(CompareOp, Typed)],
    ) -> Result<bool, Box<Error>> {
        let mut left = self.eval(first)?;
        for (op, part) in rest {
            if let (CompareOp::In, Node::Range(from, to)) = (op, part.node()) {
                return self.in_range(&left, from, to);
            }
            let right = self.eval(part)?;
            if !self.pair(*op, &left, &right)? {
                return Ok(false);
            }
            left = right;
        }
        Ok(true)
    }

    fn in_range(&mut self, left: &Value, from: &Typed, to: &Typed) -> Result<bool, Box<Error>> {
        self.steps.take(1)?;
        let (from, to) = (self.whole(from)?, self.whole(to)?);
        super::access::span_of_range(from, to)?;
        match left {
            Value::Int(i) => Ok((from..to).contains(i)),
            other => Err(wrong("int", other)),
        }
    }

    /// `left op right`
    #[inline]
    pub(crate) fn pair(
        &mut self,
        op: CompareOp,
        left: &Value,
        right: &Value,
    ) -> Result<bool, Box<Error>> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => Ok(ordered(op, a.partial_cmp(b))),
            (Value::Real(a), Value::Real(b)) => Ok(ordered(op, a.partial_cmp(b))),
            _ => self.other_pair(op, left, right),
        }
    }

    fn other_pair(
        &mut self,
        op: CompareOp,
        left: &Value,
        right: &Value,
    ) -> Result<bool, Box<Error>> {
        match op {
            CompareOp::Equal => self.equal(left, right),
            CompareOp::NotEqual => Ok(!self.equal(left, right)?),
            CompareOp::In => self.contains(right, left),
            _ => {
                let order = match (left, right) {
                    (Value::Text(a), Value::Text(b)) => {
                        self.pay_text(a.len().min(b.len()))?;
                        a.cmp(b)
                    }
                    (Value::Bytes(a), Value::Bytes(b)) => {
                        self.pay_text(a.len().min(b.len()))?;
                        a.cmp(b)
                    }
                    (Value::Duration(a), Value::Duration(b)) | (Value::Size(a), Value::Size(b)) => {
                        a.cmp(b)
                    }
                    _ => return Err(wrong("value of the same ordered type", right)),
                };
                Ok(ordered(op, Some(order)))
            }
        }
    }

    /// `==`
    pub(crate) fn equal(&mut self, left: &Value, right: &Value) -> Result<bool, Box<Error>> {
        #[expect(clippy::float_cmp, reason = "the language's == is IEEE 754's")]
        match (left, right) {
            (Value::Real(a), Value::Real(b)) => Ok(a == b),
            (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
            (Value::Int(a), Value::Int(b))
            | (Value::Duration(a), Value::Duration(b))
            | (Value::Size(a), Value::Size(b)) => Ok(a == b),
            (Value::Text(a), Value::Text(b)) => {
                self.pay_text(a.len().min(b.len()))?;
                Ok(a == b)
            }
            (Value::Bytes(a), Value::Bytes(b)) => {
                self.pay_text(a.len().min(b.len()))?;
                Ok(a == b)
            }
            (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
                self.all_equal(a, b)
            }
            (Value::Record(s, a), Value::Record(t, b)) if s.name == t.name => self.all_equal(a, b),
            (Value::Enum(s, i, a), Value::Enum(t, j, b)) if s.name == t.name => {
                Ok(i == j && self.all_equal(a, b)?)
            }
            (Value::Option(a), Value::Option(b)) => match (a, b) {
                (Some(a), Some(b)) => self.equal(a, b),
                (a, b) => Ok(a.is_none() && b.is_none()),
            },
            (Value::Map(a), Value::Map(b)) => {
                self.pay(a.len().min(b.len()))?;
                if a.len() != b.len() {
                    return Ok(false);
                }
                for ((k, v), (l, w)) in a.iter().zip(b.iter()) {
                    if k != l || !self.equal(v, w)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Err(wrong("value of the same type", right)),
        }
    }

    fn all_equal(&mut self, a: &[Value], b: &[Value]) -> Result<bool, Box<Error>> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (v, w) in a.iter().zip(b) {
            self.steps.take(1)?;
            if !self.equal(v, w)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn approx(
        &mut self,
        left: &Typed,
        right: &Typed,
        tolerance: &Typed,
        relative: bool,
    ) -> Evaluated {
        let (a, b) = (self.eval(left)?, self.eval(right)?);
        let bound = self.eval(tolerance)?;
        self.near(&a, &b, &bound, relative).map(Value::Bool)
    }

    /// Whether two numbers, or two lists pairwise, are no further apart than `tolerance`.
    pub(crate) fn near(
        &mut self,
        a: &Value,
        b: &Value,
        tolerance: &Value,
        relative: bool,
    ) -> Result<bool, Box<Error>> {
        let limit = magnitude(tolerance)?;
        if limit.is_nan() || limit < 0.0 {
            let advice = "give a tolerance of 0 or more";
            return Err(domain("~=", tolerance, advice));
        }
        if let (Value::List(a), Value::List(b)) = (a, b) {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                self.steps.take(1)?;
                if !self.near(a, b, tolerance, relative)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        if let (Some(x), Some(y)) = (whole(a), whole(b)) {
            let apart = x.abs_diff(y);
            return Ok(match whole(tolerance) {
                Some(limit) if !relative => apart <= limit.unsigned_abs(),
                _ => wide(apart) <= limit * wide(x.unsigned_abs().max(y.unsigned_abs())),
            });
        }
        let (x, y) = (magnitude(a)?, magnitude(b)?);
        // Equal infinities have no distance; an infinite one is near nothing else.
        let scale = if relative { x.abs().max(y.abs()) } else { 1.0 };
        #[expect(clippy::float_cmp, reason = "equal is near, whatever the tolerance")]
        let equal = x == y;
        Ok(equal || ((x - y).is_finite() && (x - y).abs() <= limit * scale))
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(i) | Value::Duration(i) | Value::Size(i) => Some(*i),
        _ => None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share of it is compared, not itself"
)]
const fn wide(x: u64) -> f64 {
    x as f64
}

fn magnitude(value: &Value) -> Result<f64, Box<Error>> {
    match (value, whole(value)) {
        (_, Some(i)) => Ok(approximate(i)),
        (Value::Real(x), _) => Ok(*x),
        _ => Err(wrong("number", value)),
    }
}

/// What a comparison says of an order; nothing but `!=` holds of what has none.
#[inline]
const fn ordered(op: CompareOp, order: Option<Ordering>) -> bool {
    match (op, order) {
        (CompareOp::NotEqual, None) => true,
        (_, None) | (CompareOp::In, _) => false,
        (CompareOp::Equal, Some(order)) => order.is_eq(),
        (CompareOp::NotEqual, Some(order)) => order.is_ne(),
        (CompareOp::Less, Some(order)) => order.is_lt(),
        (CompareOp::LessEqual, Some(order)) => order.is_le(),
        (CompareOp::Greater, Some(order)) => order.is_gt(),
        (CompareOp::GreaterEqual, Some(order)) => order.is_ge(),
    }
}
