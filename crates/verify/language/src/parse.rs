//! From the source text to the tree.
//!
//! The grammar needs no backtracking: every choice is made by looking at the next token, twice at the next three. A
//! mistake is reported where it stands, and reading goes on at the next member or item.

mod advice;
mod bounds;
mod calls;
mod exprs;
mod foreign;
mod infix;
mod items;
mod members;
mod protocols;
mod recovery;
mod types;

use winnow::stream::{Stream, TokenSlice};

use crate::ast::{Document, Name};
use crate::lex::{Comment, Kind, MAX_DIAGNOSTICS, Token, lex, span};
use crate::words::{MAX_DEPTH, MAX_SOURCE, is_reserved};
use crate::{Diagnostic, Diagnostics, Span};

/// Reads a source text.
///
/// # Errors
/// Everything that is wrong with it, up to 50 mistakes, in the order of the text.
///
/// Time and memory grow linearly with the source; sources over 64 MiB are refused.
pub fn parse(source: &str) -> Result<Document, Diagnostics> {
    if source.len() > MAX_SOURCE {
        let whole = Diagnostic::error(
            span(0, 0),
            format!("this source has {} bytes", source.len()),
        );
        let advice = format!("at most {MAX_SOURCE} are read; split it");
        return Err(whole.label("too large").advice(advice).into());
    }
    let mut diagnostics = Diagnostics::new();
    let lexed = lex(source, &mut diagnostics);
    let mut parser = Parser {
        source,
        tokens: TokenSlice::new(&lexed.tokens),
        comments: &lexed.comments,
        end: span(source.len(), source.len()),
        last: Span::default(),
        last_kind: Kind::End,
        diagnostics,
        brackets: Vec::new(),
        depth: 0,
        no_in: false,
        protocols: Vec::new(),
        foreign: Vec::new(),
    };
    let lexed_badly = parser.diagnostics.len();
    let document = parser.document();
    parser.forget_foreign(lexed_badly);
    if parser.diagnostics.is_empty() {
        Ok(document)
    } else {
        parser.diagnostics.sort();
        Err(parser.diagnostics)
    }
}

/// What went wrong is among the diagnostics.
#[derive(Debug)]
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    source: &'a str,
    tokens: TokenSlice<'a, Token<'a>>,
    /// Those that belong to nothing yet.
    comments: &'a [Comment],
    /// The end of the source.
    end: Span,
    /// The token that was taken last.
    last: Span,
    last_kind: Kind<'a>,
    diagnostics: Diagnostics,
    /// Brackets that are open, with their places.
    brackets: Vec<(&'static str, Span)>,
    /// Expressions, types and bounds inside each other.
    depth: u32,
    /// Whether `in` ends the expression because it belongs to a `let`.
    no_in: bool,
    /// The protocols that were read.
    protocols: Vec<voidstate_protocol::Protocol>,
    /// Where they stand.
    foreign: Vec<Span>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a Kind<'a> {
        self.ahead(0)
    }

    fn ahead(&self, tokens: usize) -> &'a Kind<'a> {
        self.token(tokens).map_or(&Kind::End, |token| &token.kind)
    }

    fn token(&self, ahead: usize) -> Option<&'a Token<'a>> {
        self.tokens
            .peek_slice(self.tokens.len().min(ahead + 1))
            .get(ahead)
    }

    /// Where the next token stands. At the end that is where the last one ended, not the blank lines after it.
    fn here(&self) -> Span {
        match self.token(0) {
            Some(token) if token.kind != Kind::End => token.span,
            _ => Span::new(self.last.end, self.last.end),
        }
    }

    /// Where the next token begins, blank lines and comments included.
    fn next_start(&self) -> u32 {
        self.token(0).map_or(self.end, |token| token.span).start
    }

    fn first_on_line(&self) -> bool {
        self.token(0).is_none_or(|token| token.first_on_line)
    }

    fn next(&mut self) -> Span {
        match self.tokens.next_token() {
            Some(token) => {
                self.last = token.span;
                self.last_kind.clone_from(&token.kind);
                token.span
            }
            None => self.end,
        }
    }

    fn at(&self, symbol: &str) -> bool {
        matches!(self.peek(), Kind::Symbol(s) if *s == symbol)
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(self.peek(), Kind::Word(w) if *w == word)
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

    /// A word that is not reserved.
    fn name(&mut self, what: &str) -> Parsed<Name> {
        match self.peek() {
            Kind::Word(word) if is_reserved(word) && *word != "_" => Err(self.reserved(word, what)),
            Kind::Word(_) => self.any_word(what),
            _ => Err(self.unexpected(what)),
        }
    }

    /// A word that may be reserved.
    fn any_word(&mut self, what: &str) -> Parsed<Name> {
        let Kind::Word(word) = self.peek() else {
            return Err(self.unexpected(what));
        };
        let span = self.next();
        Ok(Name {
            text: (*word).to_owned(),
            span,
        })
    }

    fn label(&mut self, what: &str) -> Parsed<String> {
        let Kind::Text(text) = self.peek() else {
            return Err(self.unexpected(what));
        };
        self.next();
        Ok(text.clone())
    }

    /// Takes an opening bracket. Everything up to its [`close`](Self::close) is one level deeper.
    fn open(&mut self, symbol: &'static str, what_for: &str) -> Parsed<()> {
        let place = self.expect(symbol, what_for)?;
        let depth = u32::try_from(self.brackets.len()).unwrap_or(u32::MAX);
        if depth >= MAX_DEPTH {
            return Err(self.too_deep(place));
        }
        self.brackets.push((symbol, place));
        Ok(())
    }

    /// Takes the closing bracket of the innermost open one.
    fn close(&mut self) -> Parsed<()> {
        let Some(&(opening, place)) = self.brackets.last() else {
            return Ok(());
        };
        let closing = closing(opening);
        if !self.at(closing) {
            return Err(self.unclosed(opening, closing, place));
        }
        self.brackets.pop();
        self.next();
        Ok(())
    }

    /// Items between brackets, with commas between them and perhaps one at the end.
    fn listed<T>(
        &mut self,
        opening: &'static str,
        what_for: &str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.open(opening, what_for)?;
        let free = std::mem::replace(&mut self.no_in, false);
        let mut items = Vec::new();
        while !self.at(closing(opening)) {
            items.push(item(self)?);
            if !self.accept(",") {
                break;
            }
        }
        self.no_in = free;
        self.close()?;
        Ok(items)
    }

    /// Goes one level deeper for the time of `inner`.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        // A node needs at most one bracket of its own, so that a formatted tree always fits.
        if self.depth >= 2 * MAX_DEPTH + 2 {
            return Err(self.too_deep(self.here()));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
        Reported
    }

    /// Comments before a place that belong to nothing yet.
    fn comments_before(&mut self, place: u32) -> Vec<String> {
        let count = self
            .comments
            .iter()
            .take_while(|c| c.span.start < place)
            .count();
        self.take_comments(count)
    }

    /// Comments before the end of what was read last, and those after it on its line.
    fn comments_to_here(&mut self) -> Vec<String> {
        let next = self.next_start();
        let mut end = self.last.end;
        let mut count = 0;
        for comment in self.comments {
            let between = || {
                self.source
                    .get(index(end)..index(comment.span.start))
                    .unwrap_or("\n")
            };
            let inside = comment.span.start < end;
            if !inside && (comment.span.start >= next || between().contains(['\n', '\r'])) {
                break;
            }
            end = end.max(comment.span.end);
            count += 1;
        }
        self.take_comments(count)
    }

    fn take_comments(&mut self, count: usize) -> Vec<String> {
        let (taken, rest) = self
            .comments
            .split_at_checked(count)
            .unwrap_or((self.comments, &[]));
        self.comments = rest;
        taken.iter().map(|c| c.text.clone()).collect()
    }
}

/// The larger of two heights and one more.
fn above(heights: &[u32]) -> u32 {
    heights.iter().copied().max().unwrap_or(0) + 1
}

fn closing(opening: &str) -> &'static str {
    match opening {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        "<" => ">",
        _ => "|",
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
