//! Expressions that hold a list of others: calls, lists, maps, tuples, records, alternatives and `match`.

use super::exprs::Node;
use super::{Parsed, Parser};
use crate::ast::{Arm, Expr, ExprKind, Name, Pattern};
use crate::lex::Kind;
use crate::operators::Level;
use crate::{Diagnostic, Span};

impl Parser<'_> {
    /// Expressions between brackets, and the height of the highest.
    pub(super) fn nodes(
        &mut self,
        opening: &'static str,
        what_for: &str,
    ) -> Parsed<(Vec<Expr>, u32)> {
        let mut height = 0;
        let nodes = self.listed(opening, what_for, |p| p.measured(&mut height))?;
        Ok((nodes, height))
    }

    /// An expression whose height is counted.
    fn measured(&mut self, height: &mut u32) -> Parsed<Expr> {
        let node = self.climb(Level::WEAKEST)?;
        *height = node.height.max(*height);
        Ok(node.expr)
    }

    /// `(e)`, or `(a, b)`
    pub(super) fn parenthesised(&mut self) -> Parsed<Node> {
        let start = self.here();
        let (mut items, height) = self.nodes("(", "")?;
        if items.len() == 1
            && let Some(mut expr) = items.pop()
        {
            // The tree keeps no parentheses, only their place.
            expr.span = start.to(self.last);
            return Ok(Node { expr, height });
        }
        if items.is_empty() {
            return Err(self.empty_tuple(start.to(self.last)));
        }
        self.node(start, ExprKind::Tuple(items), &[height])
    }

    pub(super) fn map(&mut self) -> Parsed<Node> {
        let start = self.here();
        let mut height = 0;
        let entries = self.listed("{", "", |p| {
            let key = p.measured(&mut height)?;
            p.expect(":", " between a key and its value")?;
            Ok((key, p.measured(&mut height)?))
        })?;
        self.node(start, ExprKind::Map(entries), &[height])
    }

    pub(super) fn call(&mut self, start: Span, function: Name) -> Parsed<Node> {
        let (arguments, height) = self.nodes("(", "")?;
        let kind = ExprKind::Call {
            function,
            arguments,
        };
        self.node(start, kind, &[height])
    }

    /// Whether the brace holds fields, and not the arms of a `match`.
    pub(super) fn begins_fields(&self) -> bool {
        match (self.ahead(1), self.ahead(2)) {
            (Kind::Symbol("}"), _) => true,
            (Kind::Word(_), after) => *after == Kind::Symbol(":"),
            _ => false,
        }
    }

    pub(super) fn record_value(&mut self, start: Span, name: Name) -> Parsed<Node> {
        let mut height = 0;
        let fields = self.listed("{", "", |p| {
            let field = p.name("a field's name")?;
            p.expect(":", &format!(" and a value after `{}`", field.text))?;
            Ok((field, p.measured(&mut height)?))
        })?;
        self.node(start, ExprKind::Record { name, fields }, &[height])
    }

    pub(super) fn variant_value(&mut self, start: Span, of: Name) -> Parsed<Node> {
        self.next();
        let variant = self.name("an alternative's name")?;
        let mut height = 0;
        let mut arguments = Vec::new();
        if self.at("(") && !self.first_on_line() {
            (arguments, height) = self.nodes("(", "")?;
            if arguments.is_empty() {
                return Err(self.empty_payload(&variant));
            }
        }
        let kind = ExprKind::Variant {
            of,
            variant,
            arguments,
        };
        self.node(start, kind, &[height])
    }

    pub(super) fn match_(&mut self) -> Parsed<Node> {
        let start = self.next();
        let of = self.climb(Level::WEAKEST)?;
        let mut height = of.height;
        let arms = self.listed("{", " before the arms of this `match`", |p| {
            let pattern = p.pattern()?;
            if !p.at("->") {
                return Err(p.no_arrow());
            }
            p.next();
            let body = p.measured(&mut height)?;
            Ok(Arm { pattern, body })
        })?;
        if arms.is_empty() {
            let diagnostic = Diagnostic::error(start.to(self.last), "this `match` has no arms")
                .label("no value")
                .advice("write for example `match e { some(x) -> x, none -> 0 }`");
            return Err(self.report(diagnostic));
        }
        self.node(start, ExprKind::Match { of: of.expr, arms }, &[height])
    }

    fn pattern(&mut self) -> Parsed<Pattern> {
        match self.peek() {
            Kind::Word("_") => {
                self.next();
                Ok(Pattern::Any)
            }
            Kind::Word("none") => {
                self.next();
                Ok(Pattern::None)
            }
            Kind::Word("some") => {
                self.next();
                self.open("(", " and a name after `some`")?;
                let name = self.name("a name")?;
                self.close()?;
                Ok(Pattern::Some(name))
            }
            _ => self.variant_pattern(),
        }
    }

    fn variant_pattern(&mut self) -> Parsed<Pattern> {
        let variant = self.name("an alternative, `some(x)`, `none` or `_`")?;
        if self.at(".") {
            let diagnostic = Diagnostic::error(self.here(), "an arm names the alternative alone")
                .label("no enum here")
                .advice(format!("leave `{}.` away", variant.text));
            return Err(self.report(diagnostic));
        }
        let mut bindings = Vec::new();
        if self.at("(") {
            bindings = self.listed("(", "", |p| p.name("a name for what it carries"))?;
            if bindings.is_empty() {
                return Err(self.empty_payload(&variant));
            }
        }
        Ok(Pattern::Variant { variant, bindings })
    }
}
