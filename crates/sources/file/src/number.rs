//! Cells to numbers.

use crate::NumberStyle;

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Whether a trimmed cell says that there is no value.
pub(crate) fn is_missing(cell: &[u8]) -> bool {
    const WORDS: [&[u8]; 8] = [
        b"nan", b"null", b"na", b"n/a", b"#n/a", b"none", b"nil", b"\\n",
    ];
    match cell {
        [] | b"-" | b"?" => true,
        // Most cells begin with a digit; no word does.
        [b'0'..=b'9', ..] => false,
        [b'+' | b'-', word @ ..] if word.eq_ignore_ascii_case(b"nan") => true,
        _ => cell.len() <= 4 && WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word)),
    }
}

/// The number that a trimmed cell writes; `None` when it is none, or too large for a double.
pub(crate) fn parse(cell: &[u8], style: NumberStyle) -> Option<f64> {
    match style {
        NumberStyle::Point => point(cell),
        NumberStyle::ThousandsComma if cell.contains(&b',') => regrouped(cell, b',', b'.'),
        NumberStyle::ThousandsComma => point(cell),
        NumberStyle::DecimalComma if cell.contains(&b',') || cell.contains(&b'.') => {
            regrouped(cell, b'.', b',')
        }
        NumberStyle::DecimalComma => point(cell),
    }
}

/// `true` and `false` as 1 and 0.
pub(crate) fn boolean(cell: &[u8]) -> Option<f64> {
    if cell.eq_ignore_ascii_case(b"true") {
        Some(1.0)
    } else if cell.eq_ignore_ascii_case(b"false") {
        Some(0.0)
    } else {
        None
    }
}

/// Plain decimal notation: exact where mantissa and power of ten are exact doubles, otherwise the standard parser.
fn point(cell: &[u8]) -> Option<f64> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut mantissa, mut count, mut decimals, mut seen_point) = (0_u64, 0_usize, 0_usize, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' if count < 19 => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                count += 1;
                decimals += usize::from(seen_point);
            }
            b'.' if !seen_point => seen_point = true,
            _ => return standard(cell),
        }
    }
    if count == 0 || mantissa > 1 << 53 {
        return standard(cell);
    }
    let power = POWERS.get(decimals)?;
    let value = mantissa as f64 / power;
    Some(if negative { -value } else { value })
}

fn standard(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok()?;
    let value: f64 = text.parse().ok()?;
    let word = text.trim_start_matches(['+', '-']);
    let says_infinite = word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity");
    (!value.is_nan() && (value.is_finite() || says_infinite)).then_some(value)
}

/// Digits in groups of exactly three (or in one group), then perhaps decimals and an exponent.
fn regrouped(cell: &[u8], group: u8, decimal: u8) -> Option<f64> {
    let (whole, rest) = match cell.iter().position(|&b| b == decimal) {
        Some(at) => (cell.get(..at)?, cell.get(at + 1..)?),
        None => (cell, [].as_slice()),
    };
    if rest.contains(&group) || rest.contains(&decimal) {
        return None;
    }
    let digits = whole
        .strip_prefix(b"-")
        .or(whole.strip_prefix(b"+"))
        .unwrap_or(whole);
    let mut groups = digits.split(|&b| b == group);
    let first = groups.next()?;
    let grouped = digits.contains(&group);
    if !digits.iter().all(|&b| b == group || b.is_ascii_digit())
        || (grouped && !(1..=3).contains(&first.len()))
        || groups.any(|part| part.len() != 3)
    {
        return None;
    }
    // At most 64 bytes: no number of that form is longer in earnest.
    let mut plain = [0_u8; 64];
    let kept = whole.iter().filter(|&&b| b != group).copied();
    let tail = (whole.len() < cell.len()).then_some(b'.').into_iter();
    let mut len = 0;
    for byte in kept.chain(tail).chain(rest.iter().copied()) {
        *plain.get_mut(len)? = byte;
        len += 1;
    }
    point(plain.get(..len)?)
}

/// Without white space at either end.
pub(crate) fn trim(cell: &[u8]) -> &[u8] {
    cell.trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cell: &str, style: NumberStyle) -> Option<f64> {
        parse(cell.as_bytes(), style)
    }

    #[test]
    fn plain_numbers() {
        for (cell, value) in [
            ("0", 0.0),
            ("-21.0483826823", -21.0483826823),
            ("+5", 5.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("9007199254740993", 9007199254740993.0),
            ("Inf", f64::INFINITY),
            ("-infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(text(cell, NumberStyle::Point), Some(value), "{cell}");
        }
        assert!(text("-0", NumberStyle::Point).unwrap().is_sign_negative());
        for cell in [
            "", ".", "-", "+", "1e999", "1_000", "0x10", "1,5", "12%", "1 2", "NaN", "--1", "1.2.3",
        ] {
            assert_eq!(text(cell, NumberStyle::Point), None, "{cell}");
        }
    }

    #[test]
    fn grouped_numbers() {
        use NumberStyle::{DecimalComma, ThousandsComma};
        assert_eq!(text("1,234,567.5", ThousandsComma), Some(1_234_567.5));
        assert_eq!(text("-1.234,5", DecimalComma), Some(-1234.5));
        assert_eq!(text("1234,5", DecimalComma), Some(1234.5));
        assert_eq!(text("1.234", DecimalComma), Some(1234.0));
        assert_eq!(text("1,5e3", DecimalComma), Some(1500.0));
        for cell in ["12,34", "1,2345", ",123", "1,234,", "1.5,3"] {
            assert_eq!(text(cell, ThousandsComma), None, "{cell}");
        }
        for cell in ["1.5", "1,5,3", "1.23.456,1"] {
            assert_eq!(text(cell, DecimalComma), None, "{cell}");
        }
    }

    #[test]
    fn words_for_missing() {
        for cell in [
            "", "NaN", "null", "NA", "n/a", "None", "-", "?", "\\N", "-nan", "#N/A",
        ] {
            assert!(is_missing(cell.as_bytes()), "{cell}");
        }
        for cell in ["0", "nano", "-1", "inf", "x"] {
            assert!(!is_missing(cell.as_bytes()), "{cell}");
        }
    }
}
