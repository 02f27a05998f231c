//! Typed configuration of tools.

use serde::{Deserialize, Serialize};

use crate::{AttributeValue, Attributes, Error, Result};

/// What a configuration value must be.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum ConfigKind {
    /// True or false.
    Bool,
    /// A whole number from `min` to `max`.
    Int {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A finite number from `min` to `max`.
    Real {
        /// Smallest.
        #[serde(with = "crate::number")]
        min: f64,
        /// Largest.
        #[serde(with = "crate::number")]
        max: f64,
    },
    /// Any text.
    Text,
}

/// One key of a tool's configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigField {
    /// The key.
    pub name: String,
    /// What its value must be.
    pub kind: ConfigKind,
    /// The value when none is given.
    pub default: AttributeValue,
    /// What it does, in a sentence.
    pub description: String,
}

impl ConfigField {
    fn check(&self, value: &AttributeValue) -> Result<()> {
        let accepted = match (self.kind, value) {
            (ConfigKind::Bool, AttributeValue::Bool(_))
            | (ConfigKind::Text, AttributeValue::Text(_)) => true,
            (ConfigKind::Int { min, max }, AttributeValue::Int(v)) => (min..=max).contains(v),
            (ConfigKind::Real { min, max }, v) => {
                v.as_f64().is_some_and(|v| (min..=max).contains(&v))
            }
            _ => false,
        };
        if accepted {
            return Ok(());
        }
        let expected = match self.kind {
            ConfigKind::Bool => "true or false".to_owned(),
            ConfigKind::Int { min, max } => format!("a whole number from {min} to {max}"),
            ConfigKind::Real { min, max } => format!("a number from {min} to {max}"),
            ConfigKind::Text => "a text".to_owned(),
        };
        let reason = format!("{value:?} is not accepted, expected {expected}");
        Err(Error::Config {
            key: self.name.clone(),
            reason,
        })
    }
}

/// A tool's configuration after checking: every declared key has a value of its kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config(Attributes);

impl Config {
    /// Checks `given` against `fields` and fills in the defaults.
    ///
    /// # Errors
    /// [`Error::Config`] for an unknown key (with the nearest known one), a value of the wrong kind or out of range.
    pub fn checked(fields: &[ConfigField], given: &Attributes) -> Result<Self> {
        for key in given.keys() {
            if !fields.iter().any(|field| field.name == *key) {
                return Err(Error::Config {
                    key: key.clone(),
                    reason: unknown_key(fields, key),
                });
            }
        }
        let mut values = Attributes::new();
        for field in fields {
            let value = given.get(&field.name).unwrap_or(&field.default);
            field.check(value)?;
            values.insert(field.name.clone(), value.clone());
        }
        Ok(Self(values))
    }

    /// The value of a declared key.
    ///
    /// # Errors
    /// [`Error::Config`] when the key was not declared.
    pub fn get(&self, key: &str) -> Result<&AttributeValue> {
        self.0.get(key).ok_or_else(|| Error::Config {
            key: key.to_owned(),
            reason: "it is not declared".to_owned(),
        })
    }

    /// The number of a declared key.
    ///
    /// # Errors
    /// [`Error::Config`] when the key was not declared or holds no number.
    pub fn real(&self, key: &str) -> Result<f64> {
        let value = self.get(key)?;
        value
            .as_f64()
            .ok_or_else(|| wrong_kind(key, value, "a number"))
    }

    /// The whole number of a declared key.
    ///
    /// # Errors
    /// [`Error::Config`] when the key was not declared or holds no whole number.
    pub fn int(&self, key: &str) -> Result<i64> {
        let value = self.get(key)?;
        value
            .as_int()
            .ok_or_else(|| wrong_kind(key, value, "a whole number"))
    }

    /// The truth value of a declared key.
    ///
    /// # Errors
    /// [`Error::Config`] when the key was not declared or holds no truth value.
    pub fn bool(&self, key: &str) -> Result<bool> {
        let value = self.get(key)?;
        value
            .as_bool()
            .ok_or_else(|| wrong_kind(key, value, "true or false"))
    }

    /// All values by key.
    #[must_use]
    pub const fn values(&self) -> &Attributes {
        &self.0
    }
}

fn wrong_kind(key: &str, value: &AttributeValue, expected: &str) -> Error {
    Error::Config {
        key: key.to_owned(),
        reason: format!("it holds a {}, expected {expected}", value.kind()),
    }
}

fn unknown_key(fields: &[ConfigField], key: &str) -> String {
    let nearest = fields
        .iter()
        .map(|field| field.name.as_str())
        .min_by_key(|name| edit_distance(name, key));
    match nearest {
        Some(name) => format!("it is unknown; the nearest known key is {name:?}"),
        None => "it is unknown; this tool takes no configuration".to_owned(),
    }
}

/// Levenshtein distance by characters, on names that are short.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(128).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(128).enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = i + 1;
        next.push(left);
        for ((y, diagonal), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            left = (left + 1)
                .min(above + 1)
                .min(diagonal + usize::from(x != *y));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<ConfigField> {
        vec![ConfigField {
            name: "threshold".to_owned(),
            kind: ConfigKind::Real { min: 0.0, max: 1.0 },
            default: 0.5.into(),
            description: "limit".to_owned(),
        }]
    }

    #[test]
    fn defaults_fill_and_bounds_hold() {
        let config = Config::checked(&fields(), &Attributes::new()).unwrap();
        assert!((config.real("threshold").unwrap() - 0.5).abs() < 1e-12);
        for bad in [AttributeValue::Real(f64::NAN), 2.0.into(), "x".into()] {
            let given = Attributes::from([("threshold".to_owned(), bad)]);
            assert!(Config::checked(&fields(), &given).is_err());
        }
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let given = Attributes::from([("treshold".to_owned(), 0.1.into())]);
        let error = Config::checked(&fields(), &given).unwrap_err().to_string();
        assert!(error.contains("\"threshold\""), "{error}");
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }
}
