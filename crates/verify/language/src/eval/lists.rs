//! Functions that cut lists and put them together.

use super::access::within;
use super::logic::{number, option};
use super::{Evaluated, MAX_ELEMENTS, Machine, arity, domain, wrong};
use crate::node::Typed;
use crate::{Error, Value};

pub(crate) fn len(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [of] = a else { return Err(arity("len")) };
    let length = match m.eval(of)? {
        Value::List(items) => items.len(),
        Value::Text(text) => {
            m.pay_text(text.len())?;
            text.chars().count()
        }
        Value::Bytes(bytes) => bytes.len(),
        Value::Map(map) => map.len(),
        other => return Err(wrong("list, text, bytes or map", &other)),
    };
    Ok(number(length))
}

pub(crate) fn reversed(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("reversed"));
    };
    let items = m.items(list)?;
    m.pay(items.len())?;
    Ok(Value::List(items.iter().rev().cloned().collect()))
}

pub(crate) fn zip(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [a, b] = a else { return Err(arity("zip")) };
    let (a, b) = (m.items(a)?, m.items(b)?);
    m.pay(a.len().min(b.len()))?;
    let pairs = a.iter().zip(b.iter());
    Ok(Value::list(
        pairs.map(|(x, y)| Value::tuple([x.clone(), y.clone()])),
    ))
}

pub(crate) fn enumerate(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("enumerate"));
    };
    let items = m.items(list)?;
    m.pay(items.len())?;
    let pairs = items.iter().enumerate();
    Ok(Value::list(
        pairs.map(|(i, x)| Value::tuple([number(i), x.clone()])),
    ))
}

/// A count that is 0 or more; more than there is is all there is.
fn at_most(function: &'static str, n: i64, length: usize) -> Result<usize, Box<Error>> {
    if n < 0 {
        return Err(domain(function, &Value::Int(n), "give 0 or more"));
    }
    Ok(usize::try_from(n).unwrap_or(usize::MAX).min(length))
}

pub(crate) fn take(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list, n] = a else {
        return Err(arity("take"));
    };
    let (items, n) = (m.items(list)?, m.whole(n)?);
    let n = at_most("take", n, items.len())?;
    m.pay(n)?;
    Ok(Value::list_of(items.get(..n).unwrap_or_default()))
}

pub(crate) fn drop(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list, n] = a else {
        return Err(arity("drop"));
    };
    let (items, n) = (m.items(list)?, m.whole(n)?);
    let n = at_most("drop", n, items.len())?;
    m.pay(items.len() - n)?;
    Ok(Value::list_of(items.get(n..).unwrap_or_default()))
}

pub(crate) fn first(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else {
        return Err(arity("first"));
    };
    Ok(option(m.items(list)?.first().cloned()))
}

pub(crate) fn last(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list] = a else { return Err(arity("last")) };
    Ok(option(m.items(list)?.last().cloned()))
}

/// Every run of neighbours, or runs one after the other.
fn runs(m: &mut Machine<'_>, a: &[Typed], function: &'static str, overlap: bool) -> Evaluated {
    let [list, n] = a else {
        return Err(arity(function));
    };
    let (items, n) = (m.items(list)?, m.whole(n)?);
    if n < 1 {
        return Err(domain(function, &Value::Int(n), "give 1 or more"));
    }
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    if overlap {
        let count = (items.len() + 1).saturating_sub(n);
        m.pay(count.saturating_mul(n))?;
        Ok(Value::list(items.windows(n).map(Value::list_of)))
    } else {
        m.pay(items.len())?;
        Ok(Value::list(items.chunks(n).map(Value::list_of)))
    }
}

pub(crate) fn windows(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    runs(m, a, "windows", true)
}

pub(crate) fn chunks(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    runs(m, a, "chunks", false)
}

pub(crate) fn range_step(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [from, to, step] = a else {
        return Err(arity("range_step"));
    };
    let (from, to, step) = (m.whole(from)?, m.whole(to)?, m.whole(step)?);
    if step == 0 {
        return Err(domain(
            "range_step",
            &Value::Int(0),
            "give a step that is not 0",
        ));
    }
    let distance = i128::from(to) - i128::from(from);
    let step_wide = i128::from(step);
    let count = if (distance > 0) == (step > 0) && distance != 0 {
        (distance.abs() - 1) / step_wide.abs() + 1
    } else {
        0
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    m.pay(within(count, MAX_ELEMENTS, "range")?)?;
    let numbers = std::iter::successors(Some(from), |x| x.checked_add(step));
    Ok(Value::list(numbers.take(count).map(Value::Int)))
}
