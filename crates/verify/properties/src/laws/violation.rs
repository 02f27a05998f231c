//! A law that does not hold.

use std::fmt;

use super::Fun;

/// A variable of a counterexample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Its name in the law's statement.
    pub name: &'static str,
    /// Its value, as `Debug` writes it.
    pub value: String,
}

impl Binding {
    /// `name` stands for `value`.
    pub fn new(name: &'static str, value: &dyn fmt::Debug) -> Self {
        Self {
            name,
            value: format!("{value:?}"),
        }
    }

    /// `name` stands for a drawn function, which from now on notes its arguments.
    pub fn function<A, B: fmt::Debug>(name: &'static str, function: &Fun<A, B>) -> Self {
        function.watch();
        Self::new(name, function)
    }
}

/// A broken law with the smallest counterexample that was found.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The suite.
    pub suite: &'static str,
    /// Name of the law.
    pub law: &'static str,
    /// What it says.
    pub statement: &'static str,
    /// Every variable.
    pub counterexample: Vec<Binding>,
    /// The left side of the statement, or what was found; `panicked: …` where the operations did.
    pub left: String,
    /// The right side of the statement, or what was expected.
    pub right: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The first case that failed, from 0.
    pub case: u32,
    /// Cases that were to be drawn.
    pub cases: u32,
    /// Values tried while it was made smaller.
    pub shrink_steps: u32,
}

impl Violation {
    /// What the variable `name` stands for.
    #[must_use]
    pub fn value_of(&self, name: &str) -> Option<&str> {
        let binding = self.counterexample.iter().find(|b| b.name == name);
        binding.map(|b| b.value.as_str())
    }

    /// Characters of all values together: how small the counterexample is.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of(&self.counterexample)
    }
}

/// Characters of all values together.
pub(crate) fn size_of(bindings: &[Binding]) -> usize {
    bindings.iter().map(|b| b.value.chars().count()).sum()
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            suite,
            law,
            statement,
            ..
        } = self;
        writeln!(f, "{suite}: \"{law}\" does not hold: {statement}")?;
        let names = self.counterexample.iter().map(|b| b.name.chars().count());
        let width = names.max().unwrap_or(0).max("right".len());
        for Binding { name, value } in &self.counterexample {
            writeln!(f, "  {name:width$} = {value}")?;
        }
        writeln!(f, "  {:width$} = {}", "left", self.left)?;
        writeln!(f, "  {:width$} = {}", "right", self.right)?;
        write!(
            f,
            "  found at case {} of {} with seed {}, made smaller in {} steps",
            self.case, self.cases, self.seed, self.shrink_steps
        )
    }
}
