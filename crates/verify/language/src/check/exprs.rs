//! Expressions: each gets a type, and names in it get places.

use std::sync::Arc;

use super::convert::{conversion, flexible};
use super::names::Names;
use super::{Checker, same_type};
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
