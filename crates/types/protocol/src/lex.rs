//! The text as tokens with their places, and the comments before each.

use std::time::Duration;

use winnow::Parser;
use winnow::combinator::alt;
use winnow::error::EmptyError;
use winnow::stream::{LocatingSlice, Location, Stream};
use winnow::token::{any, take_till, take_while};

use crate::{Diagnostic, Span};

type Input<'s> = LocatingSlice<&'s str>;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'s> {
    /// A name or a keyword.
    Word(&'s str),
    /// A whole number.
    Number(u32),
    /// A whole number with a unit of time.
    Time(Duration),
    /// A bracket or a sign.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// A comment before a token.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    /// Without `//`, one blank after it, and blanks at the end.
    pub(crate) text: String,
    /// Whether a token stands before it on its line.
    pub(crate) trails: bool,
}

/// A token with its place.
#[derive(Debug, Clone)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind<'s>,
    pub(crate) span: Span,
    /// The comments between the token before it and this one.
    pub(crate) comments: Vec<Comment>,
}

/// Signs and brackets, longest first. Types use more of them than protocols do.
const SYMBOLS: [&str; 24] = [
    "::", "->", "..", "(", ")", "[", "]", "{", "}", "<", ">", ",", ";", "@", "+", "-", "*", "%",
    "=", "&", "'", "!", ":", "?",
];

/// Takes a text apart; the last token is [`Kind::End`]. What means nothing is reported and left out.
pub(crate) fn lex<'s>(text: &'s str, report: &mut dyn FnMut(Diagnostic)) -> Vec<Token<'s>> {
    let mut input: Input<'s> = LocatingSlice::new(text);
    let mut tokens: Vec<Token<'s>> = Vec::new();
    let mut comments = Vec::new();
    let mut fresh_line = true;
    if text.starts_with('\u{feff}') {
        input.next_token();
    }
    loop {
        let blanks = take(&mut input, |c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        fresh_line |= blanks.contains(['\n', '\r']);
        let start = input.current_token_start();
        let Some(c) = input.peek_token() else {
            let span = Span::new(start, start);
            tokens.push(Token {
                kind: Kind::End,
                span,
                comments,
            });
            return tokens;
        };
        if input.starts_with("//") {
            let line: Result<&str, EmptyError> = ("//", take_till(0.., ['\n', '\r']))
                .map(|(_, line)| line)
                .parse_next(&mut input);
            let line = line.unwrap_or_default();
            if let Some((at, c)) = line.char_indices().find(|(_, c)| is_forbidden(*c)) {
                let from = start + 2 + at;
                report(strange(c, Span::new(from, from + c.len_utf8())));
            }
            let text = line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned();
            comments.push(Comment {
                text,
                trails: !fresh_line,
            });
            continue;
        }
        let kind = if c.is_ascii_alphabetic() || c == '_' {
            let word = take(&mut input, |c| c.is_ascii_alphanumeric() || c == '_');
            Ok(Kind::Word(word))
        } else if c.is_ascii_digit() {
            number(&mut input)
        } else {
            symbol(&mut input)
        };
        let span = Span::new(start, input.current_token_start());
        match kind {
            Ok(kind) => {
                let comments = std::mem::take(&mut comments);
                tokens.push(Token {
                    kind,
                    span,
                    comments,
                });
            }
            Err(what) => report(what.at(span)),
        }
        fresh_line = false;
    }
}

enum Wrong {
    Strange(char),
    TooLarge,
    NoUnit(String),
}

impl Wrong {
    fn at(self, span: Span) -> Diagnostic {
        match self {
            Self::Strange(c) => strange(c, span),
            Self::TooLarge => Diagnostic::new(span, "this number is too large")
                .advice("write at most 4294967295, and at most a year of time"),
            Self::NoUnit(unit) => Diagnostic::new(span, format!("`{unit}` is no unit of time"))
                .advice("write a number with `us`, `ms`, `s`, `m` or `h`: `500ms`"),
        }
    }
}

fn strange(c: char, span: Span) -> Diagnostic {
    if is_forbidden(c) {
        let message = format!("the character U+{:04X} means nothing here", u32::from(c));
        return Diagnostic::new(span, message).advice("remove it");
    }
    let advice = match c {
        '"' => "names and types stand without quotes",
        '/' => "comments begin with `//`",
        '→' => "write `from A to B`",
        c if c.is_alphanumeric() => "names are made of the letters a to z, digits and `_`",
        _ => "remove it",
    };
    Diagnostic::new(span, format!("`{c}` means nothing here")).advice(advice)
}

/// Characters that nobody sees or that reorder what is seen.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn take<'s>(input: &mut Input<'s>, of: impl Fn(char) -> bool) -> &'s str {
    let run: Result<&str, EmptyError> = take_while(0.., of).parse_next(input);
    run.unwrap_or_default()
}

fn symbol<'s>(input: &mut Input<'s>) -> Result<Kind<'s>, Wrong> {
    for sign in SYMBOLS {
        let found: Result<&str, EmptyError> = alt((sign,)).parse_next(input);
        if found.is_ok() {
            return Ok(Kind::Symbol(sign));
        }
    }
    let c: Result<char, EmptyError> = any.parse_next(input);
    let c = c.unwrap_or('\0');
    take(input, |d| d == c);
    Err(Wrong::Strange(c))
}

/// Longest time that may be named.
const MAX_TIME: Duration = Duration::from_secs(366 * 24 * 3600);

fn number<'s>(input: &mut Input<'s>) -> Result<Kind<'s>, Wrong> {
    let digits = take(input, |c| c.is_ascii_digit());
    let unit = take(input, |c| c.is_ascii_alphanumeric() || c == '_');
    let value: u32 = digits.parse().map_err(|_| Wrong::TooLarge)?;
    let wide = u64::from(value);
    let time = match unit {
        "" => return Ok(Kind::Number(value)),
        "us" => Duration::from_micros(wide),
        "ms" => Duration::from_millis(wide),
        "s" => Duration::from_secs(wide),
        "m" | "min" => Duration::from_secs(wide.saturating_mul(60)),
        "h" => Duration::from_secs(wide.saturating_mul(3600)),
        // A type may bear a number: `[u8; 4usize]` is none that is needed.
        other => return Err(Wrong::NoUnit(other.chars().take(20).collect())),
    };
    if time > MAX_TIME {
        Err(Wrong::TooLarge)
    } else {
        Ok(Kind::Time(time))
    }
}
