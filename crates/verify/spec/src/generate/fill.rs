//! Filling in shapes: numbers become values, lists and texts get their elements.

mod lists;
mod texts;

use super::bounds::{Number, whole};
use super::class::Class;
use super::draw::{Draw, shorter};
use super::formula::Spot;
use super::plan::Plan;
use super::shape::{Kind, Shape};
use super::walk;
use lists::plant;
use voidstate_language::{Type, Value};

/// Tries for one element.
const TRIES: usize = 6;

impl Draw<'_> {
    pub(super) fn fill(
        &mut self,
        shape: &Shape,
        numbers: &[Number],
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Value> {
        if let Some(list) = plan.taken_from(&shape.spot)
            && let Some(whole) = self.whole(list)
        {
            return match whole {
                Value::List(items) => self.random.pick(&items).cloned(),
                Value::Map(map) => map.keys().nth(self.random.below(map.len())).cloned(),
                _ => None,
            };
        }
        match &shape.kind {
            Kind::Done(value) => Some(value.clone()),
            Kind::Number(index) => Some(to_value(&shape.type_, *numbers.get(*index)?)),
            Kind::Some(inner) => Some(Value::some(self.fill(inner, numbers, plan, depth)?)),
            Kind::Parts(parts) => {
                let parts = self.fill_parts(parts, numbers, plan, depth)?;
                match &shape.type_ {
                    Type::Record(of) => Some(Value::Record(of.clone(), parts.into())),
                    _ => Some(Value::Tuple(parts.into())),
                }
            }
            Kind::Variant(tag, parts) => {
                let parts = self.fill_parts(parts, numbers, plan, depth)?;
                match &shape.type_ {
                    Type::Enum(of) => Some(Value::Enum(of.clone(), *tag, parts.into())),
                    _ => None,
                }
            }
            Kind::Sequence(index) => {
                let length = match numbers.get(*index)? {
                    Number::Int(i) => usize::try_from(*i).ok()?,
                    Number::Real(_) => return None,
                };
                self.sequence(shape, length, plan, depth)
            }
        }
    }

    fn fill_parts(
        &mut self,
        parts: &[Shape],
        numbers: &[Number],
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Vec<Value>> {
        parts
            .iter()
            .map(|part| self.fill(part, numbers, plan, depth))
            .collect()
    }

    fn sequence(
        &mut self,
        shape: &Shape,
        length: usize,
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Value> {
        let spot = &shape.spot;
        if self.is_given(spot, plan) {
            return self.given(spot, plan);
        }
        if let Some((other, _)) = plan.same.iter().find(|(_, b)| *b == spot)
            && let Some(value) = self.whole(other)
        {
            return Some(value);
        }
        let look = match self.wish(spot) {
            Some(Class::Sequence(_, look)) => Some(look),
            _ => None,
        };
        let planted: Vec<Value> = plan
            .parts
            .iter()
            .filter(|(_, text, _)| *text == spot)
            .filter_map(|(part, ..)| self.whole(part))
            .collect();
        let value = match &shape.type_ {
            Type::Text => self.text_with(spot, length, look, &planted, plan)?,
            Type::Bytes => Value::bytes(self.bytes(length, look)),
            Type::List(element) => {
                let mut list = self.list(spot, element, length, look, plan, depth)?;
                for part in &planted {
                    plant(&mut list, part, self.random.below(length + 1));
                }
                Value::list(list)
            }
            Type::Map(key, entry) => self.map(spot, key, entry, length, plan, depth)?,
            _ => return None,
        };
        Some(self.place_at_ends(spot, value, plan))
    }

    /// Something that is finished, or a number of a level that is being filled.
    fn whole(&self, spot: &Spot) -> Option<Value> {
        let (outer, value) = self
            .finished
            .iter()
            .rev()
            .find(|(outer, _)| spot.inside(outer).is_some())?;
        walk::part(value, spot.inside(outer)?)
    }

    /// A value of which nothing is asked.
    pub(super) fn free(&mut self, type_: &Type, depth: usize) -> Value {
        use super::bounds::{INT, REAL};
        use super::propose::{self, Sources};
        let again = self.random.chance(1, 4);
        if again
            && !matches!(type_, Type::Bool)
            && let Some(value) = self.random.pick(self.pool.of(type_))
        {
            return value.clone();
        }
        let longest = i128::try_from(shorter(self.longest, depth)).unwrap_or(2);
        match type_ {
            Type::Bool => Value::Bool(self.random.chance(1, 2)),
            Type::Int(_) | Type::Duration | Type::Size | Type::Real(_) => {
                let bounds = if matches!(type_, Type::Real(_)) {
                    REAL
                } else {
                    INT
                };
                let sources = Sources {
                    words: self.words.of(type_),
                    drawn: self.pool.of(type_),
                };
                to_value(
                    type_,
                    propose::number(type_, bounds, sources, &mut self.random),
                )
            }
            Type::Text => {
                let words = self.words.of(type_);
                if !words.is_empty() && self.random.chance(1, 4) {
                    return self
                        .random
                        .pick(words)
                        .cloned()
                        .unwrap_or_else(|| Value::text(""));
                }
                let length = self.free_length(longest);
                Value::text(String::from_iter(self.text(length, None)))
            }
            Type::Bytes => {
                let length = self.free_length(longest);
                Value::bytes(self.bytes(length, None))
            }
            Type::List(inner) => {
                let length = self.free_length(longest);
                Value::list(self.free_list(inner, length, None, depth))
            }
            Type::Map(key, entry) => {
                let length = self.free_length(longest);
                let entries: Vec<(Value, Value)> = (0..length)
                    .map(|_| (self.free(key, depth + 1), self.free(entry, depth + 1)))
                    .collect();
                Value::map(entries)
            }
            Type::Option(_) if self.random.chance(1, 3) => Value::none(),
            Type::Option(inner) => Value::some(self.free(inner, depth)),
            Type::Tuple(parts) => Value::tuple(
                parts
                    .iter()
                    .map(|part| self.free(part, depth))
                    .collect::<Vec<_>>(),
            ),
            Type::Record(of) => {
                let fields: Vec<Value> = of
                    .fields
                    .iter()
                    .map(|(_, part)| self.free(part, depth))
                    .collect();
                Value::Record(of.clone(), fields.into())
            }
            Type::Enum(of) => {
                let tag = self.random.below(of.variants.len());
                let payload: Vec<Value> = match of.variants.get(tag) {
                    Some((_, types)) => types.iter().map(|t| self.free(t, depth)).collect(),
                    None => Vec::new(),
                };
                Value::Enum(of.clone(), u32::try_from(tag).unwrap_or(0), payload.into())
            }
        }
    }

    fn free_length(&mut self, longest: i128) -> usize {
        use super::bounds::Bounds;
        match super::propose::length(Bounds::Int(0, longest), longest, &mut self.random) {
            Number::Int(i) => usize::try_from(i).unwrap_or(0),
            Number::Real(_) => 0,
        }
    }
}

/// The value of a type that a number is.
pub(super) fn to_value(type_: &Type, number: Number) -> Value {
    let int = |number: Number| {
        let wide = match number {
            Number::Int(i) => i,
            Number::Real(x) => whole(x),
        };
        i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
    };
    match type_ {
        Type::Real(_) => Value::Real(number.real()),
        Type::Duration => Value::Duration(int(number)),
        Type::Size => Value::Size(int(number)),
        _ => Value::Int(int(number)),
    }
}
