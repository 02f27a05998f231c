//! The inside of `O(…)`.

use super::{Parsed, Parser};
use crate::ast::Bound;
use crate::lex::Kind;
use crate::words::{MAX_DEPTH, is_reserved};
use crate::{Diagnostic, Span};

/// A bound and its height.
type Measured = (Bound, u32);

impl Parser<'_> {
    pub(super) fn bound(&mut self) -> Parsed<Bound> {
        Ok(self.sum()?.0)
    }

    fn sum(&mut self) -> Parsed<Measured> {
        self.deeper(|p| {
            let start = p.here();
            let mut terms = vec![p.product()?];
            while p.accept("+") {
                terms.push(p.product()?);
            }
            p.several(start, terms, Bound::Sum)
        })
    }

    fn product(&mut self) -> Parsed<Measured> {
        let start = self.here();
        let mut factors = vec![self.factor()?];
        while self.accept("*") || self.begins_factor() {
            factors.push(self.factor()?);
        }
        self.several(start, factors, Bound::Product)
    }

    fn begins_factor(&self) -> bool {
        match self.peek() {
            Kind::Word(word) => !is_reserved(word),
            Kind::Int(_) | Kind::Symbol("(") => true,
            _ => false,
        }
    }

    fn several(
        &mut self,
        start: Span,
        mut parts: Vec<Measured>,
        kind: fn(Vec<Bound>) -> Bound,
    ) -> Parsed<Measured> {
        if parts.len() == 1
            && let Some(only) = parts.pop()
        {
            return Ok(only);
        }
        let height = parts.iter().map(|(_, h)| *h).max().unwrap_or(0);
        self.higher(
            start,
            kind(parts.into_iter().map(|(b, _)| b).collect()),
            height,
        )
    }

    fn higher(&mut self, start: Span, bound: Bound, height: u32) -> Parsed<Measured> {
        if height >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        Ok((bound, height + 1))
    }

    fn factor(&mut self) -> Parsed<Measured> {
        let start = self.here();
        let (base, height) = self.atom()?;
        let bare_log = matches!(base, Bound::Log(_) | Bound::Sqrt(_))
            && !matches!(self.last_kind, Kind::Symbol(")"));
        if bare_log && (self.at("^") || self.at("!")) {
            let diagnostic = Diagnostic::error(self.here(), "this can be read in two ways")
                .label("of the argument or of the whole?")
                .advice("write `log(n^2)` or `(log n)^2`");
            return Err(self.report(diagnostic));
        }
        if self.accept("!") {
            return self.higher(start, Bound::Factorial(Box::new(base)), height);
        }
        if !self.at("^") {
            return Ok((base, height));
        }
        self.next();
        match (base, self.peek()) {
            (Bound::Constant(base), Kind::Word(_) | Kind::Symbol("(")) => {
                let (exponent, height) = self.atom()?;
                self.higher(start, Bound::Exponential(base, Box::new(exponent)), height)
            }
            (base, Kind::Int(_)) => {
                let exponent = self.small("an exponent")?;
                self.higher(start, Bound::Power(Box::new(base), exponent), height)
            }
            (_, Kind::Word(_) | Kind::Symbol("(")) => {
                let diagnostic =
                    Diagnostic::error(self.here(), "an exponent of a variable is a whole number")
                        .label("not a number")
                        .advice("write `n^2`, or `2^n` for exponential growth");
                Err(self.report(diagnostic))
            }
            _ => Err(self.unexpected("an exponent")),
        }
    }

    fn atom(&mut self) -> Parsed<Measured> {
        let start = self.here();
        match self.peek() {
            Kind::Int(_) => Ok((Bound::Constant(self.small("a constant")?), 1)),
            Kind::Word(word @ ("log" | "sqrt")) => {
                self.next();
                let (argument, height) = self.deeper(|p| match p.peek() {
                    Kind::Int(_) | Kind::Word(_) | Kind::Symbol("(") => p.atom(),
                    _ => Err(p.unexpected(&format!("what `{word}` is taken of"))),
                })?;
                let kind = if *word == "log" {
                    Bound::Log
                } else {
                    Bound::Sqrt
                };
                self.higher(start, kind(Box::new(argument)), height)
            }
            Kind::Word(_) => Ok((Bound::Variable(self.name("a variable of the bound")?), 1)),
            Kind::Symbol("(") => {
                self.open("(", "")?;
                let inner = self.sum()?;
                self.close()?;
                Ok(inner)
            }
            _ => Err(self.unexpected("a bound such as `n log n`")),
        }
    }

    fn small(&mut self, what: &str) -> Parsed<u32> {
        let Kind::Int(n) = self.peek() else {
            return Err(self.unexpected(what));
        };
        let Ok(small) = u32::try_from(*n) else {
            let diagnostic = Diagnostic::error(self.here(), format!("{n} is too large for {what}"))
                .label("more than 32 bits")
                .advice(format!("it is at most {}", u32::MAX));
            return Err(self.report(diagnostic));
        };
        self.next();
        Ok(small)
    }
}
