//! From text to pipeline, by recursive descent.

use std::ops::Range;

use super::lexer::{Token, tokens};
use super::limits::{NESTING_MAX, NODES_MAX};
use super::{
    Aggregate, Binary, Comparison, Expr, Number, ParseError, Pipeline, Pred, Stage, Unary,
};

/// Brackets and prefixes within one another; what a pipeline within its limits prints stays below.
const BRACKETS_MAX: usize = 72;

const STAGES: &str = "where, map, window, sliding, running, delta, rate, dedup, skip, take, every, tee, merge or pass";
const AGGREGATES: &str = "sum, min, max, mean, count, first, last, distinct or quantile";

pub(super) fn pipeline(text: &str) -> Result<Pipeline, ParseError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        nesting: 0,
        operators: 0,
    };
    let stages = parser.stages()?;
    match parser.peek() {
        Token::End => {
            Pipeline::new(stages).map_err(|e| ParseError::new(e.to_string(), 0..text.len()))
        }
        other => Err(parser.unexpected(other, "`|` or the end")),
    }
}

/// An expression or a predicate: a bracket may open either.
enum Term {
    Expr(Expr),
    Pred(Pred),
}

struct Parser<'a> {
    tokens: Vec<(Token<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
    nesting: usize,
    operators: usize,
}

type Parsed<T> = Result<T, ParseError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Token<'a> {
        self.tokens.get(self.at).map_or(Token::End, |t| t.0)
    }

    fn span(&self) -> Range<usize> {
        let last = self.tokens.last().map_or(0..0, |t| t.1.clone());
        self.tokens.get(self.at).map_or(last, |t| t.1.clone())
    }

    /// From the start of token `from` to the end of the last one taken.
    fn span_from(&self, from: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(0, |t| t.1.start);
        let end = self
            .at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(start, |t| t.1.end);
        start..end.max(start)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Token::Sign(s) if s == sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = matches!(self.peek(), Token::Word(w) if w == word);
        self.at += usize::from(is_there);
        is_there
    }

    fn unexpected(&self, found: Token<'_>, expected: &str) -> ParseError {
        ParseError::new(
            format!("found {}, expected {expected}", found.told()),
            self.span(),
        )
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.unexpected(self.peek(), &format!("`{sign}`")))
        }
    }

    fn word(&mut self, expected: &str) -> Parsed<&'a str> {
        match self.peek() {
            Token::Word(word) => {
                self.at += 1;
                Ok(word)
            }
            other => Err(self.unexpected(other, expected)),
        }
    }

    fn stages(&mut self) -> Parsed<Vec<Stage>> {
        let mut stages = Vec::new();
        loop {
            stages.extend(self.stage()?);
            if !self.take("|") {
                return Ok(stages);
            }
        }
    }

    fn stage(&mut self) -> Parsed<Option<Stage>> {
        let at = self.span();
        let word = self.word(STAGES)?;
        Ok(Some(match word {
            "pass" => return Ok(None),
            "where" => Stage::Where(self.pred()?),
            "map" => Stage::Map(self.expr()?),
            "window" => {
                let aggregate = self.aggregate()?;
                let count = self.count()?;
                let every = if self.take_word("every") {
                    self.count()?
                } else {
                    count
                };
                Stage::Window {
                    aggregate,
                    count,
                    every,
                }
            }
            "sliding" => {
                let aggregate = self.aggregate()?;
                Stage::Window {
                    aggregate,
                    count: self.count()?,
                    every: 1,
                }
            }
            "running" => Stage::Running(self.aggregate()?),
            "delta" => Stage::Delta,
            "rate" => Stage::Rate,
            "dedup" => Stage::Dedup,
            "skip" => Stage::Skip(self.count()?),
            "take" => Stage::Take(self.count()?),
            "every" => Stage::Every(self.count()?),
            "tee" => {
                let expected = "add, sub, mul, div, min or max";
                let at = self.span();
                let word = self.word(expected)?;
                let Some(op) = Binary::ALL.into_iter().find(|op| op.word() == word) else {
                    let message =
                        format!("found {}, expected {expected}", Token::Word(word).told());
                    return Err(ParseError::new(message, at));
                };
                let (a, b) = self.branches()?;
                Stage::Tee(op, a, b)
            }
            "merge" => {
                let (a, b) = self.branches()?;
                Stage::Merge(a, b)
            }
            _ => {
                let message = format!(
                    "{} is no stage; expected {STAGES}",
                    Token::Word(word).told()
                );
                return Err(ParseError::new(message, at));
            }
        }))
    }

    fn branches(&mut self) -> Parsed<(Pipeline, Pipeline)> {
        if self.nesting >= NESTING_MAX {
            let message = format!("branches within branches: at most {NESTING_MAX} deep");
            return Err(ParseError::new(message, self.span()));
        }
        self.nesting += 1;
        self.expect("(")?;
        let a = self.branch()?;
        self.expect(",")?;
        let b = self.branch()?;
        self.expect(")")?;
        self.nesting -= 1;
        Ok((a, b))
    }

    fn branch(&mut self) -> Parsed<Pipeline> {
        let from = self.at;
        let stages = self.stages()?;
        Pipeline::new(stages).map_err(|e| ParseError::new(e.to_string(), self.span_from(from)))
    }

    fn aggregate(&mut self) -> Parsed<Aggregate> {
        let at = self.span();
        let word = self.word(AGGREGATES)?;
        Ok(match word {
            "sum" => Aggregate::Sum,
            "min" => Aggregate::Min,
            "max" => Aggregate::Max,
            "mean" => Aggregate::Mean,
            "count" => Aggregate::Count,
            "first" => Aggregate::First,
            "last" => Aggregate::Last,
            "distinct" => Aggregate::Distinct,
            "quantile" => Aggregate::Quantile(self.number("a number from 0 to 1")?),
            _ => {
                let message = format!("found {}, expected {AGGREGATES}", Token::Word(word).told());
                return Err(ParseError::new(message, at));
            }
        })
    }

    fn number(&mut self, expected: &str) -> Parsed<Number> {
        match self.peek() {
            Token::Number(value, _) => {
                self.at += 1;
                Ok(Number::new(value))
            }
            other => Err(self.unexpected(other, expected)),
        }
    }

    fn count(&mut self) -> Parsed<u64> {
        match self.peek() {
            Token::Number(_, text) => match text.parse::<u64>() {
                Ok(count) => {
                    self.at += 1;
                    Ok(count)
                }
                Err(_) => Err(self.unexpected(self.peek(), "a whole number of samples")),
            },
            other => Err(self.unexpected(other, "a number of samples")),
        }
    }

    fn pred(&mut self) -> Parsed<Pred> {
        let from = self.at;
        let term = self.or()?;
        self.as_pred(term, from)
    }

    fn expr(&mut self) -> Parsed<Expr> {
        let from = self.at;
        let term = self.or()?;
        self.as_expr(term, from)
    }

    fn as_pred(&self, term: Term, from: usize) -> Parsed<Pred> {
        match term {
            Term::Pred(p) => Ok(p),
            Term::Expr(_) => {
                let message = "this is a number, expected a condition such as `value > 0.5`";
                Err(ParseError::new(message, self.span_from(from)))
            }
        }
    }

    fn as_expr(&self, term: Term, from: usize) -> Parsed<Expr> {
        match term {
            Term::Expr(e) => Ok(e),
            Term::Pred(_) => {
                let message = "this is a condition, expected a number such as `value * 2`";
                Err(ParseError::new(message, self.span_from(from)))
            }
        }
    }

    fn or(&mut self) -> Parsed<Term> {
        self.deeper(|p| {
            let from = p.at;
            let mut left = p.and()?;
            while p.take_word("or") {
                p.operator()?;
                let a = p.as_pred(left, from)?;
                let right = p.at;
                let b = p.and()?;
                left = Term::Pred(Pred::Or(Box::new(a), Box::new(p.as_pred(b, right)?)));
            }
            Ok(left)
        })
    }

    fn and(&mut self) -> Parsed<Term> {
        let from = self.at;
        let mut left = self.not()?;
        while self.take_word("and") {
            self.operator()?;
            let a = self.as_pred(left, from)?;
            let right = self.at;
            let b = self.not()?;
            left = Term::Pred(Pred::And(Box::new(a), Box::new(self.as_pred(b, right)?)));
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed<Term> {
        if !self.take_word("not") {
            return self.comparison();
        }
        self.deeper(|p| {
            let from = p.at;
            let term = p.not()?;
            Ok(Term::Pred(Pred::Not(Box::new(p.as_pred(term, from)?))))
        })
    }

    fn comparison(&mut self) -> Parsed<Term> {
        let from = self.at;
        let left = self.sum()?;
        let Token::Sign(sign) = self.peek() else {
            return Ok(left);
        };
        let Some(op) = Comparison::ALL.into_iter().find(|c| c.sign() == sign) else {
            return Ok(left);
        };
        let a = self.as_expr(left, from)?;
        self.at += 1;
        let right = self.at;
        let b = self.sum()?;
        let b = self.as_expr(b, right)?;
        Ok(Term::Pred(Pred::Compare(op, a, b)))
    }

    fn sum(&mut self) -> Parsed<Term> {
        self.chain(&[("+", Binary::Add), ("-", Binary::Sub)], Self::product)
    }

    fn product(&mut self) -> Parsed<Term> {
        self.chain(&[("*", Binary::Mul), ("/", Binary::Div)], Self::prefix)
    }

    /// Operators of one precedence, which bind to the left.
    fn chain(
        &mut self,
        ops: &[(&'static str, Binary)],
        next: fn(&mut Self) -> Parsed<Term>,
    ) -> Parsed<Term> {
        let from = self.at;
        let mut left = next(self)?;
        loop {
            let found = ops
                .iter()
                .find(|(sign, _)| self.peek() == Token::Sign(sign));
            let Some((_, op)) = found else {
                return Ok(left);
            };
            self.operator()?;
            let a = self.as_expr(left, from)?;
            self.at += 1;
            let right = self.at;
            let b = next(self)?;
            left = Term::Expr(Expr::binary(*op, a, self.as_expr(b, right)?));
        }
    }

    fn prefix(&mut self) -> Parsed<Term> {
        if !self.take("-") {
            return self.primary();
        }
        // A minus before a literal belongs to it: `-3` is a constant, `-(3)` a negation.
        match self.peek() {
            Token::Number(value, _) => {
                self.at += 1;
                Ok(Term::Expr(Expr::constant(-value)))
            }
            Token::Word("inf") => {
                self.at += 1;
                Ok(Term::Expr(Expr::constant(f64::NEG_INFINITY)))
            }
            Token::Sign("(") => {
                let from = self.at;
                let term = self.primary()?;
                Ok(Term::Expr(Expr::unary(
                    Unary::Neg,
                    self.as_expr(term, from)?,
                )))
            }
            _ => self.deeper(|p| {
                let from = p.at;
                let term = p.prefix()?;
                Ok(Term::Expr(Expr::unary(Unary::Neg, p.as_expr(term, from)?)))
            }),
        }
    }

    fn primary(&mut self) -> Parsed<Term> {
        let expected = "`value`, a number, a function, `not` or `(`";
        match self.peek() {
            Token::Number(value, _) => {
                self.at += 1;
                Ok(Term::Expr(Expr::constant(value)))
            }
            Token::Sign("(") => {
                self.at += 1;
                let term = self.or()?;
                self.expect(")")?;
                Ok(term)
            }
            Token::Word(word) => {
                let known = self.named(word)?;
                known.ok_or_else(|| self.unexpected(Token::Word(word), expected))
            }
            other => Err(self.unexpected(other, expected)),
        }
    }

    fn named(&mut self, word: &str) -> Parsed<Option<Term>> {
        let here = self.at;
        self.at += 1;
        let term = match word {
            "value" => Term::Expr(Expr::Value),
            "inf" => Term::Expr(Expr::constant(f64::INFINITY)),
            "nan" => Term::Expr(Expr::constant(f64::NAN)),
            "true" => Term::Pred(Pred::Always(true)),
            "false" => Term::Pred(Pred::Always(false)),
            "finite" => {
                let [x] = self.arguments()?;
                Term::Pred(Pred::Finite(x))
            }
            "clamp" => {
                let [x, low, high] = self.arguments()?;
                let capped = Expr::binary(Binary::Min, x, high);
                Term::Expr(Expr::binary(Binary::Max, low, capped))
            }
            "min" | "max" => {
                let [a, b] = self.arguments()?;
                let op = if word == "min" {
                    Binary::Min
                } else {
                    Binary::Max
                };
                Term::Expr(Expr::binary(op, a, b))
            }
            _ => match Unary::ALL.into_iter().find(|op| op.word() == word) {
                Some(op) => {
                    let [x] = self.arguments()?;
                    Term::Expr(Expr::unary(op, x))
                }
                None => {
                    self.at = here;
                    return Ok(None);
                }
            },
        };
        Ok(Some(term))
    }

    fn arguments<const N: usize>(&mut self) -> Parsed<[Expr; N]> {
        let from = self.at;
        self.expect("(")?;
        let mut found = Vec::with_capacity(N);
        while found.len() < N {
            if !found.is_empty() {
                self.expect(",")?;
            }
            found.push(self.expr()?);
        }
        self.expect(")")?;
        let span = self.span_from(from);
        found
            .try_into()
            .map_err(|_| ParseError::new(format!("expected {N} arguments"), span))
    }

    /// Counts an operator: a long chain of them is a deep tree.
    fn operator(&mut self) -> Parsed<()> {
        self.operators += 1;
        if self.operators <= NODES_MAX {
            return Ok(());
        }
        Err(ParseError::new(
            format!("more than {NODES_MAX} operators"),
            self.span(),
        ))
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= BRACKETS_MAX {
            let message = format!("brackets within brackets: at most {BRACKETS_MAX} deep");
            return Err(ParseError::new(message, self.span()));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }
}
