//! Selectors: which series.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::excerpt;
use crate::{Error, Glob, Result, SeriesKey};

/// How a label is compared.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Matcher {
    /// `name="text"`, an absent label being empty.
    Equal(String),
    /// `name!="text"`.
    NotEqual(String),
}

/// Which series: a glob over the metric and conditions on labels, as in `host.cpu.*{core="0",mode!="idle"}`.
///
/// The text of any [`SeriesKey`] selects at least that series. Matching costs O(text) and allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Selector {
    metric: Glob,
    labels: Vec<(String, Matcher)>,
}

impl Selector {
    /// Every series.
    ///
    /// # Errors
    /// None in practice: the pattern is constant.
    pub fn all() -> Result<Self> {
        Ok(Self {
            metric: Glob::new("**")?,
            labels: Vec::new(),
        })
    }

    /// Whether the series is selected.
    #[must_use]
    pub fn matches(&self, key: &SeriesKey) -> bool {
        self.metric.matches(key.metric().as_str())
            && self.labels.iter().all(|(name, matcher)| {
                let value = key.label(name).unwrap_or("");
                match matcher {
                    Matcher::Equal(text) => value == text,
                    Matcher::NotEqual(text) => value != text,
                }
            })
    }
}

impl FromStr for Selector {
    type Err = Error;

    /// Reads `metric-glob` or `metric-glob{label="text",label!="text"}` with `\"`, `\\` and `\n` in texts.
    fn from_str(text: &str) -> Result<Self> {
        let open = text.find('{').unwrap_or(text.len());
        let (metric, rest) = text.split_at(open);
        let metric = Glob::new(metric.trim())?;
        let mut cursor = Cursor { text, at: open };
        let mut labels = Vec::new();
        if !rest.is_empty() {
            cursor.expect('{', "expected `{`")?;
            while !cursor.eat('}') {
                labels.push(cursor.condition()?);
                if !cursor.eat(',') {
                    cursor.expect('}', "expected `,` or `}` after a condition")?;
                    break;
                }
            }
            cursor.blanks();
            if cursor.at < text.len() {
                return Err(cursor.error("nothing may follow the closing `}`"));
            }
        }
        Ok(Self { metric, labels })
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn error(&self, reason: &'static str) -> Error {
        Error::Selector {
            text: excerpt(self.text),
            at: self.at,
            reason,
        }
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.blanks();
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn expect(&mut self, wanted: char, reason: &'static str) -> Result<()> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(self.error(reason))
        }
    }

    fn condition(&mut self) -> Result<(String, Matcher)> {
        self.blanks();
        let length = self
            .rest()
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        let name = self.rest().get(..length).unwrap_or("").to_owned();
        if name.is_empty() {
            return Err(self.error("expected a label name"));
        }
        self.at += length;
        let negated = self.eat('!');
        self.expect('=', "expected `=` or `!=`")?;
        self.expect('"', "expected a text in double quotes")?;
        let text = self.quoted()?;
        Ok((
            name,
            if negated {
                Matcher::NotEqual(text)
            } else {
                Matcher::Equal(text)
            },
        ))
    }

    fn quoted(&mut self) -> Result<String> {
        let mut out = String::new();
        let mut escaped = false;
        for c in self.text.get(self.at..).unwrap_or("").chars() {
            self.at += c.len_utf8();
            match (escaped, c) {
                (true, 'n') => out.push('\n'),
                (true, '"' | '\\') => out.push(c),
                (true, _) => return Err(self.error("only \\\", \\\\ and \\n may be escaped")),
                (false, '"') => return Ok(out),
                (false, '\\') => {}
                (false, c) => out.push(c),
            }
            escaped = !escaped && c == '\\';
        }
        Err(self.error("the text is not closed"))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.metric)?;
        let mut open = '{';
        for (name, matcher) in &self.labels {
            let (sign, text) = match matcher {
                Matcher::Equal(text) => ("=", text),
                Matcher::NotEqual(text) => ("!=", text),
            };
            let text = text
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            write!(f, "{open}{name}{sign}\"{text}\"")?;
            open = ',';
        }
        if open == ',' {
            f.write_str("}")
        } else {
            Ok(())
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MetricName;

    #[test]
    fn selects_by_metric_and_labels() {
        let key = SeriesKey::new(
            MetricName::new("host.cpu").unwrap(),
            [("core", "0"), ("mode", "user")],
        )
        .unwrap();
        for yes in [
            "host.cpu",
            "host.*",
            "**",
            r#"host.cpu{core="0"}"#,
            r#"**{ mode != "idle" , core="0" }"#,
            "**{}",
        ] {
            assert!(yes.parse::<Selector>().unwrap().matches(&key), "{yes}");
        }
        for no in [
            "host",
            r#"host.cpu{core="1"}"#,
            r#"host.cpu{mode!="user"}"#,
            r#"**{absent="x"}"#,
        ] {
            assert!(!no.parse::<Selector>().unwrap().matches(&key), "{no}");
        }
    }

    #[test]
    fn faults_are_named_with_their_place() {
        for bad in [
            "",
            "{",
            "a{",
            "a{b",
            "a{b=",
            "a{b=c}",
            r#"a{b="c"#,
            r#"a{b="c"}x"#,
            r#"a{b="\x"}"#,
            r#"a{="c"}"#,
        ] {
            assert!(bad.parse::<Selector>().is_err(), "{bad:?}");
        }
        let error = r#"a{b="c"}x"#.parse::<Selector>().unwrap_err().to_string();
        assert!(error.contains("byte 8"), "{error}");
    }
}
