//! Functions of numbers, durations and sizes.

use super::arithmetic::{approximate, calculate, negate, to_whole};
use super::{Evaluated, Machine, arity, domain, wrong};
use crate::ast::BinaryOp;
use crate::node::Typed;
use crate::{Error, Type, Unit, Value};

impl Machine<'_> {
    fn one(&mut self, function: &str, a: &[Typed]) -> Evaluated {
        match a {
            [x] => self.eval(x),
            _ => Err(arity(function)),
        }
    }

    fn real_of(&mut self, function: &str, a: &[Typed]) -> Result<f64, Box<Error>> {
        match self.one(function, a)? {
            Value::Real(x) => Ok(x),
            other => Err(wrong("real", &other)),
        }
    }

    /// A real function that has a value from `least` on (NaN gives NaN).
    fn real_from(
        &mut self,
        function: &'static str,
        a: &[Typed],
        least: f64,
        of: fn(f64) -> f64,
    ) -> Evaluated {
        let x = self.real_of(function, a)?;
        if x < least {
            return Err(domain(function, &Value::Real(x), "give 0.0 or more"));
        }
        Ok(Value::Real(of(x)))
    }

    fn whole_real(&mut self, function: &'static str, a: &[Typed], of: fn(f64) -> f64) -> Evaluated {
        match self.one(function, a)? {
            Value::Real(x) => match to_whole(of(x)) {
                Some(whole) => Ok(Value::Int(whole)),
                None => Err(domain(
                    function,
                    &Value::Real(x),
                    "an int is between -2^63 and 2^63 - 1",
                )),
            },
            Value::Int(i) => Ok(Value::Int(i)),
            other => Err(wrong("number", &other)),
        }
    }
}

/// Nothing of that type: where sums begin.
fn zero(type_: &Type) -> Value {
    match type_ {
        Type::Real(_) => Value::Real(0.0),
        Type::Duration => Value::Duration(0),
        Type::Size => Value::Size(0),
        _ => Value::Int(0),
    }
}

pub(crate) fn sum(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    match a {
        [list] => {
            let item = match list.type_() {
                Type::List(item) => zero(item),
                _ => return Err(arity("sum")),
            };
            let elements = m.elements(list)?;
            m.pay(elements.len())?;
            elements
                .iter()
                .try_fold(item, |sum, x| calculate(BinaryOp::Add, &sum, &x))
        }
        [_, lambda] => {
            let mut sum = zero(lambda.type_());
            let (elements, lambda) = m.over("sum", a)?;
            for element in elements.iter() {
                let x = m.apply(lambda, element)?;
                sum = calculate(BinaryOp::Add, &sum, &x)?;
            }
            Ok(sum)
        }
        _ => Err(arity("sum")),
    }
}

pub(crate) fn product(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("product"));
    };
    let one = match list.type_() {
        Type::List(item) if matches!(**item, Type::Real(_)) => Value::Real(1.0),
        _ => Value::Int(1),
    };
    let elements = m.elements(list)?;
    m.pay(elements.len())?;
    elements.iter().try_fold(one, |product, x| {
        calculate(BinaryOp::Multiply, &product, &x)
    })
}

pub(crate) fn mean(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else { return Err(arity("mean")) };
    let items = m.items(list)?;
    m.pay(items.len())?;
    if items.is_empty() {
        return Err(empty("mean"));
    }
    let count = items.len();
    let mut reals = 0.0;
    let mut wholes: i128 = 0;
    for item in items.iter() {
        match item {
            Value::Real(x) => reals += x,
            Value::Int(i) => wholes += i128::from(*i),
            other => return Err(wrong("number", other)),
        }
    }
    Ok(Value::Real(ratio(reals, wholes, count)))
}

#[expect(clippy::cast_precision_loss, reason = "the mean is a real")]
fn ratio(reals: f64, wholes: i128, count: usize) -> f64 {
    (reals + wholes as f64) / count as f64
}

pub(crate) fn median(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("median"));
    };
    let items = m.items(list)?;
    m.pay_sorting(&items)?;
    let mut items = items.to_vec();
    if items
        .iter()
        .any(|x| matches!(x, Value::Real(x) if x.is_nan()))
    {
        return Ok(Value::Real(f64::NAN));
    }
    items.sort();
    let middle = items.len() / 2;
    let at = |i: Option<usize>| match i.and_then(|i| items.get(i)) {
        Some(Value::Real(x)) => Ok(*x),
        Some(Value::Int(i)) => Ok(approximate(*i)),
        Some(other) => Err(wrong("number", other)),
        None => Err(empty("median")),
    };
    let upper = at(Some(middle))?;
    if items.len() % 2 == 1 {
        return Ok(Value::Real(upper));
    }
    // Halves first: the sum of two great ones would overflow.
    Ok(Value::Real(at(middle.checked_sub(1))?.midpoint(upper)))
}

#[cold]
fn empty(function: &'static str) -> Box<Error> {
    let advice = "guard it with `len(…) > 0 =>`";
    domain(function, &Value::list([]), advice)
}

pub(crate) fn abs(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    match m.one("abs", a)? {
        Value::Real(x) => Ok(Value::Real(x.abs())),
        value @ (Value::Int(x) | Value::Duration(x) | Value::Size(x)) => {
            if x < 0 {
                negate(value)
            } else {
                Ok(value)
            }
        }
        other => Err(wrong("number", &other)),
    }
}

pub(crate) fn sign(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let sign = match m.one("sign", a)? {
        Value::Int(x) | Value::Duration(x) | Value::Size(x) => x.signum(),
        Value::Real(x) if x.is_nan() => {
            return Err(domain("sign", &Value::Real(x), "guard it with `is_nan`"));
        }
        Value::Real(x) => i64::from(x > 0.0) - i64::from(x < 0.0),
        other => return Err(wrong("number", &other)),
    };
    Ok(Value::Int(sign))
}

pub(crate) fn sqrt(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.real_from("sqrt", a, 0.0, f64::sqrt)
}

pub(crate) fn ln(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.real_from("ln", a, 0.0, f64::ln)
}

pub(crate) fn log2(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.real_from("log2", a, 0.0, f64::log2)
}

pub(crate) fn log10(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.real_from("log10", a, 0.0, f64::log10)
}

pub(crate) fn exp(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.real_from("exp", a, f64::NEG_INFINITY, f64::exp)
}

pub(crate) fn pow(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [base, exponent] = a else {
        return Err(arity("pow"));
    };
    match (m.eval(base)?, m.eval(exponent)?) {
        (Value::Int(base), Value::Int(exponent)) => {
            if exponent < 0 {
                let advice = "give an exponent of 0 or more, or a real base";
                return Err(domain("pow", &Value::Int(exponent), advice));
            }
            // From 64 on only 0, 1 and -1 do not overflow, and they hang on the parity alone.
            let small = if exponent > 64 {
                64 + exponent % 2
            } else {
                exponent
            };
            let small = u32::try_from(small).unwrap_or(u32::MAX);
            base.checked_pow(small).map(Value::Int).ok_or_else(|| {
                Box::new(Error::Overflow {
                    what: format!("pow({base}, {exponent})"),
                })
            })
        }
        (Value::Real(base), exponent) => {
            let exponent = match exponent {
                Value::Real(x) => x,
                Value::Int(i) => approximate(i),
                other => return Err(wrong("number", &other)),
            };
            let power = base.powf(exponent);
            if power.is_nan() && !base.is_nan() && !exponent.is_nan() {
                let advice = "a negative base needs a whole exponent";
                return Err(domain("pow", &Value::Real(base), advice));
            }
            Ok(Value::Real(power))
        }
        (other, _) => Err(wrong("number", &other)),
    }
}

pub(crate) fn floor(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.whole_real("floor", a, f64::floor)
}

pub(crate) fn ceil(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.whole_real("ceil", a, f64::ceil)
}

pub(crate) fn round(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.whole_real("round", a, f64::round)
}

pub(crate) fn int(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.whole_real("int", a, f64::trunc)
}

pub(crate) fn real(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    match m.one("real", a)? {
        Value::Int(i) => Ok(Value::Real(approximate(i))),
        Value::Real(x) => Ok(Value::Real(x)),
        other => Err(wrong("number", &other)),
    }
}

pub(crate) fn is_nan(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    Ok(Value::Bool(m.real_of("is_nan", a)?.is_nan()))
}

pub(crate) fn is_finite(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    Ok(Value::Bool(m.real_of("is_finite", a)?.is_finite()))
}

pub(crate) fn is_infinite(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    Ok(Value::Bool(m.real_of("is_infinite", a)?.is_infinite()))
}

pub(crate) fn clamp(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [x, low, high] = a else {
        return Err(arity("clamp"));
    };
    let (x, low, high) = (m.eval(x)?, m.eval(low)?, m.eval(high)?);
    let advice = "the lower bound must not be above the upper one";
    match (&x, &low, &high) {
        (Value::Real(v), Value::Real(l), Value::Real(h)) => {
            if l.is_nan() || h.is_nan() || l > h {
                return Err(domain("clamp", &Value::tuple([low, high]), advice));
            }
            Ok(Value::Real(v.clamp(*l, *h)))
        }
        _ => {
            if low > high {
                return Err(domain("clamp", &Value::tuple([low, high]), advice));
            }
            Ok(x.clamp(low, high))
        }
    }
}

pub(crate) fn gcd(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [a, b] = a else { return Err(arity("gcd")) };
    let (a, b) = (m.whole(a)?, m.whole(b)?);
    let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    i64::try_from(x).map(Value::Int).map_err(|_| {
        Box::new(Error::Overflow {
            what: format!("gcd({a}, {b})"),
        })
    })
}

pub(crate) fn plain(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.one("plain", a)
}

/// A number in a unit as a quantity of its dimension, to the nearest nanosecond or byte.
fn quantity(m: &mut Machine<'_>, a: &[Typed], function: &'static str) -> Result<i64, Box<Error>> {
    let unit = match a {
        [x] => unit_of(x.type_()),
        _ => None,
    };
    let factor = unit.map_or(1, Unit::factor);
    let value = m.one(function, a)?;
    let result = match &value {
        Value::Int(i) => i.checked_mul(factor),
        Value::Real(x) => to_whole((x * approximate(factor)).round()),
        other => return Err(wrong("number", other)),
    };
    result.ok_or_else(|| {
        Box::new(Error::Overflow {
            what: format!("{function}({value})"),
        })
    })
}

pub(crate) const fn unit_of(type_: &Type) -> Option<Unit> {
    match type_ {
        Type::Int(unit) | Type::Real(unit) => *unit,
        _ => None,
    }
}

pub(crate) fn to_duration(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    quantity(m, a, "to_duration").map(Value::Duration)
}

pub(crate) fn to_size(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    quantity(m, a, "to_size").map(Value::Size)
}

pub(crate) fn count_of(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    match m.one("nanoseconds", a)? {
        Value::Duration(i) | Value::Size(i) => Ok(Value::Int(i)),
        other => Err(wrong("duration or size", &other)),
    }
}
