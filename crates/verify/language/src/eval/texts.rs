//! Functions of texts and bytes, and those that lists share with them. Positions count Unicode scalar values.

use std::sync::Arc;

use super::access::within;
use super::logic::{number, option};
use super::{Evaluated, MAX_ELEMENTS, Machine, arity, domain, wrong};
use crate::node::Typed;
use crate::{Error, Value};

impl Machine<'_> {
    fn text(&mut self, typed: &Typed) -> Result<Arc<str>, Box<Error>> {
        match self.eval(typed)? {
            Value::Text(text) => {
                self.pay_text(text.len())?;
                Ok(text)
            }
            other => Err(wrong("text", &other)),
        }
    }

    fn two(&mut self, function: &str, a: &[Typed]) -> Result<(Value, Value), Box<Error>> {
        let [a, b] = a else {
            return Err(arity(function));
        };
        Ok((self.eval(a)?, self.eval(b)?))
    }

    fn ends(&mut self, function: &str, a: &[Typed], start: bool) -> Evaluated {
        let holds = match self.two(function, a)? {
            (Value::Text(text), Value::Text(part)) => {
                self.pay_text(part.len())?;
                if start {
                    text.starts_with(&*part)
                } else {
                    text.ends_with(&*part)
                }
            }
            (Value::List(items), Value::List(part)) => {
                let range = items.len().checked_sub(part.len());
                let range = range.and_then(|rest| {
                    if start {
                        items.get(..part.len())
                    } else {
                        items.get(rest..)
                    }
                });
                match range {
                    Some(range) => self.equal(&Value::list_of(range), &Value::List(part))?,
                    None => false,
                }
            }
            (Value::Bytes(bytes), Value::Bytes(part)) => {
                self.pay_text(part.len())?;
                if start {
                    bytes.starts_with(&part)
                } else {
                    bytes.ends_with(&part)
                }
            }
            (_, other) => return Err(wrong("text, bytes or list", &other)),
        };
        Ok(Value::Bool(holds))
    }

    fn texts<'b>(&mut self, parts: impl Iterator<Item = &'b str>) -> Evaluated {
        let mut list = Vec::new();
        for part in parts {
            self.pay(1)?;
            within(list.len() + 1, MAX_ELEMENTS, "list")?;
            list.push(Value::text(part));
        }
        Ok(Value::List(list.into()))
    }
}

pub(crate) fn contains(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let (of, element) = m.two("contains", a)?;
    Ok(Value::Bool(m.contains(&of, &element)?))
}

pub(crate) fn starts_with(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.ends("starts_with", a, true)
}

pub(crate) fn ends_with(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    m.ends("ends_with", a, false)
}

pub(crate) fn index_of(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let place = match m.two("index_of", a)? {
        (Value::Text(text), Value::Text(part)) => {
            m.pay_text(text.len())?;
            let at = text.find(&*part);
            at.and_then(|at| text.get(..at)).map(|s| s.chars().count())
        }
        (Value::List(items), element) => m.find(&items, &element)?,
        (other, _) => return Err(wrong("list or text", &other)),
    };
    Ok(option(place.map(number)))
}

pub(crate) fn split(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [text, separator] = a else {
        return Err(arity("split"));
    };
    let (text, separator) = (m.text(text)?, m.text(separator)?);
    if separator.is_empty() {
        return Err(domain(
            "split",
            &Value::Text(separator),
            "use chars(text) for single characters",
        ));
    }
    m.texts(text.split(&*separator))
}

pub(crate) fn join(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [parts, separator] = a else {
        return Err(arity("join"));
    };
    let (parts, separator) = (m.items(parts)?, m.text(separator)?);
    let mut joined = String::new();
    for (i, part) in parts.iter().enumerate() {
        let Value::Text(part) = part else {
            return Err(wrong("text", part));
        };
        let before = if i > 0 { &*separator } else { "" };
        let length = joined.len() + before.len() + part.len();
        within(length, 16 * MAX_ELEMENTS, "text")?;
        m.steps.take(1)?;
        m.pay_text(before.len() + part.len())?;
        joined.push_str(before);
        joined.push_str(part);
    }
    Ok(Value::text(joined))
}

pub(crate) fn lower(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [text] = a else {
        return Err(arity("lower"));
    };
    Ok(Value::text(m.text(text)?.to_lowercase()))
}

pub(crate) fn upper(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [text] = a else {
        return Err(arity("upper"));
    };
    Ok(Value::text(m.text(text)?.to_uppercase()))
}

pub(crate) fn trim(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [text] = a else { return Err(arity("trim")) };
    Ok(Value::text(m.text(text)?.trim()))
}

pub(crate) fn chars(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [text] = a else {
        return Err(arity("chars"));
    };
    let text = m.text(text)?;
    let mut buffer = [0; 4];
    let mut list = Vec::new();
    for c in text.chars() {
        m.pay(1)?;
        within(list.len() + 1, MAX_ELEMENTS, "list")?;
        list.push(Value::text(&*c.encode_utf8(&mut buffer)));
    }
    Ok(Value::List(list.into()))
}

pub(crate) fn utf8(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [text] = a else { return Err(arity("utf8")) };
    Ok(Value::bytes(m.text(text)?.as_bytes()))
}

pub(crate) fn from_utf8(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [bytes] = a else {
        return Err(arity("from_utf8"));
    };
    match m.eval(bytes)? {
        Value::Bytes(bytes) => {
            m.pay_text(bytes.len())?;
            Ok(option(std::str::from_utf8(&bytes).ok().map(Value::text)))
        }
        other => Err(wrong("bytes", &other)),
    }
}

pub(crate) fn to_text(m: &mut Machine<'_>, a: &[Typed]) -> Evaluated {
    let [of] = a else {
        return Err(arity("to_text"));
    };
    match m.eval(of)? {
        Value::Text(text) => Ok(Value::Text(text)),
        other => {
            m.pay_value(&other)?;
            let text = other.to_string();
            within(text.len(), 16 * MAX_ELEMENTS, "text")?;
            Ok(Value::text(text))
        }
    }
}
