//! Series: a metric name plus sorted labels.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::excerpt;
use crate::{Error, MetricName, Result, Timestamp};

/// Most labels of one series.
pub const LABELS_MAX: usize = 32;
/// Longest label value in bytes.
pub const LABEL_VALUE_BYTES_MAX: usize = 1024;

/// Small number that stands for a [`SeriesKey`]; meaningful only to the interner that issued it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeriesId(pub u32);

/// Identity of a series. Cloning shares the text; ordering is by metric, then labels.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawKey", into = "RawKey")]
pub struct SeriesKey(Arc<Inner>);

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Inner {
    metric: MetricName,
    labels: Vec<(Box<str>, Box<str>)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKey {
    metric: MetricName,
    #[serde(default)]
    labels: std::collections::BTreeMap<String, String>,
}

impl SeriesKey {
    /// A series without labels.
    #[must_use]
    pub fn plain(metric: MetricName) -> Self {
        Self(Arc::new(Inner {
            metric,
            labels: Vec::new(),
        }))
    }

    /// A series with labels, which are sorted by name.
    ///
    /// # Errors
    /// [`Error::Name`] when there are more than 32 labels, a name is given twice, a name is not `[A-Za-z_][A-Za-z0-9_]*`
    /// or a value is longer than 1024 bytes.
    pub fn new<N, V>(metric: MetricName, labels: impl IntoIterator<Item = (N, V)>) -> Result<Self>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut sorted = Vec::new();
        for (name, value) in labels {
            let (name, value) = (name.as_ref(), value.as_ref());
            check_label(name, value)?;
            sorted.push((Box::from(name), Box::from(value)));
        }
        sorted.sort();
        let twice = sorted
            .windows(2)
            .find(|pair| matches!(pair, [a, b] if a.0 == b.0));
        if let Some([(name, _), ..]) = twice {
            return Err(Error::Name {
                kind: "label",
                text: excerpt(name),
                reason: "it is given twice",
            });
        }
        if sorted.len() > LABELS_MAX {
            let text = excerpt(metric.as_str());
            return Err(Error::Name {
                kind: "series",
                text,
                reason: "it has more than 32 labels",
            });
        }
        Ok(Self(Arc::new(Inner {
            metric,
            labels: sorted,
        })))
    }

    /// The metric name.
    #[must_use]
    pub fn metric(&self) -> &MetricName {
        &self.0.metric
    }

    /// Labels in order of their names.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0
            .labels
            .iter()
            .map(|(name, value)| (&**name, &**value))
    }

    /// Value of one label.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        let at = self
            .0
            .labels
            .binary_search_by(|(n, _)| (**n).cmp(name))
            .ok()?;
        self.0.labels.get(at).map(|(_, value)| &**value)
    }
}

fn check_label(name: &str, value: &str) -> Result<()> {
    let mut bytes = name.bytes();
    let first_ok = bytes
        .next()
        .is_some_and(|b| b == b'_' || b.is_ascii_alphabetic());
    if !first_ok
        || name.len() > crate::name::NAME_BYTES_MAX
        || !bytes.all(|b| b == b'_' || b.is_ascii_alphanumeric())
    {
        let reason = "label names are [A-Za-z_][A-Za-z0-9_]* of at most 128 bytes";
        return Err(Error::Name {
            kind: "label",
            text: excerpt(name),
            reason,
        });
    }
    if value.len() > LABEL_VALUE_BYTES_MAX {
        let reason = "its value is longer than 1024 bytes";
        return Err(Error::Name {
            kind: "label",
            text: excerpt(name),
            reason,
        });
    }
    Ok(())
}

/// `metric{name="value",…}`, with `"`, `\` and line ends escaped; [`Selector`](crate::Selector) reads it back.
impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.metric)?;
        let mut open = '{';
        for (name, value) in self.labels() {
            write!(f, "{open}{name}=\"")?;
            for c in value.chars() {
                match c {
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    '\n' => f.write_str("\\n")?,
                    c => write!(f, "{c}")?,
                }
            }
            f.write_str("\"")?;
            open = ',';
        }
        if open == ',' {
            f.write_str("}")
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeriesKey({self})")
    }
}

impl TryFrom<RawKey> for SeriesKey {
    type Error = Error;

    fn try_from(raw: RawKey) -> Result<Self> {
        Self::new(raw.metric, raw.labels)
    }
}

impl From<SeriesKey> for RawKey {
    fn from(key: SeriesKey) -> Self {
        let labels = key
            .labels()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        Self {
            metric: key.metric().clone(),
            labels,
        }
    }
}

/// One number of one series, in the form in which it moves inside the engine (24 bytes).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Which series, by the interner of whoever hands the point over.
    pub series: SeriesId,
    /// When.
    pub time: Timestamp,
    /// The number; may be NaN or infinite.
    pub value: f64,
}

/// What the numbers of a series are.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Not known, or a pure number.
    #[default]
    None,
    /// 0 to 100 per cent of a whole.
    Percent,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// Events per second.
    PerSecond,
    /// Seconds.
    Seconds,
    /// How many there are.
    Count,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(labels: &[(&str, &str)]) -> Result<SeriesKey> {
        SeriesKey::new(MetricName::new("host.cpu")?, labels.iter().copied())
    }

    #[test]
    fn labels_are_sorted_and_unique() {
        let series = key(&[("mode", "user"), ("core", "0")]).unwrap();
        assert_eq!(series.to_string(), r#"host.cpu{core="0",mode="user"}"#);
        assert_eq!(series.label("mode"), Some("user"));
        assert_eq!(series.label("none"), None);
        assert!(key(&[("a", "1"), ("a", "2")]).is_err());
        assert!(key(&[("", "1")]).is_err());
        assert!(key(&[("0a", "1")]).is_err());
        assert!(key(&[("a", &"x".repeat(1025))]).is_err());
    }

    #[test]
    fn json_form_is_checked() {
        let series = key(&[("core", "0")]).unwrap();
        let json = serde_json::to_string(&series).unwrap();
        assert_eq!(json, r#"{"metric":"host.cpu","labels":{"core":"0"}}"#);
        assert_eq!(serde_json::from_str::<SeriesKey>(&json).unwrap(), series);
        assert!(serde_json::from_str::<SeriesKey>(r#"{"metric":"a b"}"#).is_err());
    }
}
