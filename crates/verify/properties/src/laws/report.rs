//! What a suite that found nothing wrong has done.

use std::fmt;

/// One law that held.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Its name.
    pub law: &'static str,
    /// What it says.
    pub statement: &'static str,
    /// Cases drawn.
    pub cases: u32,
    /// Cases that met its premise; all, where it has none.
    pub exercised: u32,
}

/// The laws of a suite that held, in the order they were checked.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Name of the suite.
    pub suite: &'static str,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The laws.
    pub laws: Vec<Checked>,
}

impl Report {
    /// Cases of all laws together.
    #[must_use]
    pub fn cases(&self) -> u64 {
        self.laws.iter().map(|l| u64::from(l.cases)).sum()
    }

    /// The law called `name`.
    #[must_use]
    pub fn law(&self, name: &str) -> Option<&Checked> {
        self.laws.iter().find(|l| l.law == name)
    }
}

impl fmt::Display for Report {
    /// A Markdown table, one line per law.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} | says | cases | exercised |", self.suite)?;
        write!(f, "|---|---|---:|---:|")?;
        for law in &self.laws {
            let Checked {
                law,
                statement,
                cases,
                exercised,
            } = law;
            write!(f, "\n| {law} | {statement} | {cases} | {exercised} |")?;
        }
        Ok(())
    }
}
