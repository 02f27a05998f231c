//! Rules that may be used together.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Admitted, Counterexample, Rule, admit, conditions, fold, order, simplify, windows};
use crate::Error;

/// Streams that each of the standard rules is tried on when they are first asked for.
const STANDARD_CASES: usize = 100;
/// Their seed.
const STANDARD_SEED: u64 = 5;

/// Admitted rules by name.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    by_name: BTreeMap<String, Admitted>,
}

impl Rules {
    /// No rules: only identical pipelines are proved equal.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The rules of this crate, each admitted on 100 streams the first time this is called in a process.
    ///
    /// A rule that were refused there would be left out; the tests of this crate see to it that none is.
    #[must_use]
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Rules> = LazyLock::new(|| {
            let admitted = Rules::claimed()
                .into_iter()
                .filter_map(|rule| admit(rule, STANDARD_CASES, STANDARD_SEED).ok());
            Rules {
                by_name: admitted.map(|a| (a.rule.name().to_owned(), a)).collect(),
            }
        });
        &STANDARD
    }

    /// The rules of this crate before any test.
    #[must_use]
    pub fn claimed() -> Vec<Rule> {
        [
            fold::rules(),
            order::rules(),
            simplify::rules(),
            conditions::rules(),
            windows::rules(),
        ]
        .concat()
    }

    /// Admits the rules of this crate anew.
    ///
    /// # Errors
    /// The first rule's [`Counterexample`].
    pub fn tested(cases: usize, seed: u64) -> Result<Self, Counterexample> {
        let mut by_name = BTreeMap::new();
        for rule in Self::claimed() {
            let admitted = admit(rule, cases, seed)?;
            by_name.insert(admitted.rule.name().to_owned(), admitted);
        }
        Ok(Self { by_name })
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// [`Error::RuleTwice`] when there is one of this name.
    pub fn add(&mut self, admitted: Admitted) -> Result<(), Error> {
        let name = admitted.rule.name().to_owned();
        if self.by_name.contains_key(&name) {
            return Err(Error::RuleTwice { name });
        }
        self.by_name.insert(name, admitted);
        Ok(())
    }

    /// These rules without the one called `name`.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.by_name.remove(name);
        self
    }

    /// The rule called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Admitted> {
        self.by_name.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Admitted> {
        self.by_name.values()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}
