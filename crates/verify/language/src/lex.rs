//! The source text as tokens with their places.

mod literal;

use winnow::Parser;
use winnow::combinator::alt;
use winnow::error::EmptyError;
use winnow::stream::{LocatingSlice, Location, Stream};
use winnow::token::{any, take_till, take_while};

pub(crate) use literal::quantity_digits;

use crate::words::{begins_word, continues_word, is_forbidden};
use crate::{Diagnostic, Diagnostics, Span};

pub(crate) type Input<'s> = LocatingSlice<&'s str>;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind<'s> {
    /// A name or a keyword.
    Word(&'s str),
    /// A whole number up to 2^63; only its negative may be that large.
    Int(u64),
    /// A number with a point or an exponent.
    Real(f64),
    /// A text without its escapes.
    Text(String),
    /// Bytes without their escapes.
    Bytes(Vec<u8>),
    /// An operator or a bracket.
    Symbol(&'static str),
    /// Something that has been complained about.
    Bad,
    /// The end of the source.
    End,
}

/// A token with its place.
#[derive(Debug, Clone)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind<'s>,
    pub(crate) span: Span,
    /// Whether nothing but blanks stands before it on its line.
    pub(crate) first_on_line: bool,
}

/// A comment with its place.
#[derive(Debug)]
pub(crate) struct Comment {
    /// Without `//`, one blank after it, and blanks at the end.
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A source text taken apart. The last token is [`Kind::End`].
#[derive(Debug, Default)]
pub(crate) struct Lexed<'s> {
    pub(crate) tokens: Vec<Token<'s>>,
    pub(crate) comments: Vec<Comment>,
}

/// More than this many complaints help nobody.
pub(crate) const MAX_DIAGNOSTICS: usize = 50;

/// Operators and brackets, and what other languages write for them, longest first.
const SYMBOLS: [&str; 44] = [
    "<=>", "===", "!==", "=>", "==", "!=", "<=", ">=", "<>", "~=", "->", "..", "++", "&&", "||",
    ":=", "::", "+=", "-=", "(", ")", "[", "]", "{", "}", "<", ">", "=", "+", "-", "*", "/", "%",
    ".", ",", ":", ";", "?", "|", "!", "^", "&", "~", "#",
];

/// Takes a source text apart. Its length must fit a span.
pub(crate) fn lex<'s>(source: &'s str, diagnostics: &mut Diagnostics) -> Lexed<'s> {
    let mut lexer = Lexer {
        input: LocatingSlice::new(source),
        lexed: Lexed::default(),
        diagnostics,
        first_on_line: true,
    };
    if source.starts_with('\u{feff}') {
        lexer.input.next_token();
    }
    while lexer.step() {}
    lexer.lexed
}

struct Lexer<'s, 'd> {
    input: Input<'s>,
    lexed: Lexed<'s>,
    diagnostics: &'d mut Diagnostics,
    first_on_line: bool,
}

impl<'s> Lexer<'s, '_> {
    /// One token or comment; false at the end.
    fn step(&mut self) -> bool {
        let blanks = take(&mut self.input, |c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        self.first_on_line |= blanks.contains(['\n', '\r']);
        let start = self.input.current_token_start();
        let after_point = self.after_point();
        let Some(c) = self.input.peek_token() else {
            self.push(Kind::End, start);
            return false;
        };
        let kind = match c {
            '/' if self.input.starts_with("//") => {
                self.comment(start);
                return true;
            }
            'b' if self.input.starts_with("b\"") => {
                self.input.next_token();
                literal::bytes(&mut self.input).map(Kind::Bytes)
            }
            '"' => literal::text(&mut self.input).map(Kind::Text),
            c if begins_word(c) => Ok(Kind::Word(take(&mut self.input, continues_word))),
            // After a point only whole numbers stand: `pair.0.1` is a place in a place.
            c if c.is_ascii_digit() => literal::number(&mut self.input, after_point),
            _ => self.symbol(),
        };
        let kind = kind.unwrap_or_else(|diagnostic| {
            self.report(*diagnostic);
            Kind::Bad
        });
        self.push(kind, start);
        true
    }

    fn symbol(&mut self) -> Result<Kind<'s>, Box<Diagnostic>> {
        let start = self.input.current_token_start();
        let found = SYMBOLS.iter().find(|s| self.input.starts_with(**s));
        if let Some(symbol) = found {
            self.input.next_slice(symbol.len());
            return Ok(Kind::Symbol(symbol));
        }
        let strange: Result<char, EmptyError> = any.parse_next(&mut self.input);
        let c = strange.unwrap_or('\0');
        // A run of the same kind of character is one complaint.
        take(&mut self.input, |d| {
            d == c || (is_forbidden(c) && is_forbidden(d))
        });
        let span = span(start, self.input.current_token_start());
        Err(Box::new(strange_character(c, span)))
    }

    fn comment(&mut self, start: usize) {
        let line: Result<&str, EmptyError> = ("//", take_till(0.., ['\n', '\r']))
            .map(|(_, line)| line)
            .parse_next(&mut self.input);
        let line = line.unwrap_or_default();
        let span = span(start, self.input.current_token_start());
        if let Some((at, c)) = line.char_indices().find(|(_, c)| is_forbidden(*c)) {
            let from = start + 2 + at;
            self.report(strange_character(c, self::span(from, from + c.len_utf8())));
        }
        let text = line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned();
        self.lexed.comments.push(Comment { text, span });
    }

    fn after_point(&self) -> bool {
        self.lexed
            .tokens
            .last()
            .is_some_and(|t| t.kind == Kind::Symbol("."))
    }

    fn push(&mut self, kind: Kind<'s>, start: usize) {
        let span = span(start, self.input.current_token_start());
        self.lexed.tokens.push(Token {
            kind,
            span,
            first_on_line: std::mem::take(&mut self.first_on_line),
        });
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The longest run of such characters.
pub(crate) fn take<'s>(input: &mut Input<'s>, of: impl Fn(char) -> bool) -> &'s str {
    let run: Result<&str, EmptyError> = take_while(0.., of).parse_next(input);
    run.unwrap_or_default()
}

/// Whether the text came next; then it is taken.
pub(crate) fn accept(input: &mut Input<'_>, text: &'static str) -> bool {
    let found: Result<&str, EmptyError> = alt((text,)).parse_next(input);
    found.is_ok()
}

/// Places of a source whose length fits.
pub(crate) fn span(start: usize, end: usize) -> Span {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(place(start), place(end))
}

fn strange_character(c: char, span: Span) -> Diagnostic {
    let shown = if is_forbidden(c) {
        format!("the character U+{:04X}", u32::from(c))
    } else {
        format!("`{c}`")
    };
    let diagnostic =
        Diagnostic::error(span, format!("{shown} means nothing here")).label("strange character");
    match c {
        c if is_forbidden(c) => diagnostic.advice(format!(
            "remove it; inside a text write \\u{{{:x}}}",
            u32::from(c)
        )),
        '\'' | '\u{2018}'..='\u{201f}' => {
            diagnostic.advice("texts stand between straight double quotes: \"text\"")
        }
        '≤' => diagnostic.advice("write `<=`"),
        '≥' => diagnostic.advice("write `>=`"),
        '≠' => diagnostic.advice("write `!=`"),
        '∧' => diagnostic.advice("write `and`"),
        '∨' => diagnostic.advice("write `or`"),
        '¬' => diagnostic.advice("write `not`"),
        '→' | '⇒' => diagnostic.advice("write `=>`"),
        '−' | '–' => diagnostic.advice("write `-`"),
        '×' | '·' => diagnostic.advice("write `*`"),
        c if c.is_alphabetic() => {
            diagnostic.advice("names are made of the letters a to z, digits and `_`")
        }
        _ => diagnostic.advice("remove it"),
    }
}
