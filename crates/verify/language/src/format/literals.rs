//! Literals as they are written.

use std::fmt::Write;

use crate::ast::{Literal, Quantity};
use crate::words::is_forbidden;

/// Whole numbers of at least so many digits are written in groups of three.
const GROUPED_FROM: usize = 6;

pub(super) fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => int_text(*value),
        Literal::Real(value) => real_text(*value),
        Literal::Text(text) => text_text(text),
        Literal::Bytes(bytes) => bytes_text(bytes),
        Literal::Quantity(quantity) => quantity_text(*quantity),
    }
}

fn int_text(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let sign = if value < 0 { "-" } else { "" };
    if digits.len() < GROUPED_FROM {
        return format!("{sign}{digits}");
    }
    let mut text = sign.to_owned();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// Reals from here up, and below [`SMALL`], are written with an exponent where that is shorter.
const LARGE: f64 = 1e5;
const SMALL: f64 = 1e-3;

/// A text of the fewest digits that reads back as this real; the constants `nan` and `infinity` where there is none.
pub(crate) fn real_text(value: f64) -> String {
    match value {
        v if v.is_nan() => "nan".to_owned(),
        f64::INFINITY => "infinity".to_owned(),
        f64::NEG_INFINITY => "-infinity".to_owned(),
        v => {
            let plain = format!("{v:?}");
            let exponent = || Some(format!("{v:e}")).filter(|e| e.len() < plain.len());
            let far = v != 0.0 && !(SMALL..LARGE).contains(&v.abs());
            far.then(exponent).flatten().unwrap_or(plain)
        }
    }
}

/// Digits, point and unit.
fn quantity_text(quantity: Quantity) -> String {
    let sign = if quantity.digits < 0 { "-" } else { "" };
    let decimals = usize::from(quantity.decimals);
    let digits = format!(
        "{:0>width$}",
        quantity.digits.unsigned_abs(),
        width = decimals + 1
    );
    let (whole, fraction) = digits
        .split_at_checked(digits.len() - decimals)
        .unwrap_or((&digits, ""));
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction} {}", quantity.unit.symbol())
}

/// A text between quotes.
pub(crate) fn text_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match short_escape(c) {
            Some(escape) => out.push_str(escape),
            None if is_forbidden(c) => {
                escape_into(&mut out, format_args!("\\u{{{:x}}}", u32::from(c)))
            }
            None => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Bytes between quotes.
pub(crate) fn bytes_text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push_str("b\"");
    for byte in bytes {
        let c = char::from(*byte);
        match short_escape(c) {
            Some(escape) => out.push_str(escape),
            None if matches!(c, ' '..='~') => out.push(c),
            None => escape_into(&mut out, format_args!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

fn short_escape(c: char) -> Option<&'static str> {
    match c {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        '\0' => Some("\\0"),
        _ => None,
    }
}

fn escape_into(out: &mut String, escape: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = out.write_fmt(escape);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for (value, text) in [
            (0, "0"),
            (-5, "-5"),
            (10_000, "10000"),
            (100_000, "100_000"),
            (-1_234_567, "-1_234_567"),
            (i64::MIN, "-9_223_372_036_854_775_808"),
        ] {
            assert_eq!(int_text(value), text);
        }
        for (value, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e-9, "1e-9"),
            (1e300, "1e300"),
            (1e9, "1e9"),
            (-1.5e6, "-1.5e6"),
            (1e5, "1e5"),
            (10_000.0, "10000.0"),
            (123_456_789.0, "123456789.0"),
            (1_234_567.5, "1234567.5"),
            (0.001, "0.001"),
            (0.0001, "1e-4"),
            (0.000_123, "1.23e-4"),
            (0.0, "0.0"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(real_text(value), text);
        }
        for (digits, decimals, text) in [
            (15, 1, "1.5 ms"),
            (-5, 3, "-0.005 ms"),
            (7, 0, "7 ms"),
            (150, 2, "1.50 ms"),
            (0, 1, "0.0 ms"),
        ] {
            let quantity = Quantity {
                digits,
                decimals,
                unit: Unit::Milliseconds,
            };
            assert_eq!(quantity_text(quantity), text);
        }
    }

    #[test]
    fn texts_hide_nothing() {
        assert_eq!(
            text_text("a\"\\\n\u{1}é\u{202e}"),
            r#""a\"\\\n\u{1}é\u{202e}""#
        );
        assert_eq!(bytes_text(b"a\"\xff\0\x1f"), r#"b"a\"\xff\0\x1f""#);
    }
}
