//! Functions that ask every element of a list, and those that look at whether there is a value at all.

use std::sync::Arc;

use super::access::{span_of_range, within};
use super::{Evaluated, MAX_ELEMENTS, Machine, arity, wrong};
use crate::node::{Lambda, Node, Typed};
use crate::{Error, Value};

/// The elements of a list; those of a range are never built.
pub(crate) enum Elements {
    List(Arc<[Value]>),
    Range(i64, usize),
}

impl Elements {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Range(_, length) => *length,
        }
    }

    #[inline]
    pub(crate) fn get(&self, i: usize) -> Option<Value> {
        match self {
            Self::List(items) => items.get(i).cloned(),
            Self::Range(from, length) if i < *length => {
                let offset = i64::try_from(i).ok()?;
                from.checked_add(offset).map(Value::Int)
            }
            Self::Range(..) => None,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.len()).filter_map(|i| self.get(i))
    }
}

impl Machine<'_> {
    pub(crate) fn elements(&mut self, typed: &Typed) -> Result<Elements, Box<Error>> {
        if let Node::Range(from, to) = typed.node() {
            self.steps.take(1)?;
            let (from, to) = (self.whole(from)?, self.whole(to)?);
            return Ok(Elements::Range(from, span_of_range(from, to)?));
        }
        match self.eval(typed)? {
            Value::List(items) => Ok(Elements::List(items)),
            other => Err(wrong("list", &other)),
        }
    }

    pub(crate) fn items(&mut self, typed: &Typed) -> Result<Arc<[Value]>, Box<Error>> {
        match self.eval(typed)? {
            Value::List(items) => Ok(items),
            other => Err(wrong("list", &other)),
        }
    }

    /// Where the first element stands for which the test says `wanted`.
    fn first_where(
        &mut self,
        function: &str,
        arguments: &[Typed],
        wanted: bool,
    ) -> Result<Option<usize>, Box<Error>> {
        let (elements, lambda) = self.over(function, arguments)?;
        for i in 0..elements.len() {
            let Some(element) = elements.get(i) else {
                break;
            };
            if self.test(lambda, element)? == wanted {
                return Ok(Some(i));
            }
        }
        Ok(None)
    }

    /// The elements of the first argument and the lambda that is the second.
    pub(crate) fn over<'b>(
        &mut self,
        function: &str,
        arguments: &'b [Typed],
    ) -> Result<(Elements, &'b Lambda), Box<Error>> {
        match arguments {
            [list, lambda] => Ok((self.elements(list)?, as_lambda(function, lambda)?)),
            _ => Err(arity(function)),
        }
    }
}

pub(crate) fn as_lambda<'b>(function: &str, typed: &'b Typed) -> Result<&'b Lambda, Box<Error>> {
    match typed.node() {
        Node::Lambda(lambda) => Ok(lambda),
        _ => Err(arity(function)),
    }
}

/// A length or a position as a value.
pub(crate) fn number(i: usize) -> Value {
    Value::Int(i64::try_from(i).unwrap_or(i64::MAX))
}

pub(crate) fn option(value: Option<Value>) -> Value {
    value.map_or(Value::none(), Value::some)
}

pub(crate) fn all(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    Ok(Value::Bool(m.first_where("all", a, false)?.is_none()))
}

pub(crate) fn any(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    Ok(Value::Bool(m.first_where("any", a, true)?.is_some()))
}

pub(crate) fn position(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    Ok(option(m.first_where("position", a, true)?.map(number)))
}

pub(crate) fn count(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let (elements, lambda) = m.over("count", a)?;
    let mut passed = 0_usize;
    for element in elements.iter() {
        passed += usize::from(m.test(lambda, element)?);
    }
    Ok(number(passed))
}

pub(crate) fn filter(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let (elements, lambda) = m.over("filter", a)?;
    let mut kept = Vec::new();
    for element in elements.iter() {
        if m.test(lambda, element.clone())? {
            kept.push(element);
        }
    }
    m.pay(kept.len())?;
    Ok(Value::List(kept.into()))
}

pub(crate) fn map(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let (elements, lambda) = m.over("map", a)?;
    m.pay(elements.len())?;
    let mut made = Vec::with_capacity(elements.len());
    for element in elements.iter() {
        made.push(m.apply(lambda, element)?);
    }
    Ok(Value::List(made.into()))
}

pub(crate) fn flat_map(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let (elements, lambda) = m.over("flat_map", a)?;
    let mut made = Vec::new();
    for element in elements.iter() {
        match m.apply(lambda, element)? {
            Value::List(items) => {
                within(made.len() + items.len(), MAX_ELEMENTS, "list")?;
                m.pay(items.len())?;
                made.extend(items.iter().cloned());
            }
            other => return Err(wrong("list", &other)),
        }
    }
    Ok(Value::List(made.into()))
}

pub(crate) fn fold(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [list, start, lambda] = a else {
        return Err(arity("fold"));
    };
    let elements = m.elements(list)?;
    let mut value = m.eval(start)?;
    let lambda = as_lambda("fold", lambda)?;
    for element in elements.iter() {
        let mark = m.mark();
        m.push(value);
        m.push(element);
        value = m.eval(&lambda.body)?;
        m.reset(mark);
    }
    Ok(value)
}

/// Errors that say something about the value; the others say that there was no evaluation.
const fn of_the_value(error: &Error) -> bool {
    matches!(
        error,
        Error::Overflow { .. }
            | Error::DivisionByZero { .. }
            | Error::OutOfRange { .. }
            | Error::Domain { .. }
    )
}

/// The value, or none where the expression has none.
fn attempt(m: &mut Machine<'_>, typed: &Typed) -> Result<Option<Value>, Box<Error>> {
    let mark = m.mark();
    match m.eval(typed) {
        Ok(value) => Ok(Some(value)),
        Err(error) if of_the_value(&error) => {
            m.reset(mark);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn defined(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    match a {
        [e] => Ok(Value::Bool(attempt(m, e)?.is_some())),
        _ => Err(arity("defined")),
    }
}

pub(crate) fn default(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [e, otherwise] = a else {
        return Err(arity("default"));
    };
    // Of an option the inner value is asked for, unless the way out is an option of the same type.
    let unwrap = e.type_() != otherwise.type_();
    match attempt(m, e)? {
        Some(Value::Option(Some(inner))) if unwrap => Ok((*inner).clone()),
        Some(Value::Option(None)) if unwrap => m.eval(otherwise),
        Some(value) => Ok(value),
        None => m.eval(otherwise),
    }
}

pub(crate) fn is_some(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    present(m, a).map(Value::Bool)
}

pub(crate) fn is_none(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    present(m, a).map(|is| Value::Bool(!is))
}

fn present(m: &mut Machine<'_>, a: &[Typed]) -> Result<bool, Box<Error>> {
    match a {
        [e] => match m.eval(e)? {
            Value::Option(inner) => Ok(inner.is_some()),
            other => Err(wrong("option", &other)),
        },
        _ => Err(arity("is_some")),
    }
}

pub(crate) fn same(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [a, b] = a else { return Err(arity("same")) };
    let (a, b) = (m.eval(a)?, m.eval(b)?);
    m.pay_value(&a)?;
    Ok(Value::Bool(a == b))
}
