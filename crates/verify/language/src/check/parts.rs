//! Records, alternatives of enums, and parts of values.

use std::sync::Arc;

use super::convert::{count, were};
use super::names::Names;
use super::{Checker, did_you_mean};
use crate::ast::{Expr, ExprKind, Name};
use crate::node::{Node, Typed};
use crate::{Diagnostic, Span, Type};

impl Checker {
    pub(super) fn record(
        &mut self,
        name: &Name,
        fields: &[(Name, Expr)],
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let Some(of) = self.records.get(&name.text).cloned() else {
            let known: Vec<String> = self.records.keys().cloned().collect();
            return self.no_such(name, "record", &known);
        };
        let mut parts: Vec<Option<Typed>> = vec![None; of.fields.len()];
        let mut sound = true;
        for (i, (field, value)) in fields.iter().enumerate() {
            let earlier = fields.iter().take(i).map(|(n, _)| (&*n.text, n.span));
            sound &= self.distinct(field, "field", earlier);
            let Some(number) = of.fields.iter().position(|(n, _)| *n == field.text) else {
                let known: Vec<String> = of.fields.iter().map(|(n, _)| n.clone()).collect();
                self.no_such::<()>(field, &format!("field of `{}`", of.name), &known);
                sound = false;
                continue;
            };
            let Some((_, type_)) = of.fields.get(number) else {
                continue;
            };
            match (self.expect(value, type_, names), parts.get_mut(number)) {
                (Some(typed), Some(part)) => *part = Some(typed),
                _ => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let missing = of.fields.iter().zip(&parts).filter(|(_, p)| p.is_none());
        let missing: Vec<String> = missing.map(|((n, _), _)| format!("`{n}`")).collect();
        if !missing.is_empty() {
            let message = format!("`{}` lacks {}", of.name, missing.join(", "));
            let advice = "give every field a value";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let parts = parts.into_iter().flatten().collect();
        let type_ = Type::Record(Arc::clone(&of));
        Some(Typed::new(type_, Node::Record(of, parts), span))
    }

    /// That nothing of that kind bears the name.
    pub(super) fn no_such<T>(&mut self, name: &Name, what: &str, known: &[String]) -> Option<T> {
        let message = format!("no {what} is called `{}`", name.text);
        let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
        known.sort_unstable();
        let advice = did_you_mean(&name.text, known.iter().copied(), || {
            if known.is_empty() {
                format!("there is no {what}")
            } else {
                let few: Vec<String> = known.iter().take(8).map(|k| format!("`{k}`")).collect();
                format!("known: {}", few.join(", "))
            }
        });
        self.fail(Diagnostic::error(name.span, message).advice(advice))
    }

    pub(super) fn variant(
        &mut self,
        of: &Name,
        variant: &Name,
        arguments: &[Expr],
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let Some(type_) = self.enums.get(&of.text).cloned() else {
            let known: Vec<String> = self.enums.keys().cloned().collect();
            return self.no_such(of, "enum", &known);
        };
        let number = type_.variants.iter().position(|(n, _)| *n == variant.text);
        let found = number.and_then(|n| type_.variants.get(n));
        let (Some(number), Some((_, payload))) = (number, found) else {
            let known: Vec<String> = type_.variants.iter().map(|(n, _)| n.clone()).collect();
            return self.no_such(variant, &format!("alternative of `{}`", of.text), &known);
        };
        if payload.len() != arguments.len() {
            let types: Vec<String> = payload.iter().map(ToString::to_string).collect();
            let name = format!("{}.{}", of.text, variant.text);
            let message = format!(
                "`{name}` carries {}, and {} given",
                count(payload.len(), "value"),
                were(arguments.len())
            );
            let advice = if types.is_empty() {
                format!("write `{name}`")
            } else {
                format!("write `{name}({})`", types.join(", "))
            };
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let mut parts = Vec::new();
        for (argument, type_) in arguments.iter().zip(payload) {
            parts.push(self.expect(argument, type_, names)?);
        }
        let number = u32::try_from(number).ok()?;
        Some(Typed::new(
            Type::Enum(Arc::clone(&type_)),
            Node::Variant(type_, number, parts),
            span,
        ))
    }

    pub(super) fn field(
        &mut self,
        of: &Expr,
        name: &Name,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if matches!(&*of.kind, ExprKind::Name(word) if word == "state") {
            return self.state_variable(name, span, names);
        }
        let of = self.infer(of, None, names)?;
        let Type::Record(record) = of.type_().clone() else {
            let message = format!("{} has no fields", of.type_());
            let advice = match of.type_() {
                Type::Tuple(_) => "parts of a tuple are numbered: `.0`, `.1`, …",
                Type::Option(_) => {
                    "take the record out of the option first, with `match` or `default`"
                }
                _ => "only records have fields",
            };
            return self.fail(Diagnostic::error(span, message).advice(advice));
        };
        let Some(number) = record.fields.iter().position(|(n, _)| *n == name.text) else {
            let known: Vec<String> = record.fields.iter().map(|(n, _)| n.clone()).collect();
            return self.no_such(name, &format!("field of `{}`", record.name), &known);
        };
        let (_, type_) = record.fields.get(number)?;
        Some(Typed::new(type_.clone(), Node::Member(of, number), span))
    }

    pub(super) fn position(
        &mut self,
        of: &Expr,
        number: u32,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let of = self.infer(of, None, names)?;
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let type_ = match of.type_() {
            Type::Tuple(types) => types.get(number).cloned(),
            _ => None,
        };
        let Some(type_) = type_ else {
            let message = format!("{} has no part {number}", of.type_());
            let advice = match of.type_() {
                Type::Tuple(types) => format!("its parts are numbered 0 to {}", types.len() - 1),
                Type::List(_) => format!("write `[{number}]` for an element of a list"),
                _ => "only tuples have numbered parts".to_owned(),
            };
            return self.fail(Diagnostic::error(span, message).advice(advice));
        };
        Some(Typed::new(type_, Node::Member(of, number), span))
    }

    pub(super) fn index(
        &mut self,
        of: &Expr,
        index: &Expr,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let of = self.infer(of, None, names)?;
        let (key, type_) = match of.type_() {
            Type::List(item) => (Type::Int(None), (**item).clone()),
            Type::Text => (Type::Int(None), Type::Text),
            Type::Bytes => (Type::Int(None), Type::Int(None)),
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            other => {
                let message = format!("{other} has no elements");
                let advice = match other {
                    Type::Tuple(_) => "parts of a tuple are written `.0`, `.1`, …",
                    Type::Option(_) => {
                        "take the value out of the option first, with `match` or `default`"
                    }
                    _ => "lists, texts, bytes and maps have elements",
                };
                return self.fail(Diagnostic::error(span, message).advice(advice));
            }
        };
        let index = self.expect(index, &key, names)?;
        Some(Typed::new(type_, Node::Index(of, index), span))
    }

    pub(super) fn slice(
        &mut self,
        of: &Expr,
        from: Option<&Expr>,
        to: Option<&Expr>,
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let of = self.infer(of, expected, names)?;
        if !matches!(of.type_(), Type::List(_) | Type::Text | Type::Bytes) {
            let message = format!("{} cannot be cut", of.type_());
            let advice = "lists, texts and bytes can";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let mut end = |end: Option<&Expr>| match end {
            Some(end) => self.expect(end, &Type::Int(None), names).map(Some),
            None => Some(None),
        };
        let (from, to) = (end(from)?, end(to)?);
        Some(Typed::new(
            of.type_().clone(),
            Node::Slice { of, from, to },
            span,
        ))
    }
}
