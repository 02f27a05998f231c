//! Strength of a verdict.

use std::fmt;
use std::str::FromStr;

/// Strength of a [`Verdict`](super::Verdict), weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// They differ.
    Refuted,
    /// No difference was found among drawn inputs.
    Tested,
    /// No finite control that either can reach behaves differently.
    Bisimilar,
    /// A chain of admitted rules leads from one to the other.
    Proved,
}

impl Grade {
    /// All of them, weakest first.
    pub const ALL: [Self; 4] = [Self::Refuted, Self::Tested, Self::Bisimilar, Self::Proved];

    /// Its word in configuration: `refuted`, `tested`, `bisimilar`, `proved`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refuted => "refuted",
            Self::Tested => "tested",
            Self::Bisimilar => "bisimilar",
            Self::Proved => "proved",
        }
    }

    /// Whether this is enough where `required` is asked for. A refutation is never enough.
    #[must_use]
    pub fn meets(self, required: Self) -> bool {
        self != Self::Refuted && self >= required
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Grade {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|g| g.word() == text);
        found.ok_or_else(|| {
            format!("no grade is called `{text}`; there are tested, bisimilar and proved")
        })
    }
}
