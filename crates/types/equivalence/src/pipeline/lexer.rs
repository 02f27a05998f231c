//! Words, numbers and signs of a pipeline's text.

use std::ops::Range;

use super::ParseError;
use super::limits::TEXT_BYTES_MAX;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    /// A number, and its text.
    Number(f64, &'a str),
    Sign(&'static str),
    End,
}

impl Token<'_> {
    /// How an error names it.
    pub(super) fn told(self) -> String {
        match self {
            Self::Word(text) | Self::Number(_, text) => {
                let short: String = text.chars().take(40).collect();
                format!("`{short}`")
            }
            Self::Sign(text) => format!("`{text}`"),
            Self::End => "the end".into(),
        }
    }
}

const SIGNS: [&str; 14] = [
    "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "|",
];

/// Tokens with their places; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token<'_>, Range<usize>)>, ParseError> {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!(
            "the text has {} bytes; at most {TEXT_BYTES_MAX} are read",
            text.len()
        );
        return Err(ParseError::new(message, TEXT_BYTES_MAX..TEXT_BYTES_MAX));
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, bytes) = one(rest, c, at)?;
        found.push((token, at..at + bytes));
        at += bytes;
    }
    found.push((Token::End, text.len()..text.len()));
    Ok(found)
}

fn one(rest: &str, c: char, at: usize) -> Result<(Token<'_>, usize), ParseError> {
    if c.is_ascii_alphabetic() || c == '_' {
        let bytes = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        return Ok((Token::Word(rest.get(..bytes).unwrap_or(rest)), bytes));
    }
    if c.is_ascii_digit() || c == '.' {
        let bytes = number_bytes(rest);
        let text = rest.get(..bytes).unwrap_or(rest);
        return match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((Token::Number(value, text), bytes)),
            Ok(_) => Err(ParseError::new(
                format!(
                    "the number {} is out of range; write `inf` if that is meant",
                    shortened(text)
                ),
                at..at + bytes,
            )),
            Err(_) => Err(ParseError::new(
                format!("`{}` is no number", shortened(text)),
                at..at + bytes,
            )),
        };
    }
    match SIGNS.iter().find(|s| rest.starts_with(**s)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(ParseError::new(
            format!("unexpected character {c:?}"),
            at..at + c.len_utf8(),
        )),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Digits, dots and an exponent, whose sign belongs to the number.
fn number_bytes(rest: &str) -> usize {
    let mut previous = ' ';
    for (at, c) in rest.char_indices() {
        let is_exponent_sign = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E');
        if !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || is_exponent_sign) {
            return at;
        }
        previous = c;
    }
    rest.len()
}
