//! Types.

use super::{Parsed, Parser};
use crate::Span;
use crate::Unit;
use crate::ast::{Field, TypeExpr, TypeKind};
use crate::lex::Kind;
use crate::words::{MAX_DEPTH, is_type_name};

impl Parser<'_> {
    /// `name: type`
    pub(super) fn field(&mut self, what: &str) -> Parsed<Field> {
        let name = self.name(what)?;
        self.expect(":", &format!(" and a type after `{}`", name.text))?;
        Ok(Field {
            name,
            type_: self.type_()?,
        })
    }

    pub(super) fn type_(&mut self) -> Parsed<TypeExpr> {
        Ok(self.measured_type()?.0)
    }

    /// A type and its height.
    fn measured_type(&mut self) -> Parsed<(TypeExpr, u32)> {
        self.deeper(|p| {
            let start = p.here();
            let (kind, mut height) = p.plain_type()?;
            let mut type_ = TypeExpr {
                kind,
                span: start.to(p.last),
            };
            while p.at("?") {
                let span = start.to(p.next());
                height += 1;
                if height > MAX_DEPTH {
                    return Err(p.too_deep(span));
                }
                let kind = TypeKind::Option(Box::new(type_));
                type_ = TypeExpr { kind, span };
            }
            Ok((type_, height))
        })
    }

    fn plain_type(&mut self) -> Parsed<(TypeKind, u32)> {
        let start = self.here();
        match self.peek() {
            Kind::Word(word) => {
                let kind = self.word_type(word)?;
                Ok((kind, 1))
            }
            Kind::Symbol("[") => {
                self.open("[", "")?;
                let (of, height) = self.measured_type()?;
                self.close()?;
                self.raised(start, TypeKind::List(Box::new(of)), height)
            }
            Kind::Symbol("{") => {
                self.open("{", "")?;
                let (key, a) = self.measured_type()?;
                self.expect(":", " between the types of keys and values")?;
                let (value, b) = self.measured_type()?;
                self.close()?;
                self.raised(
                    start,
                    TypeKind::Map(Box::new(key), Box::new(value)),
                    a.max(b),
                )
            }
            Kind::Symbol("(") => {
                let parts = self.listed("(", "", Self::measured_type)?;
                let height = parts.iter().map(|(_, h)| *h).max().unwrap_or(0);
                let mut types: Vec<TypeExpr> = parts.into_iter().map(|(t, _)| t).collect();
                match types.len() {
                    0 => Err(self.empty_tuple(start.to(self.last))),
                    1 => Ok((types.remove(0).kind, height)),
                    _ => self.raised(start, TypeKind::Tuple(types), height),
                }
            }
            _ => Err(self.unexpected("a type")),
        }
    }

    fn raised(&mut self, start: Span, kind: TypeKind, height: u32) -> Parsed<(TypeKind, u32)> {
        if height >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        Ok((kind, height + 1))
    }

    fn word_type(&mut self, word: &str) -> Parsed<TypeKind> {
        let kind = match word {
            "bool" => TypeKind::Bool,
            "int" | "real" => {
                self.next();
                let unit = self.unit()?;
                let kind = if word == "int" {
                    TypeKind::Int
                } else {
                    TypeKind::Real
                };
                return Ok(kind(unit));
            }
            "text" => TypeKind::Text,
            "bytes" => TypeKind::Bytes,
            "duration" => TypeKind::Duration,
            "size" => TypeKind::Size,
            _ if is_type_name(word) => {
                if matches!(self.ahead(1), Kind::Symbol("<")) {
                    return Err(self.generic_type(word));
                }
                TypeKind::Named(word.to_owned())
            }
            _ => return Err(self.unknown_type(word)),
        };
        self.next();
        if self.at("<") {
            return Err(self.unit_of_nothing(word));
        }
        Ok(kind)
    }

    /// `<ms>`, perhaps.
    fn unit(&mut self) -> Parsed<Option<Unit>> {
        if !self.at("<") {
            return Ok(None);
        }
        self.open("<", "")?;
        let unit = match self.peek() {
            Kind::Word(word) => match Unit::from_symbol(word) {
                Some(unit) => unit,
                None => return Err(self.unknown_unit(word)),
            },
            _ => return Err(self.unexpected("a unit")),
        };
        self.next();
        self.close()?;
        Ok(Some(unit))
    }
}
