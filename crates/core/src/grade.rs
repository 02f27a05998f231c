//! How well it is known that one tool may stand in for another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What the sentence "the one does what the other does" rests on; a later variant is the stronger one.
///
/// Grades are never rounded up: a tool whose code cannot be looked into is at best [`Tested`](Self::Tested).
#[non_exhaustive]
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// A difference is known, or nothing is.
    Refuted,
    /// No difference on the inputs that were tried.
    #[default]
    Tested,
    /// The same on every input, by a comparison of all their states.
    Bisimilar,
    /// The same on every input, by steps that were each checked again.
    Proved,
}

impl Grade {
    /// All grades, the weakest first.
    pub const ALL: [Self; 4] = [Self::Refuted, Self::Tested, Self::Bisimilar, Self::Proved];

    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuted => "refuted",
            Self::Tested => "tested",
            Self::Bisimilar => "bisimilar",
            Self::Proved => "proved",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Grade {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|grade| grade.name() == text);
        found.ok_or_else(|| Error::Config {
            key: "grade".to_owned(),
            reason: format!(
                "{:?} is none, expected refuted, tested, bisimilar or proved",
                crate::error::excerpt(text)
            ),
        })
    }
}

/// What was found when one tool was compared with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// How good the evidence is.
    pub grade: Grade,
    /// The evidence in a sentence: steps, states, cases, or the input that tells them apart.
    pub sentence: String,
}

impl Verdict {
    /// Whether it is good enough where `required` is asked for.
    #[must_use]
    pub fn meets(&self, required: Grade) -> bool {
        self.grade >= required
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_grade_meets_a_weaker_one() {
        for (at, grade) in Grade::ALL.into_iter().enumerate() {
            let verdict = Verdict {
                grade,
                sentence: String::new(),
            };
            for (other, required) in Grade::ALL.into_iter().enumerate() {
                assert_eq!(verdict.meets(required), at >= other, "{grade} {required}");
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for grade in Grade::ALL {
            assert_eq!(grade.name().parse::<Grade>().unwrap(), grade);
            let json = serde_json::to_string(&grade).unwrap();
            assert_eq!(json, format!("{:?}", grade.name()));
        }
        let error = "prooved".parse::<Grade>().unwrap_err().to_string();
        assert!(
            error.contains("prooved") && error.contains("bisimilar"),
            "{error}"
        );
    }
}
