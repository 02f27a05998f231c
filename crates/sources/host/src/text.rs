//! Reading kernel text: lines, fields and numbers as bytes.
//!
//! procfs prints digits and nothing else, so anything that `str::parse` would also take (signs, `inf`, exponents) is
//! refused here.

/// The complete lines of `text`, and whether something without a line end follows them.
///
/// The kernel ends every line; a last line without an end was cut, and a number in it may have lost digits.
pub(crate) fn complete(text: &[u8]) -> (&[u8], bool) {
    let end = text
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |at| at + 1);
    (text.get(..end).unwrap_or_default(), end < text.len())
}

/// The lines of `text` without their ends; empty ones are left out.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&b| b == b'\n').filter(|line| !line.is_empty())
}

/// The fields of a line, between blanks.
pub(crate) fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace)
        .filter(|field| !field.is_empty())
}

/// A whole number of decimal digits.
pub(crate) fn number(field: &[u8]) -> Option<u64> {
    if field.is_empty() {
        return None;
    }
    field.iter().try_fold(0_u64, |sum, &b| {
        let digit = b.is_ascii_digit().then(|| u64::from(b - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// A number of decimal digits with at most one point, finite and not negative.
pub(crate) fn decimal(field: &[u8]) -> Option<f64> {
    let plain = field.iter().all(|&b| b.is_ascii_digit() || b == b'.');
    if !plain || field.len() > 40 || !field.iter().any(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// A name as readable text: printable characters stand for themselves, everything else is escaped, so that different
/// names stay different and none can steer a terminal.
pub(crate) fn readable(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '\\' || c.is_control() || is_format(c) {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
        for &b in chunk.invalid() {
            out.extend(std::ascii::escape_default(b).map(char::from));
        }
    }
    out
}

/// Invisible characters that reorder or hide text.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_only() {
        assert_eq!(number(b"0"), Some(0));
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        for bad in [
            &b""[..],
            b"18446744073709551616",
            b"-1",
            b"+1",
            b"NaN",
            b"1.0",
            b"1e3",
            b"\xff",
            b"0x1",
        ] {
            assert_eq!(number(bad), None, "{bad:?}");
        }
        assert_eq!(decimal(b"0.39"), Some(0.39));
        for bad in [
            &b"NaN"[..],
            b"inf",
            b"-1.0",
            b"1e5",
            b"",
            b".",
            b"1.2.3",
            &[b'9'; 400],
        ] {
            assert_eq!(decimal(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_not_a_line() {
        assert_eq!(complete(b"a 1\nb 23"), (&b"a 1\n"[..], true));
        assert_eq!(complete(b"a 1\n"), (&b"a 1\n"[..], false));
        assert_eq!(complete(b""), (&b""[..], false));
    }

    #[test]
    fn readable_names_stay_different_and_harmless() {
        assert_eq!(readable(b"eth0"), "eth0");
        assert_eq!(readable(b"a\x1b[31m\n"), "a\\u{1b}[31m\\n");
        assert_ne!(readable(b"\xff"), readable(b"\xfe"));
        assert_ne!(readable(b"\\xff"), readable(b"\xff"));
        assert_eq!(readable("ä b".as_bytes()), "ä b");
    }
}
