//! Operators between expressions.

use super::exprs::Node;
use super::{Parsed, Parser, above};
use crate::Diagnostic;
use crate::ast::{BinaryOp, CompareOp, Expr, ExprKind};
use crate::lex::Kind;
use crate::operators::Level;
use crate::words::MAX_DEPTH;

enum Infix {
    Binary(BinaryOp),
    Compare(CompareOp),
    Approx,
    Range,
}

impl Infix {
    const fn level(&self) -> Level {
        match self {
            Self::Binary(op) => op.level(),
            Self::Compare(_) | Self::Approx => Level::COMPARE,
            Self::Range => Level::RANGE,
        }
    }
}

impl Parser<'_> {
    fn infix(&mut self) -> Parsed<Option<Infix>> {
        let binary = |op| Ok(Some(Infix::Binary(op)));
        let compare = |op| Ok(Some(Infix::Compare(op)));
        match self.peek() {
            Kind::Symbol(symbol) => match *symbol {
                "<=>" => binary(BinaryOp::Equivalent),
                "=>" => binary(BinaryOp::Implies),
                "+" => binary(BinaryOp::Add),
                "-" => binary(BinaryOp::Subtract),
                "++" => binary(BinaryOp::Concat),
                "*" => binary(BinaryOp::Multiply),
                "/" => binary(BinaryOp::Divide),
                "%" => binary(BinaryOp::Remainder),
                "==" => compare(CompareOp::Equal),
                "!=" => compare(CompareOp::NotEqual),
                "<" => compare(CompareOp::Less),
                "<=" => compare(CompareOp::LessEqual),
                ">" => compare(CompareOp::Greater),
                ">=" => compare(CompareOp::GreaterEqual),
                "~=" => Ok(Some(Infix::Approx)),
                ".." => Ok(Some(Infix::Range)),
                "=" | "&&" | "||" | "->" | "===" | "!==" | "<>" | ":=" | "&" | "^" | "?" | "!"
                | "::" | "~" | "+=" | "-=" => Err(self.foreign_operator()),
                _ => Ok(None),
            },
            Kind::Word(word) => match *word {
                "or" => binary(BinaryOp::Or),
                "and" => binary(BinaryOp::And),
                "in" if !self.no_in => compare(CompareOp::In),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Goes on after a first operand for as long as operators bind at least as strongly as `weakest`.
    pub(super) fn climb_from(&mut self, mut left: Node, weakest: Level) -> Parsed<Node> {
        while let Some(infix) = self.infix()? {
            let level = infix.level();
            if level < weakest {
                break;
            }
            left = match infix {
                Infix::Binary(op) => {
                    self.next();
                    let right_level = if op == BinaryOp::Implies {
                        level
                    } else {
                        level.stronger()
                    };
                    let right = self.climb(right_level)?;
                    let heights = [left.height, right.height];
                    let start = left.expr.span;
                    self.node(start, ExprKind::Binary(op, left.expr, right.expr), &heights)?
                }
                Infix::Compare(_) => self.comparison(left)?,
                Infix::Approx => self.approx(left)?,
                Infix::Range => self.range(left)?,
            };
        }
        Ok(left)
    }

    fn comparison(&mut self, first: Node) -> Parsed<Node> {
        let start = first.expr.span;
        let mut height = first.height;
        let mut rest: Vec<(CompareOp, Expr)> = Vec::new();
        while let Some(Infix::Compare(op)) = self.infix()? {
            self.next();
            let operand = self.climb(Level::RANGE)?;
            height = height.max(operand.height);
            rest.push((op, operand.expr));
        }
        if self.at("~=") {
            return Err(self.chained_approx());
        }
        let kind = ExprKind::Compare {
            first: first.expr,
            rest,
        };
        self.node(start, kind, &[height])
    }

    fn approx(&mut self, left: Node) -> Parsed<Node> {
        self.next();
        let right = self.climb(Level::RANGE)?;
        if !self.at_word("within") {
            return Err(self.no_tolerance());
        }
        self.next();
        let tolerance = self.climb(Level::RANGE)?;
        let relative = self.accept_word("relative");
        if self.at("~=") || matches!(self.infix()?, Some(Infix::Compare(_))) {
            return Err(self.chained_approx());
        }
        let heights = [left.height, right.height, tolerance.height];
        let start = left.expr.span;
        let kind = ExprKind::Approx {
            left: left.expr,
            right: right.expr,
            tolerance: tolerance.expr,
            relative,
        };
        self.node(start, kind, &heights)
    }

    fn range(&mut self, from: Node) -> Parsed<Node> {
        self.next();
        let to = self.climb(Level::SUM)?;
        if self.at("..") {
            let diagnostic = Diagnostic::error(self.here(), "a range has two ends")
                .label("a third one")
                .advice("put one range in parentheses");
            return Err(self.report(diagnostic));
        }
        let height = above(&[from.height, to.height]);
        let start = from.expr.span;
        if height > MAX_DEPTH {
            return Err(self.too_deep(start.to(self.last)));
        }
        let kind = ExprKind::Range(from.expr, to.expr);
        self.node(start, kind, &[from.height, to.height])
    }
}
