//! What a check of laws says.

use std::fmt;

/// What was checked and held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Checked {
    laws: Vec<(&'static str, u64)>,
    left_out: u64,
}

impl Checked {
    /// The laws with the number of cases in which each was compared, in the order of checking.
    #[must_use]
    pub fn laws(&self) -> &[(&'static str, u64)] {
        &self.laws
    }

    /// Number of cases of one law.
    #[must_use]
    pub fn cases(&self, law: &str) -> u64 {
        let found = self.laws.iter().find(|(name, _)| *name == law);
        found.map_or(0, |(_, cases)| *cases)
    }

    /// Cases that there would have been beyond the limit.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    pub(crate) fn count(&mut self, law: &'static str) {
        match self.laws.iter_mut().find(|(name, _)| *name == law) {
            Some((_, cases)) => *cases += 1,
            None => self.laws.push((law, 1)),
        }
    }

    pub(crate) const fn leave_out(&mut self, cases: u64) {
        self.left_out = self.left_out.saturating_add(cases);
    }

    pub(crate) fn total(&self) -> u64 {
        self.laws.iter().map(|(_, cases)| cases).sum()
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (law, cases)) in self.laws.iter().enumerate() {
            let (comma, plural) = (
                if i == 0 { "" } else { ", " },
                if *cases == 1 { "" } else { "s" },
            );
            write!(f, "{comma}{law}: {cases} case{plural}")?;
        }
        if self.laws.is_empty() {
            f.write_str("nothing was checked")?;
        }
        if self.left_out > 0 {
            write!(f, "; {} left out by the limit", self.left_out)?;
        }
        Ok(())
    }
}

/// A case in which a law fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// Which law.
    pub law: &'static str,
    /// What it says.
    pub statement: &'static str,
    /// The morphisms or functions of the case, in the order in which the statement names them.
    pub morphisms: Vec<String>,
    /// What they were tried on.
    pub input: String,
    /// The left side.
    pub left: String,
    /// The right side.
    pub right: String,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is broken by {}: {}; on {} the left side is {}, the right {}",
            self.law,
            self.morphisms.join(", "),
            self.statement,
            self.input,
            self.left,
            self.right
        )
    }
}

/// Why laws are not said to hold.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A law fails.
    #[error("{0}")]
    Broken(Box<Counterexample>),
    /// A law was never put to the test, which is no proof of it.
    #[error("nothing to check {law} on: {why} ({checked})")]
    NothingToCheck {
        /// Which law.
        law: &'static str,
        /// What is missing.
        why: String,
        /// What held until then.
        checked: Checked,
    },
    /// Objects and morphisms do not fit together.
    #[error(transparent)]
    Malformed(#[from] crate::Error),
}

impl Unverified {
    /// The counterexample, if a law is broken.
    #[must_use]
    pub fn counterexample(&self) -> Option<&Counterexample> {
        match self {
            Self::Broken(counterexample) => Some(counterexample),
            _ => None,
        }
    }

    pub(crate) const fn nothing(law: &'static str, why: String, checked: Checked) -> Self {
        Self::NothingToCheck { law, why, checked }
    }
}

impl From<Counterexample> for Unverified {
    fn from(counterexample: Counterexample) -> Self {
        Self::Broken(Box::new(counterexample))
    }
}
