//! Types with holes are filled from the arguments.

use std::sync::Arc;

use super::types::number_unit;
use crate::builtin::{Letter, Shape};
use crate::{Dimension, Type, Unit};

/// What the letters of a signature stand for so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Holes {
    a: Option<Type>,
    b: Option<Type>,
}

impl Holes {
    const fn get(&self, letter: Letter) -> Option<&Type> {
        match letter {
            Letter::A => self.a.as_ref(),
            Letter::B => self.b.as_ref(),
        }
    }

    fn fill(&mut self, letter: Letter, type_: &Type) -> bool {
        let hole = match letter {
            Letter::A => &mut self.a,
            Letter::B => &mut self.b,
        };
        match hole {
            Some(known) => known == type_,
            None => {
                *hole = Some(type_.clone());
                true
            }
        }
    }

    /// Whether the type has the shape, given what the letters stand for; fills those that stand for nothing yet.
    pub(super) fn fits(&mut self, shape: &Shape, type_: &Type) -> bool {
        match shape {
            Shape::Bool => *type_ == Type::Bool,
            Shape::Int => *type_ == Type::Int(None),
            Shape::Real => *type_ == Type::Real(None),
            Shape::Text => *type_ == Type::Text,
            Shape::Bytes => *type_ == Type::Bytes,
            Shape::Duration => *type_ == Type::Duration,
            Shape::Size => *type_ == Type::Size,
            Shape::Any(letter) => self.fill(*letter, type_),
            Shape::Number(letter) => number_unit(type_).is_some() && self.fill(*letter, type_),
            Shape::Quantity(letter) => {
                let is =
                    number_unit(type_).is_some() || matches!(type_, Type::Duration | Type::Size);
                is && self.fill(*letter, type_)
            }
            Shape::AnyInt(letter) => matches!(type_, Type::Int(_)) && self.fill(*letter, type_),
            Shape::AnyReal(letter) => matches!(type_, Type::Real(_)) && self.fill(*letter, type_),
            Shape::TimeNumber(letter) => {
                dimension(type_) == Some(Dimension::Time) && self.fill(*letter, type_)
            }
            Shape::SizeNumber(letter) => {
                dimension(type_) == Some(Dimension::Size) && self.fill(*letter, type_)
            }
            Shape::List(item) => match type_ {
                Type::List(inner) => self.fits(item, inner),
                _ => false,
            },
            Shape::Option(item) => match type_ {
                Type::Option(inner) => self.fits(item, inner),
                _ => false,
            },
            Shape::Map(key, value) => match type_ {
                Type::Map(k, v) => self.fits(key, k) && self.fits(value, v),
                _ => false,
            },
            Shape::Pair(a, b) => match type_ {
                Type::Tuple(parts) => match &**parts {
                    [x, y] => self.fits(a, x) && self.fits(b, y),
                    _ => false,
                },
                _ => false,
            },
            Shape::IntOf(_)
            | Shape::RealOf(_)
            | Shape::PlainOf(_)
            | Shape::Nanoseconds
            | Shape::ByteCount
            | Shape::Lambda(..) => self.type_of(shape).as_ref() == Some(type_),
        }
    }

    /// The type that the shape is now, when every letter in it stands for something.
    pub(super) fn type_of(&self, shape: &Shape) -> Option<Type> {
        let unit = |letter: &Letter| number_unit(self.get(*letter)?);
        Some(match shape {
            Shape::Bool => Type::Bool,
            Shape::Int => Type::Int(None),
            Shape::Real => Type::Real(None),
            Shape::Text => Type::Text,
            Shape::Bytes => Type::Bytes,
            Shape::Duration => Type::Duration,
            Shape::Size => Type::Size,
            Shape::Any(letter)
            | Shape::Number(letter)
            | Shape::Quantity(letter)
            | Shape::AnyInt(letter)
            | Shape::AnyReal(letter)
            | Shape::TimeNumber(letter)
            | Shape::SizeNumber(letter) => self.get(*letter)?.clone(),
            Shape::IntOf(letter) => Type::Int(unit(letter)?),
            Shape::RealOf(letter) => Type::Real(unit(letter)?),
            Shape::PlainOf(letter) => match self.get(*letter)? {
                Type::Int(_) => Type::Int(None),
                _ => Type::Real(None),
            },
            Shape::Nanoseconds => Type::Int(Some(Unit::Nanoseconds)),
            Shape::ByteCount => Type::Int(Some(Unit::Bytes)),
            Shape::List(item) => Type::List(Arc::new(self.type_of(item)?)),
            Shape::Option(item) => Type::Option(Arc::new(self.type_of(item)?)),
            Shape::Map(key, value) => {
                Type::Map(Arc::new(self.type_of(key)?), Arc::new(self.type_of(value)?))
            }
            Shape::Pair(a, b) => Type::Tuple([self.type_of(a)?, self.type_of(b)?].into()),
            Shape::Lambda(..) => return None,
        })
    }
}

fn dimension(type_: &Type) -> Option<Dimension> {
    number_unit(type_).flatten().map(Unit::dimension)
}
