//! From the text to the tree.
//!
//! Every choice of the grammar is made by the next two tokens. A mistake is reported where it stands, and reading goes on
//! at the next step or protocol.

mod steps;
mod types;

use std::sync::Arc;

use crate::ast::{Expr, ExprKind, Name, Op, Param, Protocol, RoleDecl};
use crate::lex::{Kind, Token, lex};
use crate::resolve::resolve;
use crate::{Diagnostic, Span};

/// Longest text that is read, in bytes.
pub const MAX_TEXT: usize = 4 << 20;
/// Deepest nesting of blocks, brackets and expressions.
pub const MAX_DEPTH: usize = 64;
/// More than this many complaints help nobody.
const MAX_DIAGNOSTICS: usize = 50;

/// Words that name nothing.
pub(crate) const RESERVED: [&str; 16] = [
    "protocol", "role", "choice", "at", "or", "crash", "rec", "continue", "do", "for", "in",
    "from", "to", "within", "session", "_",
];

/// Reads protocols.
///
/// Names are resolved, loops and choices are well-formed and, where all parameters are fixed, indices lie in their
/// families. Whether every role can play its part is for [`Protocol::project`] to say.
///
/// # Errors
/// Everything that is wrong with the text, up to 50 mistakes, in its order; none of them for an empty text, which holds no
/// protocol. Time and memory grow linearly with the text; texts over 4 MiB are refused.
pub fn parse(text: &str) -> Result<Vec<Protocol>, Vec<Diagnostic>> {
    parse_after(text, &[])
}

/// Reads protocols that may name those of `known` as well.
///
/// # Errors
/// As [`parse`].
pub fn parse_after(text: &str, known: &[Protocol]) -> Result<Vec<Protocol>, Vec<Diagnostic>> {
    if text.len() > MAX_TEXT {
        let message = format!("this text has {} bytes", text.len());
        let advice = format!("at most {MAX_TEXT} are read; split it");
        return Err(vec![
            Diagnostic::new(Span::default(), message).advice(advice),
        ]);
    }
    let mut diagnostics = Vec::new();
    let tokens = lex(text, &mut |d| {
        if diagnostics.len() < MAX_DIAGNOSTICS {
            diagnostics.push(d);
        }
    });
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        taken: 0,
        pending: Vec::new(),
        depth: 0,
        last: Span::default(),
        diagnostics,
    };
    let parsed = parser.protocols();
    let mut diagnostics = parser.diagnostics;
    if diagnostics.is_empty() {
        match resolve(parsed, known) {
            Ok(protocols) => return Ok(protocols.into_iter().map(Arc::unwrap_or_clone).collect()),
            Err(found) => diagnostics = found,
        }
    }
    diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
    diagnostics.truncate(MAX_DIAGNOSTICS);
    Err(diagnostics)
}

/// What went wrong is among the diagnostics.
#[derive(Debug)]
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// Comments of tokens before this one belong to something already, or are pending.
    taken: usize,
    /// Comments inside the step that is being read.
    pending: Vec<String>,
    depth: usize,
    last: Span,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn ahead(&self, n: usize) -> Kind<'a> {
        self.tokens.get(self.at + n).map_or(Kind::End, |t| t.kind)
    }

    fn peek(&self) -> Kind<'a> {
        self.ahead(0)
    }

    /// Where the next token stands; at the end of the text, where the last one ended.
    fn here(&self) -> Span {
        match self.tokens.get(self.at) {
            Some(token) if token.kind != Kind::End => token.span,
            _ => Span::new(self.last.end, self.last.end),
        }
    }

    fn next(&mut self) -> Span {
        self.take_comments();
        if let Some(token) = self.tokens.get(self.at)
            && token.kind != Kind::End
        {
            self.at += 1;
            self.last = token.span;
        }
        self.last
    }

    /// Moves the comments before the next token to the pending ones.
    fn take_comments(&mut self) {
        if self.taken <= self.at
            && let Some(token) = self.tokens.get(self.at)
        {
            self.pending
                .extend(token.comments.iter().map(|c| c.text.clone()));
            self.taken = self.at + 1;
        }
    }

    /// The pending comments, with those that stand behind the last token on its line.
    fn comments_behind(&mut self) -> Vec<String> {
        if self.taken <= self.at
            && let Some(token) = self.tokens.get(self.at)
            && token.comments.first().is_some_and(|c| c.trails)
        {
            self.take_comments();
        }
        std::mem::take(&mut self.pending)
    }

    fn at(&self, symbol: &str) -> bool {
        matches!(self.peek(), Kind::Symbol(s) if s == symbol)
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(self.peek(), Kind::Word(w) if w == word)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.at(symbol);
        if found {
            self.next();
        }
        found
    }

    fn accept_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, symbol: &str, what_for: &str) -> Parsed<Span> {
        if self.at(symbol) {
            return Ok(self.next());
        }
        Err(self.unexpected(&format!("`{symbol}`{what_for}")))
    }

    fn expect_word(&mut self, word: &str, what_for: &str) -> Parsed<Span> {
        if self.at_word(word) {
            return Ok(self.next());
        }
        Err(self.unexpected(&format!("`{word}`{what_for}")))
    }

    fn name(&mut self, what: &str) -> Parsed<Name> {
        match self.peek() {
            Kind::Word(word) if RESERVED.contains(&word) => {
                let d = Diagnostic::new(
                    self.here(),
                    format!("expected {what}, found the word `{word}`"),
                )
                .advice(format!(
                    "`{word}` belongs to the language; choose another name"
                ));
                Err(self.report(d))
            }
            Kind::Word(word) => {
                let span = self.next();
                Ok(Name {
                    text: word.to_owned(),
                    span,
                })
            }
            _ => Err(self.unexpected(what)),
        }
    }

    fn unexpected(&mut self, expected: &str) -> Reported {
        let found = match self.peek() {
            Kind::Word(w) => format!("`{}`", shortened(w)),
            Kind::Number(n) => format!("the number {n}"),
            Kind::Time(_) => "a time".to_owned(),
            Kind::Symbol(s) => format!("`{s}`"),
            Kind::End => "the end of the text".to_owned(),
        };
        let diagnostic =
            Diagnostic::new(self.here(), format!("expected {expected}, found {found}"));
        self.report(diagnostic)
    }

    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
        Reported
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            let d = Diagnostic::new(
                self.here(),
                format!("this is nested deeper than {MAX_DEPTH} levels"),
            )
            .advice("move a part into a protocol of its own and inline it with `do`");
            return Err(self.report(d));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn protocols(&mut self) -> Vec<Protocol> {
        let mut protocols: Vec<Protocol> = Vec::new();
        loop {
            while self.accept(";") {}
            self.take_comments();
            if self.peek() == Kind::End || self.diagnostics.len() >= MAX_DIAGNOSTICS {
                let rest = std::mem::take(&mut self.pending);
                if let Some(last) = protocols.last_mut() {
                    last.after = rest;
                }
                return protocols;
            }
            let comments = std::mem::take(&mut self.pending);
            match self.protocol(comments) {
                Ok(protocol) => protocols.push(protocol),
                Err(Reported) => self.skip_to_protocol(),
            }
        }
    }

    fn skip_to_protocol(&mut self) {
        self.depth = 0;
        while !matches!(self.peek(), Kind::End) {
            if self.at_word("protocol") && !matches!(self.ahead(1), Kind::Symbol(_)) {
                return;
            }
            self.next();
        }
    }

    fn protocol(&mut self, comments: Vec<String>) -> Parsed<Protocol> {
        let start = self.here();
        if !self.at_word("protocol") {
            let reported = self.unexpected("`protocol`");
            self.next();
            return Err(reported);
        }
        self.next();
        let name = self.name("the protocol's name")?;
        let mut params = Vec::new();
        if self.accept("<") {
            while !self.at(">") {
                let name = self.name("a parameter's name")?;
                let value = if self.accept("=") {
                    Some(self.number("the parameter's value")?)
                } else {
                    None
                };
                params.push(Param { name, value });
                if !self.accept(",") {
                    break;
                }
            }
            self.expect(">", " after the parameters")?;
        }
        self.expect("(", " before the roles")?;
        let mut roles = Vec::new();
        while !self.at(")") {
            self.expect_word("role", " before each role's name")?;
            let name = self.name("a role's name")?;
            let size = if self.accept("[") {
                let size = self.expr()?;
                self.expect("]", " after the family's size")?;
                Some(size)
            } else {
                None
            };
            roles.push(RoleDecl { name, size });
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")", " after the roles")?;
        let mut body = self.block()?;
        let behind = self.comments_behind();
        body.splice(
            0..0,
            behind.into_iter().map(|text| steps::comment(text, start)),
        );
        Ok(Protocol {
            comments,
            name,
            params,
            roles,
            body,
            after: Vec::new(),
            span: start.to(self.last),
        })
    }

    fn number(&mut self, what: &str) -> Parsed<u32> {
        match self.peek() {
            Kind::Number(n) => {
                self.next();
                Ok(n)
            }
            _ => Err(self.unexpected(what)),
        }
    }

    /// Sums of products, left to right.
    fn expr(&mut self) -> Parsed<Expr> {
        self.deeper(|p| {
            let mut left = p.product()?;
            // A long sum is a deep tree.
            for _ in 0..MAX_DEPTH {
                let op = match p.peek() {
                    Kind::Symbol("+") => Op::Add,
                    Kind::Symbol("-") => Op::Subtract,
                    _ => return Ok(left),
                };
                p.next();
                let right = p.product()?;
                left = binary(op, left, right);
            }
            Err(p.unexpected("the end of a sum that is this long"))
        })
    }

    fn product(&mut self) -> Parsed<Expr> {
        let mut left = self.atom()?;
        for _ in 0..MAX_DEPTH {
            let op = match self.peek() {
                Kind::Symbol("*") => Op::Multiply,
                Kind::Symbol("%") => Op::Remainder,
                _ => return Ok(left),
            };
            self.next();
            let right = self.atom()?;
            left = binary(op, left, right);
        }
        Err(self.unexpected("the end of a product that is this long"))
    }

    fn atom(&mut self) -> Parsed<Expr> {
        if self.accept("(") {
            let inner = self.expr()?;
            self.expect(")", " after the number")?;
            return Ok(inner);
        }
        if let Kind::Number(n) = self.peek() {
            let span = self.next();
            return Ok(Expr {
                kind: ExprKind::Number(n),
                span,
            });
        }
        let name = self.name("a number, a parameter or the variable of a `for`")?;
        Ok(Expr {
            kind: ExprKind::Name(name.text),
            span: name.span,
        })
    }
}

fn binary(op: Op, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Binary(op, Box::new(left), Box::new(right)),
        span,
    }
}

/// Words of any length fit a message.
pub(crate) fn shortened(word: &str) -> String {
    const MOST: usize = 40;
    let mut short: String = word.chars().take(MOST).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}
