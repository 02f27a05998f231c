//! Numbers, texts and bytes.

use winnow::stream::{Location, Stream};

use super::{Input, Kind, accept, span, take};
use crate::words::{MAX_DECIMALS, is_forbidden};
use crate::{Diagnostic, Span};

type Lexical<T> = Result<T, Box<Diagnostic>>;

/// The largest magnitude of a whole number: that of `int_min`.
const MAX_MAGNITUDE: u64 = 1 << 63;

fn fail<T>(
    span: Span,
    message: impl Into<String>,
    label: &str,
    advice: impl Into<String>,
) -> Lexical<T> {
    Err(Box::new(
        Diagnostic::error(span, message).label(label).advice(advice),
    ))
}

/// Starts at a digit. With `whole_only` a point does not belong to it.
pub(super) fn number<'s>(input: &mut Input<'s>, whole_only: bool) -> Lexical<Kind<'s>> {
    let digit = |c: char| c.is_ascii_digit() || c == '_';
    let start = input.current_token_start();
    let from = input.checkpoint();
    let whole = take(input, digit);
    if whole == "0" && input.starts_with(['x', 'X', 'b', 'o']) {
        take(input, |c| c.is_ascii_alphanumeric() || c == '_');
        let span = span(start, input.current_token_start());
        return fail(
            span,
            "numbers are written in tens",
            "no such number",
            "write it with the digits 0 to 9",
        );
    }
    let mut real = false;
    if !whole_only {
        if input.starts_with('.')
            && input
                .get(1..)
                .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
        {
            real = true;
            input.next_token();
            take(input, digit);
        }
        real |= exponent(input);
    }
    let end = input.current_token_start();
    input.reset(&from);
    let written = input.next_slice(end - start);
    let span = span(start, end);
    if written.ends_with('_')
        || written.contains("__")
        || written.contains("_.")
        || written.contains("._")
    {
        return fail(
            span,
            "`_` stands between two digits",
            "in this number",
            "write 1_000_000",
        );
    }
    let plain: String = written.chars().filter(|c| *c != '_').collect();
    if real {
        as_real(&plain, span)
    } else {
        as_int(&plain, span)
    }
}

/// Takes `e`, a sign and digits, when all of them are there.
fn exponent(input: &mut Input<'_>) -> bool {
    let rest = input.trim_start_matches(['e', 'E']);
    let signless = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    if input.len() - rest.len() != 1 || !signless.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    input.next_slice(input.len() - signless.len());
    take(input, |c| c.is_ascii_digit());
    true
}

fn as_int<'s>(plain: &str, span: Span) -> Lexical<Kind<'s>> {
    match plain.parse::<u64>() {
        Ok(n) if n <= MAX_MAGNITUDE => Ok(Kind::Int(n)),
        _ => fail(
            span,
            "this whole number is too large",
            "more than 64 bits",
            "the range is -9_223_372_036_854_775_808 to 9_223_372_036_854_775_807; write 1e30 for a real",
        ),
    }
}

fn as_real<'s>(plain: &str, span: Span) -> Lexical<Kind<'s>> {
    let value = plain.parse::<f64>().unwrap_or(f64::INFINITY);
    let mantissa = plain.split(['e', 'E']).next().unwrap_or_default();
    let vanished = value == 0.0 && mantissa.contains(|c: char| matches!(c, '1'..='9'));
    if value.is_finite() && !vanished {
        return Ok(Kind::Real(value));
    }
    fail(
        span,
        format!(
            "this real number is too {}",
            if vanished { "small" } else { "large" }
        ),
        "outside 64 bits",
        "magnitudes go from 5e-324 to 1.7976931348623157e308; write `infinity` for the infinite",
    )
}

/// Digits and number of decimals of a decimal number as it is written; none when it has an exponent or does not fit.
pub(crate) fn quantity_digits(written: &str) -> Option<(i64, u8)> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let digits: String = whole
        .chars()
        .chain(fraction.chars())
        .filter(|c| *c != '_')
        .collect();
    let decimals = fraction.chars().filter(|c| *c != '_').count();
    let decimals = u8::try_from(decimals).ok().filter(|d| *d <= MAX_DECIMALS)?;
    Some((digits.parse().ok()?, decimals))
}

/// Starts at the opening quote.
pub(super) fn text(input: &mut Input<'_>) -> Lexical<String> {
    let mut text = String::new();
    quoted(input, &mut |piece, _| match piece {
        Piece::Plain(run) => {
            text.push_str(run);
            Ok(())
        }
        Piece::Char(c) => {
            text.push(c);
            Ok(())
        }
        Piece::Byte(_) => Err((
            "`\\x` stands for a byte",
            "write \\u{…} in a text, or b\"…\" for bytes",
        )),
    })?;
    Ok(text)
}

/// Starts at the opening quote, after the `b`.
pub(super) fn bytes(input: &mut Input<'_>) -> Lexical<Vec<u8>> {
    let mut bytes = Vec::new();
    quoted(input, &mut |piece, escaped| match piece {
        Piece::Plain(run) if run.is_ascii() => {
            bytes.extend_from_slice(run.as_bytes());
            Ok(())
        }
        Piece::Plain(_) => Err((
            "bytes are written with ASCII characters",
            "write its bytes as \\xNN",
        )),
        Piece::Char(c) => match u8::try_from(c) {
            Ok(byte) if !escaped => {
                bytes.push(byte);
                Ok(())
            }
            _ => Err(("`\\u` stands for a character", "write \\xNN in bytes")),
        },
        Piece::Byte(byte) => {
            bytes.push(byte);
            Ok(())
        }
    })?;
    Ok(bytes)
}

enum Piece<'s> {
    /// Characters that stand for themselves.
    Plain(&'s str),
    Char(char),
    Byte(u8),
}

/// Takes a piece and whether it was written `\u{…}`; or says why it may not be there and what to do.
type Take<'t> = &'t mut dyn FnMut(Piece<'_>, bool) -> Result<(), (&'static str, &'static str)>;

/// Everything up to the closing quote. After a mistake the rest of the literal is skipped, so that it is one mistake.
fn quoted(input: &mut Input<'_>, take_piece: Take<'_>) -> Lexical<()> {
    let open = input.current_token_start();
    input.next_token();
    let mut mistake = Ok(());
    loop {
        let start = input.current_token_start();
        let run = take(input, |c| {
            !matches!(c, '"' | '\\' | '\n' | '\r') && !is_forbidden(c)
        });
        let mut place = span(start, input.current_token_start());
        let mut outcome = if run.is_empty() {
            Ok(())
        } else {
            take_piece(Piece::Plain(run), false)
        };
        if outcome.is_ok() {
            let start = input.current_token_start();
            match input.peek_token() {
                // A line's end is no part of it, so that the next line can be read.
                None | Some('\n' | '\r') => {
                    return mistake.and(fail(
                        span(open, start),
                        "this text is never closed",
                        "opened here",
                        "close it with `\"` on the same line; a line break is written \\n",
                    ));
                }
                Some('"') => {
                    input.next_token();
                    return mistake;
                }
                Some('\\') => {
                    input.next_token();
                    let escape = escape(input);
                    place = span(start, input.current_token_start());
                    outcome = escape.and_then(|(piece, unicode)| take_piece(piece, unicode));
                }
                Some(_) => {
                    input.next_token();
                    place = span(start, input.current_token_start());
                    outcome = Err((
                        "a character that cannot be seen stands in this literal",
                        "write it as \\u{…}",
                    ));
                }
            }
        }
        if let (Err((message, advice)), Ok(())) = (outcome, &mistake) {
            mistake = fail(place, message, "here", advice);
        }
    }
}

/// What stands after `\`.
fn escape<'s>(input: &mut Input<'_>) -> Result<(Piece<'s>, bool), (&'static str, &'static str)> {
    const KNOWN: &str = "the escapes are \\n \\r \\t \\0 \\\\ \\\" \\u{…}, and \\xNN in bytes";
    let plain = |c| Ok((Piece::Char(c), false));
    match input.peek_token() {
        Some('n') => (input.next_token(), plain('\n')).1,
        Some('r') => (input.next_token(), plain('\r')).1,
        Some('t') => (input.next_token(), plain('\t')).1,
        Some('0') => (input.next_token(), plain('\0')).1,
        Some(c @ ('\\' | '"')) => (input.next_token(), plain(c)).1,
        Some('x') => {
            input.next_token();
            let digits = input
                .get(..2)
                .filter(|d| d.chars().all(|c| c.is_ascii_hexdigit()));
            let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
            let Some(byte) = byte else {
                return Err(("`\\x` is followed by two digits", "write for example \\x1f"));
            };
            input.next_slice(2);
            Ok((Piece::Byte(byte), false))
        }
        Some('u') => {
            input.next_token();
            let opened = accept(input, "{");
            let digits = take(input, |c| c.is_ascii_hexdigit());
            let closed = accept(input, "}");
            if !(opened && closed && matches!(digits.len(), 1..=6)) {
                return Err((
                    "`\\u` is followed by one to six digits in braces",
                    "write for example \\u{1f600}",
                ));
            }
            let c = u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32);
            c.map(|c| (Piece::Char(c), true)).ok_or((
                "`\\u{…}` names no character",
                "characters go from 0 to 10ffff, without the surrogates d800 to dfff",
            ))
        }
        Some('\n' | '\r') | None => Err(("`\\` stands before the end of the line", KNOWN)),
        Some(_) => {
            input.next_token();
            Err(("this escape means nothing", KNOWN))
        }
    }
}
