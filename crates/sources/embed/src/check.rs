//! Checks of names that run while the program is compiled.

use voidstate_core::{LABELS_MAX, MetricName};

/// Longest name in bytes, as in `voidstate-core`.
const NAME_BYTES_MAX: usize = 128;
/// Most attributes of one event, and of one span.
pub const ATTRIBUTES_MAX: usize = 32;
/// Most labels of one sample; one more is left for the name of the program.
pub const SAMPLE_LABELS_MAX: usize = LABELS_MAX - 1;

/// Whether `name` is dotted segments of `[a-z0-9_]`, none empty, of at most 128 bytes.
pub(crate) const fn is_hook_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes.len() > NAME_BYTES_MAX {
        return false;
    }
    let mut rest = bytes;
    let mut at_start = true;
    while let [byte, tail @ ..] = rest {
        match *byte {
            b'.' if at_start => return false,
            b'.' => at_start = true,
            b'a'..=b'z' | b'0'..=b'9' | b'_' => at_start = false,
            _ => return false,
        }
        rest = tail;
    }
    !at_start
}

const fn is_label(name: &str, dots: bool) -> bool {
    let bytes = name.as_bytes();
    if bytes.len() > NAME_BYTES_MAX {
        return false;
    }
    let [b'A'..=b'Z' | b'a'..=b'z' | b'_', tail @ ..] = bytes else {
        return false;
    };
    let mut rest = tail;
    while let [byte, tail @ ..] = rest {
        match *byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'0'..=b'9' => {}
            b'.' if dots => {}
            _ => return false,
        }
        rest = tail;
    }
    true
}

const fn same(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    a.is_empty() && b.is_empty()
}

const fn has_twice(names: &[&str]) -> bool {
    let mut rest = names;
    while let [name, tail @ ..] = rest {
        let mut others = tail;
        while let [other, more @ ..] = others {
            if same(name, other) {
                return true;
            }
            others = more;
        }
        rest = tail;
    }
    false
}

/// Stops the compilation when `name` is not a hook name.
///
/// # Panics
/// While compiling, when it is not.
pub const fn hook_name(name: &str) {
    assert!(
        is_hook_name(name),
        "a hook name is dotted segments of a-z, 0-9 and _, none of them empty, at most 128 bytes in all: \"program.request\""
    );
}

/// Stops the compilation when `keys` cannot be the attributes of an event.
///
/// # Panics
/// While compiling, when there are more than 32, one is given twice, or one is not letters, digits, `_` and dots.
pub const fn attribute_names(keys: &[&str]) {
    assert!(
        keys.len() <= ATTRIBUTES_MAX,
        "an event has at most 32 attributes"
    );
    assert!(!has_twice(keys), "an attribute is given twice");
    let mut rest = keys;
    while let [key, tail @ ..] = rest {
        assert!(
            is_label(key, true),
            "an attribute name is a letter or _, then letters, digits, _ and dots, at most 128 bytes"
        );
        rest = tail;
    }
}

/// Stops the compilation when `keys` cannot be the labels of a sample.
///
/// # Panics
/// While compiling, when there are more than 31, one is given twice, or one is not letters, digits and `_`.
pub const fn label_names(keys: &[&str]) {
    assert!(
        keys.len() <= SAMPLE_LABELS_MAX,
        "a sample has at most 31 labels (one more names the program)"
    );
    assert!(!has_twice(keys), "a label is given twice");
    let mut rest = keys;
    while let [key, tail @ ..] = rest {
        assert!(
            is_label(key, false),
            "a label name is a letter or _, then letters, digits and _, at most 128 bytes"
        );
        rest = tail;
    }
}

/// The name without the `r#` of a raw identifier.
pub const fn plain(key: &str) -> &str {
    match key.as_bytes() {
        [b'r', b'#', ..] => key.split_at(2).1,
        _ => key,
    }
}

/// Whether the name does for a metric that is also its own hook.
pub(crate) fn is_sample_name(name: &str) -> bool {
    is_hook_name(name) && MetricName::new(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use voidstate_core::HookName;

    #[test]
    fn hook_names_are_those_of_core() {
        let long = "a".repeat(129);
        let full = "a".repeat(128);
        let cases = [
            "a",
            "a.b",
            "memory.after_allocation",
            "x.0.y",
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "A",
            "a b",
            "ä",
            "a-b",
            &long,
            &full,
        ];
        for case in cases {
            assert_eq!(is_hook_name(case), HookName::new(case).is_ok(), "{case:?}");
        }
    }

    #[test]
    fn labels_and_twins() {
        assert!(is_label("a_1", false) && is_label("http.route", true));
        assert!(!is_label("http.route", false) && !is_label("", true) && !is_label("1a", true));
        assert!(has_twice(&["a", "b", "a"]) && !has_twice(&["a", "ab", "b"]));
        assert_eq!((plain("r#type"), plain("type")), ("type", "type"));
    }
}
