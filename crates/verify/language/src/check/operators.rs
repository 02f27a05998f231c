//! Operators: which types they join, and what comes of it.

use super::convert::{conversion, flexible};
use super::names::Names;
use super::types::{is_ordered, number_unit};
use super::{Checker, same_type};
use crate::ast::{BinaryOp, CompareOp, Expr, UnaryOp};
use crate::eval::arithmetic;
use crate::node::{Node, Typed, comparison, operator};
use crate::{Diagnostic, Span, Type};

pub(super) const fn is_arithmetic(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder
            | BinaryOp::Concat
    )
}

impl Checker {
    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        inner: &Expr,
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if op == UnaryOp::Not {
            let inner = self.expect(inner, &Type::Bool, names)?;
            return Some(Typed::new(Type::Bool, Node::Not(inner), span));
        }
        let inner = self.infer(inner, expected, names)?;
        let type_ = inner.type_().clone();
        if number_unit(&type_).is_none() && !matches!(type_, Type::Duration | Type::Size) {
            let message = format!("{type_} has no negative");
            let advice = if type_ == Type::Bool {
                "write `not` before a bool"
            } else {
                "numbers, durations and sizes have"
            };
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        // A negated literal is a constant, so that nobody has to see two nodes in `-1`.
        if let Node::Constant(value) = inner.node()
            && let Ok(negated) = arithmetic::negate(value.clone())
        {
            return Some(Typed::new(type_, Node::Constant(negated), span));
        }
        Some(Typed::new(type_, Node::Negate(inner), span))
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        (left, right): (&Expr, &Expr),
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Implies | BinaryOp::Equivalent => {
                let left = self.expect(left, &Type::Bool, names);
                let right = self.expect(right, &Type::Bool, names);
                let node = Node::Binary(op, left?, right?);
                Some(Typed::new(Type::Bool, node, span))
            }
            BinaryOp::Concat => {
                let mut parts = self.alike(&[left, right], expected, names)?.into_iter();
                let (left, right) = (parts.next()?, parts.next()?);
                let type_ = left.type_().clone();
                if !matches!(type_, Type::List(_) | Type::Text | Type::Bytes) {
                    let message = format!("`++` does not join {type_}");
                    let advice = "it joins lists, texts and bytes; `+` adds numbers";
                    return self.fail(Diagnostic::error(span, message).advice(advice));
                }
                Some(Typed::new(type_, Node::Binary(op, left, right), span))
            }
            _ => self.arithmetic(op, (left, right), expected, span, names),
        }
    }

    fn arithmetic(
        &mut self,
        op: BinaryOp,
        (left, right): (&Expr, &Expr),
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let (left, right) = if flexible(left) && !flexible(right) {
            let right = self.infer(right, expected, names)?;
            (
                self.infer(left, Some(&hint(op, right.type_())), names)?,
                right,
            )
        } else {
            let left = self.infer(left, expected, names)?;
            let hint = hint(op, left.type_());
            let right = self.infer(right, Some(&hint), names)?;
            (left, right)
        };
        match arithmetic_type(op, left.type_(), right.type_()) {
            Some(type_) => Some(Typed::new(type_, Node::Binary(op, left, right), span)),
            None => self.clash(operator(op), &left, &right, span),
        }
    }

    /// That two operands do not go together.
    fn clash<T>(&mut self, op: &str, left: &Typed, right: &Typed, span: Span) -> Option<T> {
        let (a, b) = (left.type_(), right.type_());
        let units = number_unit(a).zip(number_unit(b));
        let same_kind = matches!(
            (a, b),
            (Type::Int(_), Type::Int(_)) | (Type::Real(_), Type::Real(_))
        );
        let message = match units {
            Some((u, v)) if u != v && same_kind => {
                let name = |unit: Option<crate::Unit>| unit.map_or("no unit", crate::Unit::symbol);
                format!("unit mismatch: `{op}` of {} and {}", name(u), name(v))
            }
            _ => format!("`{op}` does not join {a} and {b}"),
        };
        let advice = if matches!(
            (a, b),
            (Type::Text, Type::Text) | (Type::List(_), Type::List(_))
        ) && op == "+"
        {
            Some("write `++` to put one after the other".to_owned())
        } else {
            conversion(left, b).or_else(|| conversion(right, a))
        };
        let label = format!("{a} {op} {b}");
        let diagnostic = Diagnostic::error(span, message).label(label);
        self.fail(match advice {
            Some(advice) => diagnostic.advice(advice),
            None => diagnostic.advice("both sides must be of the same type and unit"),
        })
    }

    pub(super) fn compare(
        &mut self,
        first: &Expr,
        rest: &[(CompareOp, Expr)],
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if rest.is_empty() {
            let message = "a comparison has at least two sides";
            return self.fail(Diagnostic::error(span, message).advice("write `a == b`"));
        }
        if let [(CompareOp::In, of)] = rest {
            return self.membership(first, of, span, names);
        }
        if rest.iter().any(|(op, _)| *op == CompareOp::In) {
            let message = "`in` does not stand in a chain of comparisons";
            let advice = "write `a in b and …`";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let operands: Vec<&Expr> = std::iter::once(first)
            .chain(rest.iter().map(|(_, e)| e))
            .collect();
        let parts = self.operands(&operands, names)?;
        for ((op, _), pair) in rest.iter().zip(parts.windows(2)) {
            let [left, right] = pair else { continue };
            let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
            if !same_type(left.type_(), right.type_()) {
                return self.clash(comparison(*op), left, right, span);
            }
            if !equality && !is_ordered(left.type_()) {
                let message = format!("`{}` is not known of {}", comparison(*op), left.type_());
                let advice = "numbers, texts, bytes, durations and sizes have an order; others only `==` and `!=`";
                return self.fail(Diagnostic::error(span, message).advice(advice));
            }
        }
        let mut parts = parts.into_iter();
        let first = parts.next()?;
        let rest = rest.iter().map(|(op, _)| *op).zip(parts).collect();
        Some(Typed::new(Type::Bool, Node::Compare { first, rest }, span))
    }

    /// Operands of one comparison; bare literals take the type of the first that is none.
    fn operands(&mut self, operands: &[&Expr], names: &mut Names<'_>) -> Option<Vec<Typed>> {
        let guide = operands.iter().position(|e| !flexible(e)).unwrap_or(0);
        let leader = self.infer(operands.get(guide)?, None, names)?;
        let type_ = leader.type_().clone();
        let mut leader = Some(leader);
        let mut parts = Vec::new();
        for (i, operand) in operands.iter().enumerate() {
            let part = if i == guide {
                leader.take()
            } else {
                self.infer(operand, Some(&type_), names)
            };
            parts.push(part?);
        }
        Some(parts)
    }

    fn membership(
        &mut self,
        element: &Expr,
        of: &Expr,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let (element, of) = if flexible(of) && !flexible(element) {
            let element = self.infer(element, None, names)?;
            let hint = Type::List(std::sync::Arc::new(element.type_().clone()));
            let of = self.infer(of, Some(&hint), names)?;
            (element, of)
        } else {
            let of = self.infer(of, None, names)?;
            let hint = match of.type_() {
                Type::List(item) => Some((**item).clone()),
                Type::Map(key, _) => Some((**key).clone()),
                Type::Text => Some(Type::Text),
                Type::Bytes => Some(Type::Int(None)),
                _ => None,
            };
            (self.infer(element, hint.as_ref(), names)?, of)
        };
        let fits = match of.type_() {
            Type::List(item) => same_type(element.type_(), item),
            Type::Map(key, _) => same_type(element.type_(), key),
            Type::Text => *element.type_() == Type::Text,
            Type::Bytes => *element.type_() == Type::Int(None),
            _ => false,
        };
        if !fits {
            let message = format!("{} cannot be in {}", element.type_(), of.type_());
            let advice = "a list, the keys of a map, a text or bytes can hold what is of their element's type";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let node = Node::Compare {
            first: element,
            rest: vec![(CompareOp::In, of)],
        };
        Some(Typed::new(Type::Bool, node, span))
    }

    pub(super) fn approx(
        &mut self,
        [left, right, tolerance]: [&Expr; 3],
        relative: bool,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        // A tolerance of reals says that bare literals beside it are reals.
        let bare = flexible(left) && flexible(right);
        let hint = bare.then_some(Type::Real(None));
        let mut parts = self
            .alike(&[left, right], hint.as_ref(), names)?
            .into_iter();
        let (left, right) = (parts.next()?, parts.next()?);
        let scalar = match left.type_() {
            Type::List(item) => (**item).clone(),
            other => other.clone(),
        };
        if !matches!(
            scalar,
            Type::Int(_) | Type::Real(_) | Type::Duration | Type::Size
        ) {
            let message = format!("`~=` is not known of {}", left.type_());
            let advice = "it compares numbers, durations, sizes and lists of them";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let wanted = if relative { Type::Real(None) } else { scalar };
        let tolerance = self.expect(tolerance, &wanted, names)?;
        let node = Node::Approx {
            left,
            right,
            tolerance,
            relative,
        };
        Some(Typed::new(Type::Bool, node, span))
    }
}

/// What a bare literal beside a value of that type is.
fn hint(op: BinaryOp, type_: &Type) -> Type {
    match (op, type_) {
        // `2 * x`, `x / 2`: a factor bears no unit.
        (BinaryOp::Multiply | BinaryOp::Divide, Type::Int(Some(_))) => Type::Int(None),
        (BinaryOp::Multiply | BinaryOp::Divide, Type::Real(Some(_))) => Type::Real(None),
        (_, other) => other.clone(),
    }
}

/// Type of `a op b`.
fn arithmetic_type(op: BinaryOp, a: &Type, b: &Type) -> Option<Type> {
    use Type::{Duration, Int, Real, Size};
    let unit = |u: &Option<crate::Unit>, v: &Option<crate::Unit>| match op {
        BinaryOp::Multiply if v.is_none() => Some(*u),
        BinaryOp::Multiply if u.is_none() => Some(*v),
        BinaryOp::Multiply => None,
        BinaryOp::Divide if u == v => Some(None),
        BinaryOp::Divide if v.is_none() => Some(*u),
        _ => (u == v).then_some(*u),
    };
    match (a, b) {
        (Int(u), Int(v)) => unit(u, v).map(Int),
        (Real(u), Real(v)) => unit(u, v).map(Real),
        (Duration, Duration) | (Size, Size) => match op {
            BinaryOp::Multiply => None,
            BinaryOp::Divide => Some(Real(None)),
            _ => Some(a.clone()),
        },
        (Duration | Size, Int(None) | Real(None)) => {
            matches!(op, BinaryOp::Multiply | BinaryOp::Divide).then(|| a.clone())
        }
        (Int(None) | Real(None), Duration | Size) => {
            matches!(op, BinaryOp::Multiply).then(|| b.clone())
        }
        _ => None,
    }
}
