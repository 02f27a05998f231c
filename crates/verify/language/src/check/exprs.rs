//! Expressions: each gets a type, and names in it get places.

use std::sync::Arc;

use super::names::Names;
use super::{Checker, did_you_mean, same_type};
use crate::ast::{Expr, ExprKind, Name};
use crate::node::{MAX_DEPTH, Node, Typed};
use crate::{Diagnostic, Span, Type, Value};

impl Checker {
    /// The typed expression, or nothing after what is wrong was reported. `expected` tells literals, `[]` and `none`
    /// what to be; another type may come of it all the same.
    pub(super) fn infer(
        &mut self,
        expr: &Expr,
        expected: Option<&Type>,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if self.depth >= MAX_DEPTH {
            return self.too_nested(expr.span);
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let typed = self.infer_kind(expr, expected, names);
        self.depth -= 1;
        typed
    }

    pub(super) fn too_nested<T>(&mut self, span: Span) -> Option<T> {
        let message = format!(
            "the expression nests deeper than {MAX_DEPTH} levels, bodies of `define`s included"
        );
        let advice = "give parts of it names with `define`, or use a function over a list";
        self.fail(Diagnostic::error(span, message).advice(advice))
    }

    /// The typed expression, which must be of that type.
    pub(super) fn expect(
        &mut self,
        expr: &Expr,
        type_: &Type,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let typed = self.infer(expr, Some(type_), names)?;
        if same_type(typed.type_(), type_) {
            return Some(typed);
        }
        let message = format!("{type_} is asked for, and this is {}", typed.type_());
        let label = typed.type_().to_string();
        let diagnostic = Diagnostic::error(expr.span, message).label(label);
        let diagnostic = match conversion(&typed, type_) {
            Some(advice) => diagnostic.advice(advice),
            None => diagnostic,
        };
        self.fail(diagnostic)
    }

    fn infer_kind(
        &mut self,
        expr: &Expr,
        expected: Option<&Type>,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let span = expr.span;
        match &*expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, expected, span),
            ExprKind::Name(name) => self.name(name, span, names),
            ExprKind::Result(name) => self.result(name, span, names),
            ExprKind::Old(inner) => self.old(inner, expected, span, names),
            ExprKind::List(items) => self.list(items, expected, span, names),
            ExprKind::Map(entries) => self.map(entries, expected, span, names),
            ExprKind::Tuple(items) => self.tuple(items, expected, span, names),
            ExprKind::Record { name, fields } => self.record(name, fields, span, names),
            ExprKind::Variant {
                of,
                variant,
                arguments,
            } => self.variant(of, variant, arguments, span, names),
            ExprKind::Some(inner) => self.some(inner, expected, span, names),
            ExprKind::None => self.nothing(expected, span),
            ExprKind::Field(of, name) => self.field(of, name, span, names),
            ExprKind::Position(of, number) => self.position(of, *number, span, names),
            ExprKind::Index(of, index) => self.index(of, index, span, names),
            ExprKind::Slice { of, from, to } => {
                self.slice(of, from.as_ref(), to.as_ref(), expected, span, names)
            }
            ExprKind::Range(from, to) => {
                let from = self.expect(from, &Type::Int(None), names);
                let to = self.expect(to, &Type::Int(None), names);
                let type_ = Type::List(Arc::new(Type::Int(None)));
                Some(Typed::new(type_, Node::Range(from?, to?), span))
            }
            ExprKind::Unary(op, inner) => self.unary(*op, inner, expected, span, names),
            ExprKind::Binary(op, left, right) => {
                self.binary(*op, (left, right), expected, span, names)
            }
            ExprKind::Compare { first, rest } => self.compare(first, rest, span, names),
            ExprKind::Approx {
                left,
                right,
                tolerance,
                relative,
            } => self.approx([left, right, tolerance], *relative, span, names),
            ExprKind::If(condition, then, otherwise) => {
                self.choice([condition, then, otherwise], expected, span, names)
            }
            ExprKind::Let { name, value, body } => {
                self.binding(name, (value, body), expected, span, names)
            }
            ExprKind::Match { of, arms } => self.matching(of, arms, expected, span, names),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(function, arguments, expected, span, names),
            ExprKind::Lambda { .. } => {
                let message = "a lambda stands where a value is asked for";
                let advice =
                    "lambdas are arguments of built-in functions such as `all(list, |x| …)`";
                self.fail(Diagnostic::error(span, message).advice(advice))
            }
        }
    }

    fn list(
        &mut self,
        items: &[Expr],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let wanted = match expected {
            Some(Type::List(item)) => Some(&**item),
            _ => None,
        };
        if items.is_empty() {
            let Some(item) = wanted else {
                return self.unclear("[]", span);
            };
            let node = Node::Constant(Value::list([]));
            return Some(Typed::new(Type::List(Arc::new(item.clone())), node, span));
        }
        let parts = self.alike(&items.iter().collect::<Vec<_>>(), wanted, names)?;
        let item = parts.first()?.type_().clone();
        Some(Typed::new(
            Type::List(Arc::new(item)),
            Node::List(parts),
            span,
        ))
    }

    /// Expressions of one type: that of the first that is no bare literal.
    pub(super) fn alike(
        &mut self,
        items: &[&Expr],
        wanted: Option<&Type>,
        names: &mut Names<'_>,
    ) -> Option<Vec<Typed>> {
        let guide = items.iter().position(|item| !flexible(item)).unwrap_or(0);
        let mut leader = Some(self.infer(items.get(guide)?, wanted, names)?);
        let type_ = leader.as_ref()?.type_().clone();
        let mut parts = Vec::new();
        let mut sound = true;
        for (i, item) in items.iter().enumerate() {
            let part = if i == guide {
                leader.take()
            } else {
                self.expect(item, &type_, names)
            };
            match part {
                Some(part) => parts.push(part),
                None => sound = false,
            }
        }
        sound.then_some(parts)
    }

    fn unclear<T>(&mut self, what: &str, span: Span) -> Option<T> {
        let message = format!("the type of `{what}` is not known here");
        let advice = "compare it with something of known type, or pass it to a `define`";
        self.fail(Diagnostic::error(span, message).advice(advice))
    }

    fn map(
        &mut self,
        entries: &[(Expr, Expr)],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let (key, value) = match expected {
            Some(Type::Map(key, value)) => (Some(&**key), Some(&**value)),
            _ => (None, None),
        };
        if entries.is_empty() {
            let (Some(key), Some(value)) = (key, value) else {
                return self.unclear("{}", span);
            };
            let type_ = Type::Map(Arc::new(key.clone()), Arc::new(value.clone()));
            return Some(Typed::new(type_, Node::Constant(Value::map([])), span));
        }
        let keys: Vec<&Expr> = entries.iter().map(|(key, _)| key).collect();
        let values: Vec<&Expr> = entries.iter().map(|(_, value)| value).collect();
        let keys = self.alike(&keys, key, names);
        let values = self.alike(&values, value, names)?;
        let keys = keys?;
        let type_ = Type::Map(
            Arc::new(keys.first()?.type_().clone()),
            Arc::new(values.first()?.type_().clone()),
        );
        let entries = keys.into_iter().zip(values).collect();
        Some(Typed::new(type_, Node::Map(entries), span))
    }

    fn tuple(
        &mut self,
        items: &[Expr],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if items.len() < 2 {
            let message = "a tuple has at least two parts";
            let advice = "write the only part without parentheses";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let wanted = match expected {
            Some(Type::Tuple(types)) if types.len() == items.len() => Some(types),
            _ => None,
        };
        let mut parts = Vec::new();
        for (i, item) in items.iter().enumerate() {
            parts.push(self.infer(item, wanted.and_then(|w| w.get(i)), names)?);
        }
        let types = parts.iter().map(|part| part.type_().clone()).collect();
        Some(Typed::new(Type::Tuple(types), Node::Tuple(parts), span))
    }

    fn record(
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

    fn variant(
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

    fn some(
        &mut self,
        inner: &Expr,
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let wanted = match expected {
            Some(Type::Option(of)) => Some(&**of),
            _ => None,
        };
        let inner = self.infer(inner, wanted, names)?;
        let type_ = Type::Option(Arc::new(inner.type_().clone()));
        Some(Typed::new(type_, Node::Some(inner), span))
    }

    fn nothing(&mut self, expected: Option<&Type>, span: Span) -> Option<Typed> {
        match expected {
            Some(type_ @ Type::Option(_)) => Some(Typed::new(
                type_.clone(),
                Node::Constant(Value::none()),
                span,
            )),
            Some(other) => {
                let message = format!("{other} is asked for, and this is `none`");
                self.fail(Diagnostic::error(span, message).advice("only an option can be `none`"))
            }
            None => self.unclear("none", span),
        }
    }

    fn field(
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

    fn position(
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

    fn index(
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

    fn slice(
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

    fn choice(
        &mut self,
        [condition, then, otherwise]: [&Expr; 3],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let condition = self.expect(condition, &Type::Bool, names);
        let mut branches = self.alike(&[then, otherwise], expected, names)?.into_iter();
        let (then, otherwise) = (branches.next()?, branches.next()?);
        let type_ = then.type_().clone();
        Some(Typed::new(
            type_,
            Node::If(condition?, then, otherwise),
            span,
        ))
    }

    fn binding(
        &mut self,
        name: &Name,
        (value, body): (&Expr, &Expr),
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let value = self.infer(value, None, names)?;
        let local = names.bind(&name.text, value.type_().clone());
        let body = self.infer(body, expected, names);
        names.unbind(1);
        let body = body?;
        let type_ = body.type_().clone();
        Some(Typed::new(type_, Node::Let { local, value, body }, span))
    }
}

/// Whether the type of the expression hangs on what is asked for: bare literals, `[]`, `none` and what is made of them.
pub(crate) fn flexible(expr: &Expr) -> bool {
    match &*expr.kind {
        ExprKind::Literal(literal) => super::literals::adapts(literal),
        ExprKind::None => true,
        ExprKind::Unary(crate::ast::UnaryOp::Negate, inner) | ExprKind::Some(inner) => {
            flexible(inner)
        }
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().all(flexible),
        ExprKind::Map(entries) => entries.iter().all(|(k, v)| flexible(k) && flexible(v)),
        ExprKind::Binary(op, left, right) => {
            super::operators::is_arithmetic(*op) && flexible(left) && flexible(right)
        }
        ExprKind::If(_, then, otherwise) => flexible(then) && flexible(otherwise),
        ExprKind::Let { body, .. } => flexible(body),
        ExprKind::Call {
            function,
            arguments,
        } if function.text == "fold" => arguments.get(1).is_some_and(flexible),
        _ => false,
    }
}

/// How a value of one type becomes one of another, where there is a way.
pub(crate) fn conversion(typed: &Typed, wanted: &Type) -> Option<String> {
    let text = typed.to_string();
    let text = if text.chars().count() > 40 {
        "…".to_owned()
    } else {
        text
    };
    let advice = match (typed.type_(), wanted) {
        (Type::Int(a), Type::Real(b)) if a == b => format!("write `real({text})`"),
        (Type::Real(a), Type::Int(b)) if a == b => {
            format!("write `round({text})`, `floor({text})` or `int({text})`")
        }
        (Type::Int(Some(a)), Type::Int(Some(b))) | (Type::Real(Some(a)), Type::Real(Some(b))) => {
            let change = if a.dimension() == b.dimension() {
                format!(
                    "; compare as durations or sizes with `to_duration` and `to_size`, or scale it from {} to {}",
                    a.symbol(),
                    b.symbol()
                )
            } else {
                String::new()
            };
            format!("unit mismatch: {} and {}{change}", a.symbol(), b.symbol())
        }
        (Type::Int(Some(_)), Type::Int(None)) | (Type::Real(Some(_)), Type::Real(None)) => {
            format!("write `plain({text})` to drop the unit")
        }
        (Type::Int(Some(unit)) | Type::Real(Some(unit)), Type::Duration)
            if unit.dimension() == crate::Dimension::Time =>
        {
            format!("write `to_duration({text})`")
        }
        (Type::Int(Some(unit)) | Type::Real(Some(unit)), Type::Size)
            if unit.dimension() == crate::Dimension::Size =>
        {
            format!("write `to_size({text})`")
        }
        (Type::Duration, Type::Int(_)) => format!("write `nanoseconds({text})`"),
        (Type::Size, Type::Int(_)) => format!("write `byte_count({text})`"),
        (_, Type::Duration) => "a duration has a unit, for example `5 ms`".to_owned(),
        (_, Type::Size) => "a size has a unit, for example `5 KiB`".to_owned(),
        (inner, Type::Option(of)) if *inner == **of => format!("write `some({text})`"),
        (Type::Option(of), wanted) if **of == *wanted => {
            format!("write `default({text}, …)`, or use `match`")
        }
        (Type::Text, Type::Bytes) => format!("write `utf8({text})`"),
        (_, Type::Text) => format!("write `to_text({text})`"),
        (Type::List(_), Type::Bool) => {
            format!("write `len({text}) > 0`, or ask every element with `all`")
        }
        (Type::Int(_), Type::Bool) => format!("write `{text} != 0`"),
        _ => return None,
    };
    Some(advice)
}

/// `1 value`, `2 values`
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

pub(crate) fn were(n: usize) -> String {
    if n == 1 {
        "1 is".to_owned()
    } else {
        format!("{n} are")
    }
}
