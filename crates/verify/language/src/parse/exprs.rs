//! Expressions: what stands alone, and what is written before or after it.

use super::{Parsed, Parser, above};
use crate::ast::{Expr, ExprKind, Literal, Name, Quantity, UnaryOp};
use crate::lex::{Kind, quantity_digits};
use crate::operators::Level;
use crate::words::{MAX_DEPTH, is_type_name};
use crate::{Diagnostic, Span, Unit};

/// An expression and the height of its tree.
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) height: u32,
}

impl<'a> Parser<'a> {
    pub(super) fn expr(&mut self) -> Parsed<Expr> {
        let free = std::mem::replace(&mut self.no_in, false);
        let node = self.climb(Level::WEAKEST)?;
        self.no_in = free;
        Ok(node.expr)
    }

    pub(super) fn node(&mut self, start: Span, kind: ExprKind, heights: &[u32]) -> Parsed<Node> {
        let height = above(heights);
        let span = start.to(self.last);
        if height > MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        Ok(Node {
            expr: Expr::new(kind, span),
            height,
        })
    }

    /// An expression whose operators bind at least as strongly as `weakest`.
    pub(super) fn climb(&mut self, weakest: Level) -> Parsed<Node> {
        self.deeper(|p| {
            let first = p.prefixed(weakest)?;
            p.climb_from(first, weakest)
        })
    }

    fn prefixed(&mut self, weakest: Level) -> Parsed<Node> {
        match self.peek() {
            Kind::Symbol("-") => self.negated(),
            Kind::Word("not") => self.negation(weakest),
            Kind::Word("if") => self.if_(),
            Kind::Word("let") => self.let_(),
            Kind::Symbol("|") => self.lambda(),
            _ => self.postfixed(),
        }
    }

    fn negation(&mut self, weakest: Level) -> Parsed<Node> {
        if weakest > Level::NOT {
            let diagnostic = Diagnostic::error(
                self.here(),
                "`not` binds weaker than the operator before it",
            )
            .label("stands inside a comparison or a calculation")
            .advice("put it in parentheses: `a == (not b)`");
            return Err(self.report(diagnostic));
        }
        let start = self.next();
        let of = self.climb(Level::NOT)?;
        self.node(start, ExprKind::Unary(UnaryOp::Not, of.expr), &[of.height])
    }

    /// A minus sign before a number belongs to the number, so that the smallest whole number can be written.
    fn negated(&mut self) -> Parsed<Node> {
        let start = self.next();
        let number = match self.peek() {
            Kind::Int(_) | Kind::Real(_) => Some(self.number(true)?),
            _ => None,
        };
        if let Some(number) = number {
            if !(self.at(".") || self.at("[")) {
                return self.node(start, ExprKind::Literal(number), &[]);
            }
            let diagnostic =
                Diagnostic::error(self.here(), "a number has no parts").label("after a number");
            return Err(
                self.report(diagnostic.advice("put the number in parentheses if you mean it"))
            );
        }
        let of = self.climb(Level::NEGATE)?;
        self.node(
            start,
            ExprKind::Unary(UnaryOp::Negate, of.expr),
            &[of.height],
        )
    }

    fn if_(&mut self) -> Parsed<Node> {
        let start = self.next();
        let condition = self.climb(Level::WEAKEST)?;
        self.expect_word("then", " after the condition of this `if`")?;
        let yes = self.climb(Level::WEAKEST)?;
        if !self.at_word("else") {
            return Err(self.no_else(start));
        }
        self.next();
        let no = self.climb(Level::WEAKEST)?;
        let heights = [condition.height, yes.height, no.height];
        self.node(
            start,
            ExprKind::If(condition.expr, yes.expr, no.expr),
            &heights,
        )
    }

    fn let_(&mut self) -> Parsed<Node> {
        let start = self.next();
        let name = self.name("a name")?;
        if self.at(":") {
            return Err(self.typed_let());
        }
        self.expect("=", &format!(" and the value of `{}`", name.text))?;
        let free = std::mem::replace(&mut self.no_in, true);
        let value = self.climb(Level::WEAKEST)?;
        self.no_in = free;
        self.expect_word("in", " and an expression that uses the name")?;
        let body = self.climb(Level::WEAKEST)?;
        let heights = [value.height, body.height];
        let kind = ExprKind::Let {
            name,
            value: value.expr,
            body: body.expr,
        };
        self.node(start, kind, &heights)
    }

    fn lambda(&mut self) -> Parsed<Node> {
        let start = self.here();
        let parameters = self.listed("|", "", |p| p.name("a parameter's name"))?;
        if parameters.is_empty() {
            return Err(self.empty_lambda(start));
        }
        let body = self.climb(Level::WEAKEST)?;
        let kind = ExprKind::Lambda {
            parameters,
            body: body.expr,
        };
        self.node(start, kind, &[body.height])
    }

    /// Something that stands alone, with fields, places and indices after it.
    fn postfixed(&mut self) -> Parsed<Node> {
        let start = self.here();
        let mut node = self.primary()?;
        loop {
            node = match self.peek() {
                Kind::Symbol(".") => self.part(start, node)?,
                Kind::Symbol("[") => self.indexed(start, node)?,
                Kind::Symbol("(") if !self.first_on_line() => {
                    return Err(self.called_value(&node.expr));
                }
                _ => return Ok(node),
            };
        }
    }

    /// `.field` or `.0`
    fn part(&mut self, start: Span, of: Node) -> Parsed<Node> {
        self.next();
        let kind = match self.peek() {
            Kind::Int(place) => {
                let Ok(place) = u32::try_from(*place) else {
                    return Err(self.unexpected("a place such as `.0`"));
                };
                self.next();
                ExprKind::Position(of.expr, place)
            }
            _ => {
                let name = self.name("a field's name or a place such as `.0`")?;
                if self.at("(") {
                    return Err(self.method(&name));
                }
                ExprKind::Field(of.expr, name)
            }
        };
        self.node(start, kind, &[of.height])
    }

    /// `[i]` or `[from..to]`
    fn indexed(&mut self, start: Span, of: Node) -> Parsed<Node> {
        self.open("[", "")?;
        let free = std::mem::replace(&mut self.no_in, false);
        let first = if self.at("..") {
            None
        } else {
            // `not` binds weaker than what may stand before `..`.
            let weakest = if self.at_word("not") {
                Level::NOT
            } else {
                Level::SUM
            };
            Some(self.climb(weakest)?)
        };
        let sliced = self.accept("..");
        let (kind, height) = match (first, sliced) {
            (Some(first), false) => {
                let index = self.climb_from(first, Level::WEAKEST)?;
                (ExprKind::Index(of.expr, index.expr), index.height)
            }
            (from, _) => {
                let to = if self.at("]") {
                    None
                } else {
                    Some(self.climb(Level::SUM)?)
                };
                let height = [&from, &to]
                    .into_iter()
                    .flatten()
                    .map(|n| n.height)
                    .max()
                    .unwrap_or(0);
                let kind = ExprKind::Slice {
                    of: of.expr,
                    from: from.map(|n| n.expr),
                    to: to.map(|n| n.expr),
                };
                (kind, height)
            }
        };
        self.no_in = free;
        self.close()?;
        self.node(start, kind, &[of.height, height])
    }

    fn primary(&mut self) -> Parsed<Node> {
        let start = self.here();
        match self.peek() {
            Kind::Int(_) | Kind::Real(_) => {
                let number = self.number(false)?;
                self.node(start, ExprKind::Literal(number), &[])
            }
            Kind::Text(text) => {
                self.next();
                self.node(start, ExprKind::Literal(Literal::Text(text.clone())), &[])
            }
            Kind::Bytes(bytes) => {
                self.next();
                self.node(start, ExprKind::Literal(Literal::Bytes(bytes.clone())), &[])
            }
            Kind::Symbol("(") => self.parenthesised(),
            Kind::Symbol("[") => {
                let (items, height) = self.nodes("[", "")?;
                self.node(start, ExprKind::List(items), &[height])
            }
            Kind::Symbol("{") => self.map(),
            Kind::Symbol("||") => {
                self.next();
                Err(self.empty_lambda(start))
            }
            Kind::Word(word) => self.worded(word),
            _ => Err(self.no_expression()),
        }
    }

    fn worded(&mut self, word: &'a str) -> Parsed<Node> {
        let start = self.here();
        let literal = |value| ExprKind::Literal(Literal::Bool(value));
        let kind = match word {
            "true" => literal(true),
            "false" => literal(false),
            "none" => ExprKind::None,
            "some" | "old" => return self.wrapped(word),
            "match" => return self.match_(),
            "result" => return self.result(),
            "state" if matches!(self.ahead(1), Kind::Symbol(".")) => {
                ExprKind::Name("state".to_owned())
            }
            _ => return self.named_value(word),
        };
        self.next();
        self.node(start, kind, &[])
    }

    /// `some(e)`, `old(e)`
    fn wrapped(&mut self, word: &str) -> Parsed<Node> {
        let start = self.next();
        self.open("(", &format!(" after `{word}`"))?;
        let free = std::mem::replace(&mut self.no_in, false);
        let of = self.climb(Level::WEAKEST)?;
        self.no_in = free;
        self.close()?;
        let kind = if word == "old" {
            ExprKind::Old
        } else {
            ExprKind::Some
        };
        self.node(start, kind(of.expr), &[of.height])
    }

    fn result(&mut self) -> Parsed<Node> {
        let start = self.next();
        self.expect(".", " and an output's name after `result`")?;
        let name = self.name("an output's name")?;
        self.node(start, ExprKind::Result(name), &[])
    }

    /// `x`, `f(x)`, `Episode { … }` or `Kind.normal`
    fn named_value(&mut self, word: &str) -> Parsed<Node> {
        let start = self.here();
        let name = self.value_name()?;
        match self.peek() {
            Kind::Symbol("(") => self.call(start, name),
            Kind::Symbol("{") if is_type_name(word) && self.begins_fields() => {
                self.record_value(start, name)
            }
            Kind::Symbol(".") if is_type_name(word) && matches!(self.ahead(1), Kind::Word(_)) => {
                self.variant_value(start, name)
            }
            _ => self.node(start, ExprKind::Name(name.text), &[]),
        }
    }

    fn value_name(&mut self) -> Parsed<Name> {
        match self.peek() {
            Kind::Word("_") => {
                let diagnostic = Diagnostic::error(self.here(), "`_` has no value")
                    .label("cannot be read")
                    .advice("`_` stands for what is not used; give it a name");
                Err(self.report(diagnostic))
            }
            Kind::Word(word) if crate::words::is_reserved(word) => Err(self.no_expression()),
            _ => self.any_word("a name"),
        }
    }

    /// A number with the unit after it, perhaps.
    fn number(&mut self, negative: bool) -> Parsed<Literal> {
        let (kind, span) = (self.peek(), self.next());
        let unit = match self.peek() {
            Kind::Word(word) if !self.first_on_line() => Unit::from_symbol(word),
            _ => None,
        };
        if let Some(unit) = unit {
            let written = self
                .source
                .get(super::index(span.start)..super::index(span.end))
                .unwrap_or_default();
            let Some((digits, decimals)) = quantity_digits(written) else {
                return Err(self.no_quantity(span.to(self.here()), written));
            };
            self.next();
            let digits = if negative { -digits } else { digits };
            return Ok(Literal::Quantity(Quantity {
                digits,
                decimals,
                unit,
            }));
        }
        match kind {
            Kind::Real(value) => Ok(Literal::Real(if negative { -value } else { *value })),
            Kind::Int(n) => {
                let value = if negative {
                    0_i64.checked_sub_unsigned(*n)
                } else {
                    i64::try_from(*n).ok()
                };
                value.map(Literal::Int).ok_or_else(|| {
                    let diagnostic = Diagnostic::error(span, "this whole number is too large")
                        .label("2^63; only its negative fits 64 bits")
                        .advice("the largest is 9_223_372_036_854_775_807, also called `int_max`");
                    self.report(diagnostic)
                })
            }
            _ => Err(self.unexpected("a number")),
        }
    }
}
