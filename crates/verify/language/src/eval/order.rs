//! Functions that put elements in order or tell which are the same.
//!
//! The order is total: that of [`Value`], in which `-0.0` and `0.0` are level at the top of a list of reals and NaN
//! stands after everything. Sameness is identity, so that NaN is the same as itself.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::logic::{as_lambda, number};
use super::{Evaluated, Machine, arity, domain, wrong};
use crate::node::Typed;
use crate::{Error, Value};

/// The order of `sorted`.
pub(crate) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Real(x), Value::Real(y)) => x
            .partial_cmp(y)
            .unwrap_or_else(|| x.is_nan().cmp(&y.is_nan())),
        _ => a.cmp(b),
    }
}

pub(crate) fn sorted(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("sorted"));
    };
    let items = m.items(list)?;
    m.pay_sorting(&items)?;
    let mut items = items.to_vec();
    items.sort_by(order);
    Ok(Value::List(items.into()))
}

pub(crate) fn sorted_by(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list, lambda] = a else {
        return Err(arity("sorted_by"));
    };
    let items = m.items(list)?;
    let lambda = as_lambda("sorted_by", lambda)?;
    let mut keyed = Vec::with_capacity(items.len());
    let mut keys = Vec::with_capacity(items.len());
    for item in items.iter() {
        let key = m.apply(lambda, item.clone())?;
        keys.push(key.clone());
        keyed.push((key, item.clone()));
    }
    m.pay_sorting(&keys)?;
    keyed.sort_by(|(a, _), (b, _)| order(a, b));
    Ok(Value::list(keyed.into_iter().map(|(_, item)| item)))
}

/// Where the first pair stands that is out of order.
pub(crate) fn disorder(items: &[Value]) -> Option<usize> {
    items
        .windows(2)
        .position(|pair| matches!(pair, [a, b] if order(a, b).is_gt()))
}

pub(crate) fn is_sorted(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("is_sorted"));
    };
    let list = m.eval(list)?;
    m.pay_value(&list)?;
    match list {
        Value::List(items) => Ok(Value::Bool(disorder(&items).is_none())),
        other => Err(wrong("list", &other)),
    }
}

pub(crate) fn distinct(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("distinct"));
    };
    let items = m.items(list)?;
    m.pay_sorting(&items)?;
    let mut seen = BTreeSet::new();
    let kept = items.iter().filter(|item| seen.insert(*item)).cloned();
    Ok(Value::list(kept))
}

/// The first element that was there before, with both places.
pub(crate) fn repeated(items: &[Value]) -> Option<(usize, usize)> {
    let mut seen = std::collections::BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        if let Some(before) = seen.insert(item, i) {
            return Some((before, i));
        }
    }
    None
}

pub(crate) fn unique(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("unique"));
    };
    let items = m.items(list)?;
    m.pay_sorting(&items)?;
    Ok(Value::Bool(repeated(&items).is_none()))
}

pub(crate) fn permutation(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [a, b] = a else {
        return Err(arity("permutation"));
    };
    let (a, b) = (m.items(a)?, m.items(b)?);
    if a.len() != b.len() {
        return Ok(Value::Bool(false));
    }
    let (a, b) = (m.counts(&a)?, m.counts(&b)?);
    Ok(Value::Bool(a == b))
}

pub(crate) fn subset(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [a, b] = a else {
        return Err(arity("subset"));
    };
    let (a, b) = (m.items(a)?, m.items(b)?);
    let (a, b) = (m.counts(&a)?, m.counts(&b)?);
    Ok(Value::Bool(a.keys().all(|key| b.contains_key(key))))
}

/// Which of two quantities `min` (`max`) keeps: NaN before all, then the lesser (greater), then the first.
fn better(a: &Value, b: &Value, least: bool) -> Result<bool, Box<Error>> {
    let order = match (a, b) {
        (Value::Real(x), Value::Real(y)) => {
            if x.is_nan() || y.is_nan() {
                return Ok(y.is_nan() && !x.is_nan());
            }
            // -0.0 is less than 0.0 here, so that the result does not hang on the order of the list.
            x.total_cmp(y)
        }
        (Value::Int(x), Value::Int(y))
        | (Value::Duration(x), Value::Duration(y))
        | (Value::Size(x), Value::Size(y)) => x.cmp(y),
        _ => return Err(wrong("quantity of the same type", b)),
    };
    Ok(if least { order.is_gt() } else { order.is_lt() })
}

fn extreme(items: &[Value], least: bool) -> Result<Option<usize>, Box<Error>> {
    let mut best: Option<(usize, &Value)> = None;
    for (i, item) in items.iter().enumerate() {
        let replace = match best {
            Some((_, kept)) => better(kept, item, least)?,
            None => true,
        };
        if replace {
            best = Some((i, item));
        }
    }
    Ok(best.map(|(i, _)| i))
}

fn select(m: &mut Machine<'_>, a: &[Typed], function: &'static str, least: bool) -> Evaluated {
    let items = match a {
        [list] => m.items(list)?,
        many => m.parts(many)?.into(),
    };
    m.pay(items.len())?;
    match extreme(&items, least)?.and_then(|i| items.get(i)) {
        Some(value) => Ok(value.clone()),
        None => Err(domain(
            function,
            &Value::List(items),
            "guard it with `len(…) > 0 =>`",
        )),
    }
}

fn place(m: &mut Machine<'_>, a: &[Typed], function: &'static str, least: bool) -> Evaluated {
    let [list] = a else {
        return Err(arity(function));
    };
    let items = m.items(list)?;
    m.pay(items.len())?;
    match extreme(&items, least)? {
        Some(i) => Ok(number(i)),
        None => Err(domain(
            function,
            &Value::List(items),
            "guard it with `len(…) > 0 =>`",
        )),
    }
}

pub(crate) fn min(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    select(m, a, "min", true)
}

pub(crate) fn max(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    select(m, a, "max", false)
}

pub(crate) fn argmin(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    place(m, a, "argmin", true)
}

pub(crate) fn argmax(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    place(m, a, "argmax", false)
}
