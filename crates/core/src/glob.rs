//! Globs over dotted names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::excerpt;
use crate::{Error, Result};

/// A glob over dotted names.
///
/// `*` stands for any run of characters inside one segment, `**` (a whole segment) for any number of segments, also
/// none. Everything else stands for itself: `host.*` matches `host.cpu` but neither `host` nor `host.cpu.user`;
/// `host.**` matches all three.
///
/// Matching costs O(pattern × name) time and no allocation, whatever the pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Glob(String);

/// The glob by which tools subscribe to hooks.
pub type HookPattern = Glob;

impl Glob {
    /// Checks and wraps `text`.
    ///
    /// # Errors
    /// [`Error::Name`] when it is empty, longer than 128 bytes, has an empty segment, a `**` inside a segment or a
    /// control character.
    pub fn new(text: &str) -> Result<Self> {
        let reason = if text.is_empty() {
            "it is empty"
        } else if text.len() > crate::name::NAME_BYTES_MAX {
            "it is longer than 128 bytes"
        } else if text.split('.').any(str::is_empty) {
            "a segment between dots is empty"
        } else if text.split('.').any(|s| s != "**" && s.contains("**")) {
            "`**` must be a whole segment"
        } else if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            "blanks and control characters are not allowed"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(Error::Name {
            kind: "pattern",
            text: excerpt(text),
            reason,
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the pattern stands for exactly one name.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether `name` matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        backtrack(
            Some(&self.0),
            Some(name),
            '.',
            |pattern| pattern == "**",
            wildcard,
        )
    }
}

/// Greedy matching with one backtrack point: a wide segment swallows segments one by one.
fn backtrack<'a>(
    mut pattern: Option<&'a str>,
    mut name: Option<&'a str>,
    separator: char,
    is_wide: impl Fn(&str) -> bool,
    one: impl Fn(&str, &str) -> bool,
) -> bool {
    let cut = |text: &'a str| match text.split_once(separator) {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    };
    let mut retry: Option<(Option<&'a str>, Option<&'a str>)> = None;
    loop {
        let step = match (pattern.map(cut), name.map(cut)) {
            (Some((wide, rest)), _) if is_wide(wide) => {
                retry = Some((rest, name));
                Some((rest, name))
            }
            (Some((p, rest_p)), Some((n, rest_n))) if one(p, n) => Some((rest_p, rest_n)),
            (None, None) => return true,
            _ => None,
        };
        (pattern, name) = match step {
            Some(next) => next,
            None => {
                let Some((after_wide, Some(swallowed))) = retry else {
                    return false;
                };
                let rest = cut(swallowed).1;
                retry = Some((after_wide, rest));
                (after_wide, rest)
            }
        };
    }
}

/// `*` inside one segment, by bytes.
fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(byte) if Some(byte) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after_star, swallowed)) = retry else {
                    return false;
                };
                retry = Some((after_star, swallowed + 1));
                p = after_star;
                t = swallowed + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|b| *b == b'*')
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Glob {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

impl TryFrom<String> for Glob {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::new(&text)
    }
}

impl From<Glob> for String {
    fn from(glob: Glob) -> Self {
        glob.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_inside_segments() {
        let yes = [
            ("host.*", "host.cpu"),
            ("host.**", "host"),
            ("host.**", "host.cpu.user"),
            ("**", "a.b.c"),
            ("**.user", "host.cpu.user"),
            ("h*t.c*u", "host.cpu"),
            ("a.**.b.**.c", "a.x.b.y.z.b.c"),
            ("*", "a"),
        ];
        let no = [
            ("host.*", "host"),
            ("host.*", "host.cpu.user"),
            ("*", "a.b"),
            ("a.**.b", "a.c"),
            ("ab*", "a"),
            ("host", "hosts"),
        ];
        for (pattern, name) in yes {
            assert!(
                Glob::new(pattern).unwrap().matches(name),
                "{pattern} {name}"
            );
        }
        for (pattern, name) in no {
            assert!(
                !Glob::new(pattern).unwrap().matches(name),
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn bad_patterns_are_refused() {
        for bad in ["", "a..b", "a**", "a.**b", "a b", ".a"] {
            assert!(Glob::new(bad).is_err(), "{bad:?}");
        }
    }
}
