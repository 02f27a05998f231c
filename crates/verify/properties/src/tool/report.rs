//! What a check found.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use voidstate_core::ToolId;

use super::Step;
use super::step::to_json_lines;

/// A law that a tool must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Law {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub statement: &'static str,
}

/// How a law fared.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// In every case.
    Holds,
    /// Not broken, but there is something to say; see the notes.
    Warned,
    /// In one case not.
    Violated(Violation),
    /// It was not put to the test.
    NotChecked {
        /// Why.
        reason: String,
    },
}

/// A case in which a law does not hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Violation {
    /// What was seen.
    pub message: String,
    /// Number of the case, from 0.
    pub case: u64,
    /// The steps that bring it about; none can be left out.
    pub steps: Vec<Step>,
    /// Steps of the case before it was made small.
    pub steps_drawn: usize,
}

impl Violation {
    /// The steps as JSON lines, which [`from_json_lines`](super::from_json_lines) reads back.
    #[must_use]
    pub fn json_lines(&self) -> String {
        // Drawn steps are never nested deeper than can be written; a step that is cannot have been read.
        to_json_lines(&self.steps).unwrap_or_else(|error| format!("# {error}\n"))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "case {}: {}", self.case, self.message)?;
        if self.steps.is_empty() {
            return Ok(());
        }
        let (left, drawn) = (self.steps.len(), self.steps_drawn);
        writeln!(f, "{left} of {drawn} steps bring it about:")?;
        f.write_str(&self.json_lines())
    }
}

/// A figure that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// What it is, with the unit last.
    pub name: &'static str,
    /// How much.
    pub value: f64,
}

/// One law over all its cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LawReport {
    /// Which law.
    #[serde(flatten)]
    pub law: Law,
    /// How it fared.
    pub outcome: Outcome,
    /// How many cases were tried.
    pub cases: u64,
    /// How many signals the tool was shown for it, shrinking left out.
    pub signals: u64,
    /// CPU time that it took, if the meter knows it; written as seconds.
    #[serde(serialize_with = "seconds")]
    pub cpu: Option<Duration>,
    /// What is worth knowing beside the outcome, in sentences.
    pub notes: Vec<String>,
    /// What was measured.
    pub figures: Vec<Figure>,
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn seconds<S: serde::Serializer>(
    time: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64()).serialize(serializer)
}

impl LawReport {
    /// Whether the law is broken.
    #[must_use]
    pub const fn is_violated(&self) -> bool {
        matches!(self.outcome, Outcome::Violated(_))
    }
}

/// All laws of one tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The tool.
    pub tool: ToolId,
    /// Its version.
    pub version: String,
    /// The seed from which every case was drawn.
    pub seed: u64,
    /// Signals that it was shown over all laws.
    pub signals: u64,
    /// Findings that it said over all laws.
    pub findings: u64,
    /// Whether the check was stopped before its end.
    pub cut_short: bool,
    /// The laws, in the order in which they were tried.
    pub laws: Vec<LawReport>,
}

impl Report {
    /// The laws that are broken.
    pub fn violations(&self) -> impl Iterator<Item = (&Law, &Violation)> {
        self.laws.iter().filter_map(|law| match &law.outcome {
            Outcome::Violated(violation) => Some((&law.law, violation)),
            _ => None,
        })
    }

    /// Whether no law is broken and the check came to its end.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.cut_short && self.violations().next().is_none()
    }

    /// The report of the law `name`.
    #[must_use]
    pub fn law(&self, name: &str) -> Option<&LawReport> {
        self.laws.iter().find(|law| law.law.name == name)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "tool {} {}, seed {}: {} signals, {} findings",
            self.tool, self.version, self.seed, self.signals, self.findings
        )?;
        for law in &self.laws {
            let outcome = match &law.outcome {
                Outcome::Holds => "holds".to_owned(),
                Outcome::Warned => "warned".to_owned(),
                Outcome::Violated(violation) => format!("VIOLATED, {violation}"),
                Outcome::NotChecked { reason } => format!("not checked: {reason}"),
            };
            writeln!(f, "{}: {outcome} ({} cases)", law.law.name, law.cases)?;
            for note in &law.notes {
                writeln!(f, "  {note}")?;
            }
        }
        Ok(())
    }
}
