//! Parts of values, and values made of parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Evaluated, MAX_ELEMENTS, Machine, wrong};
use crate::node::{Node, Typed};
use crate::{Error, Value};

impl Machine<'_> {
    /// Steps for so many elements.
    #[inline]
    pub(crate) fn pay(&mut self, elements: usize) -> Result<(), Box<Error>> {
        self.steps.take(u64::try_from(elements).unwrap_or(u64::MAX))
    }

    /// Steps for so many bytes of a text.
    #[inline]
    pub(crate) fn pay_text(&mut self, bytes: usize) -> Result<(), Box<Error>> {
        self.pay(bytes / 64)
    }

    /// Steps for all of a value.
    pub(crate) fn pay_value(&mut self, value: &Value) -> Result<(), Box<Error>> {
        match value {
            Value::List(parts)
            | Value::Tuple(parts)
            | Value::Record(_, parts)
            | Value::Enum(_, _, parts) => {
                self.pay(parts.len())?;
                parts.iter().try_for_each(|part| self.pay_value(part))
            }
            Value::Map(map) => {
                self.pay(map.len())?;
                map.iter().try_for_each(|(key, value)| {
                    self.pay_value(key)?;
                    self.pay_value(value)
                })
            }
            Value::Option(Some(inner)) => self.pay_value(inner),
            Value::Text(text) => self.pay_text(text.len()),
            Value::Bytes(bytes) => self.pay_text(bytes.len()),
            _ => Ok(()),
        }
    }

    /// The value behind a name, where the part is one: nothing has to be cloned to look inside.
    #[inline]
    fn borrowed(&self, typed: &Typed) -> Option<&Value> {
        match typed.node() {
            Node::Place(place) => self.scope.get(place).ok(),
            Node::Local(local) => self.local(local.index),
            _ => None,
        }
    }

    pub(super) fn index(&mut self, of: &Typed, index: &Typed) -> Evaluated {
        if let Value::List(_) | Value::Bytes(_) = self.borrowed(of).unwrap_or(&Value::Bool(false)) {
            self.steps.take(1)?;
            let at = self.eval(index)?;
            return match self.borrowed(of) {
                Some(value) => element(value, &at),
                None => Err(wrong("list", &at)),
            };
        }
        let of = self.eval(of)?;
        let at = self.eval(index)?;
        if let (Value::Text(text), Value::Int(i)) = (&of, &at) {
            self.pay_text(text.len())?;
            let place = usize::try_from(*i).ok();
            let range = place.and_then(|i| text_range(text, i, i.checked_add(1)?));
            return match range {
                Some(one) => Ok(Value::text(one)),
                None => Err(outside(&at, &of)),
            };
        }
        element(&of, &at)
    }

    pub(super) fn member(&mut self, of: &Typed, number: usize) -> Evaluated {
        let part = |value: &Value| match value {
            Value::Record(_, parts) | Value::Tuple(parts) => parts.get(number).cloned(),
            _ => None,
        };
        if let Some(found) = self.borrowed(of).and_then(part) {
            self.steps.take(1)?;
            return Ok(found);
        }
        let value = self.eval(of)?;
        part(&value).ok_or_else(|| wrong("record or tuple with that part", &value))
    }

    pub(super) fn slice(
        &mut self,
        of: &Typed,
        from: Option<&Typed>,
        to: Option<&Typed>,
    ) -> Evaluated {
        let of = self.eval(of)?;
        let from = match from {
            Some(from) => self.whole(from)?,
            None => 0,
        };
        let to = match to {
            Some(to) => Some(self.whole(to)?),
            None => None,
        };
        let range = || match to {
            Some(to) => Some((usize::try_from(from).ok()?, usize::try_from(to).ok()?)),
            None => Some((usize::try_from(from).ok()?, usize::MAX)),
        };
        let found = match &of {
            Value::List(items) => {
                let items = range().and_then(|(a, b)| items.get(a..end(b, items.len())));
                self.pay(items.map_or(0, <[Value]>::len))?;
                items.map(Value::list_of)
            }
            Value::Bytes(bytes) => {
                let bytes = range().and_then(|(a, b)| bytes.get(a..end(b, bytes.len())));
                self.pay_text(bytes.map_or(0, <[u8]>::len))?;
                bytes.map(Value::bytes)
            }
            Value::Text(text) => {
                self.pay_text(text.len())?;
                let text = range().and_then(|(a, b)| text_range(text, a, b));
                text.map(Value::text)
            }
            _ => return Err(wrong("list, text or bytes", &of)),
        };
        found.ok_or_else(|| {
            let to = to.map_or_else(String::new, |to| to.to_string());
            Box::new(Error::OutOfRange {
                index: format!("{from}..{to}"),
                what: described(&of),
            })
        })
    }

    pub(super) fn range(&mut self, from: &Typed, to: &Typed) -> Evaluated {
        let (from, to) = (self.whole(from)?, self.whole(to)?);
        self.pay(span_of_range(from, to)?)?;
        Ok(Value::List((from..to).map(Value::Int).collect()))
    }

    pub(super) fn map_of(&mut self, entries: &[(Typed, Typed)]) -> Evaluated {
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            let entry = (self.eval(key)?, self.eval(value)?);
            map.insert(entry.0, entry.1);
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// `a ++ b`
    pub(super) fn concat(&mut self, a: &Value, b: &Value) -> Evaluated {
        match (a, b) {
            (Value::List(a), Value::List(b)) => {
                let length = within(a.len().saturating_add(b.len()), MAX_ELEMENTS, "list")?;
                self.pay(length)?;
                Ok(Value::List(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Value::Text(a), Value::Text(b)) => {
                let length = within(a.len().saturating_add(b.len()), 16 * MAX_ELEMENTS, "text")?;
                self.pay_text(length)?;
                Ok(Value::text([&**a, &**b].concat()))
            }
            (Value::Bytes(a), Value::Bytes(b)) => {
                let length = within(a.len().saturating_add(b.len()), 16 * MAX_ELEMENTS, "bytes")?;
                self.pay_text(length)?;
                Ok(Value::bytes([&**a, &**b].concat()))
            }
            _ => Err(wrong("list, text or bytes of the same type", b)),
        }
    }

    /// Whether `element` is in `of`: a list, the keys of a map, a text inside a text.
    pub(crate) fn contains(&mut self, of: &Value, element: &Value) -> Result<bool, Box<Error>> {
        match (of, element) {
            (Value::List(items), _) => Ok(self.find(items, element)?.is_some()),
            (Value::Map(map), key) => {
                self.pay_value(key)?;
                Ok(map.contains_key(key))
            }
            (Value::Text(text), Value::Text(part)) => {
                self.pay_text(text.len())?;
                Ok(text.contains(&**part))
            }
            (Value::Bytes(bytes), Value::Int(i)) => {
                self.pay_text(bytes.len())?;
                Ok(u8::try_from(*i).is_ok_and(|byte| bytes.contains(&byte)))
            }
            _ => Err(wrong("list, map or text", of)),
        }
    }

    /// Where an equal element stands first.
    pub(crate) fn find(
        &mut self,
        items: &[Value],
        element: &Value,
    ) -> Result<Option<usize>, Box<Error>> {
        for (i, item) in items.iter().enumerate() {
            self.steps.take(1)?;
            if self.equal(item, element)? {
                return Ok(Some(i));
            }
        }
        Ok(None)
    }
}

impl Value {
    pub(crate) fn list_of(items: &[Self]) -> Self {
        Self::List(items.into())
    }
}

/// The end of a slice: the length when none was written.
const fn end(to: usize, length: usize) -> usize {
    if to == usize::MAX { length } else { to }
}

/// How many numbers a range holds.
pub(crate) fn span_of_range(from: i64, to: i64) -> Result<usize, Box<Error>> {
    let length = i128::from(to) - i128::from(from);
    let length = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
    within(length, MAX_ELEMENTS, "range")
}

/// A length that may be built.
pub(crate) fn within(length: usize, limit: usize, what: &str) -> Result<usize, Box<Error>> {
    if length <= limit {
        return Ok(length);
    }
    Err(Box::new(Error::TooLong {
        what: format!("a {what} of {length} elements"),
        limit,
    }))
}

fn element(of: &Value, at: &Value) -> Evaluated {
    let place = match at {
        Value::Int(i) => usize::try_from(*i).ok(),
        _ => None,
    };
    let found = match of {
        Value::List(items) => place.and_then(|i| items.get(i)).cloned(),
        Value::Bytes(bytes) => place
            .and_then(|i| bytes.get(i))
            .map(|byte| Value::Int(i64::from(*byte))),
        Value::Map(map) => map.get(at).cloned(),
        _ => return Err(wrong("list, text, bytes or map", of)),
    };
    found.ok_or_else(|| outside(at, of))
}

/// The part of a text between two positions, counted in Unicode scalar values; a `to` of `usize::MAX` is the end.
pub(crate) fn text_range(text: &str, from: usize, to: usize) -> Option<&str> {
    if to != usize::MAX && from > to {
        return None;
    }
    if text.is_ascii() {
        return text.get(from..end(to, text.len()));
    }
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let start = starts.nth(from)?;
    let stop = match to {
        usize::MAX => text.len(),
        to if to == from => start,
        to => starts.nth(to - from - 1)?,
    };
    text.get(start..stop)
}

#[cold]
fn outside(at: &Value, of: &Value) -> Box<Error> {
    Box::new(Error::OutOfRange {
        index: crate::abbreviate::value(at),
        what: described(of),
    })
}

/// A container in an error, with its length.
fn described(of: &Value) -> String {
    let shown = crate::abbreviate::value(of);
    match of {
        Value::List(items) => format!("the list {shown} of length {}", items.len()),
        Value::Text(text) => format!("the text {shown} of length {}", text.chars().count()),
        Value::Bytes(bytes) => format!("the bytes {shown} of length {}", bytes.len()),
        Value::Map(_) => format!("the keys of {shown}"),
        _ => shown,
    }
}
