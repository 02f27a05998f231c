//! What came of a run. The JSON form is stable: fields are added, never renamed.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Error;

/// What came of holding a subject against its spec. The same seed gives the same report, byte for byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The tool's name.
    pub tool: String,
    /// The seed of the run.
    pub seed: u64,
    /// Calls that were judged, examples and scenarios included.
    pub cases: usize,
    /// Operations in the order of the spec.
    pub operations: Vec<OperationReport>,
    /// Invariants in the order of the spec.
    pub invariants: Vec<ClauseReport>,
    /// Scenarios that came out as said, of all.
    pub scenarios: Share,
    /// Sequences of calls that were tried; none for a tool without state.
    pub sequences: usize,
    /// The first failure, made as small as was found; `None` when there was none.
    pub failure: Option<Failure>,
}

/// What came of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationReport {
    /// Its name.
    pub name: String,
    /// Generated calls that were judged.
    pub cases: usize,
    /// Calls that it refused, as it should.
    pub refused: usize,
    /// Generated inputs that did not satisfy `requires` and were thrown away.
    pub rejected: usize,
    /// `rejected` as a share of all that were generated; 0 when none were.
    pub rejection: f64,
    /// Times when no inputs could be constructed: the state allowed none, or the search gave up.
    pub unreachable: usize,
    /// Calls whose values the subject's types do not have.
    pub inexpressible: usize,
    /// Clauses in the order `requires`, `fails`, `ensures`.
    pub clauses: Vec<ClauseReport>,
    /// Boundary classes of the inputs that occurred, of all.
    pub boundaries: Share,
    /// Pairs of boundary classes of two inputs that occurred, of all.
    pub pairs: Share,
    /// Examples that came out as said, of all.
    pub examples: Share,
}

/// How often one clause was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClauseReport {
    /// `requires`, `fails`, `ensures` or `invariant`.
    pub kind: String,
    /// Its label.
    pub label: String,
    /// How often it was evaluated.
    pub checked: usize,
    /// How often it was not empty: what stands before `=>` held, the list of `all` had elements. For `fails`: how often
    /// it held.
    pub exercised: usize,
    /// How often its evaluation took too many steps to finish.
    pub too_costly: usize,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many were reached.
    pub reached: usize,
    /// How many there are.
    pub of: usize,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.reached, self.of)
    }
}

/// A failure, made smaller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The operation that failed.
    pub operation: String,
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The label of the clause, the example or the scenario; empty for a panic.
    pub label: String,
    /// What happened, in sentences: the clause with both sides of what failed, or the panic's message.
    pub explanation: String,
    /// The calls that lead to it, the failing one last, in the language's syntax.
    pub calls: Vec<String>,
    /// What the failing call gave.
    pub outcome: String,
    /// How many smaller candidates were tried.
    pub shrinking: usize,
    /// A Rust test to paste beside the implementation.
    pub rust_test: String,
    /// A member to paste into the spec.
    pub spec_example: String,
}

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// An `ensures` does not hold.
    Ensures,
    /// An invariant does not hold after the call.
    Invariant,
    /// A `fails` holds and the call succeeded.
    ShouldRefuse,
    /// All `requires` hold, no `fails` does, and the call refused.
    ShouldSucceed,
    /// The call panicked.
    Panic,
    /// An example or a scenario came out otherwise.
    Example,
    /// The subject gave values that do not fit the spec's types, or none where some are needed.
    Shape,
}

impl Report {
    /// Whether nothing failed.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.failure.is_none()
    }

    /// Operations of which nothing was seen: no generated call was judged and no example came out. What passed says
    /// nothing of them.
    pub fn untried(&self) -> impl Iterator<Item = &OperationReport> {
        self.operations
            .iter()
            .filter(|operation| operation.cases == 0 && operation.examples.reached == 0)
    }

    /// The greatest share of generated inputs that any operation threw away.
    #[must_use]
    pub fn rejection(&self) -> f64 {
        self.operations
            .iter()
            .map(|operation| operation.rejection)
            .fold(0.0, f64::max)
    }

    /// Labels of clauses that never were more than empty.
    pub fn vacuous(&self) -> impl Iterator<Item = &ClauseReport> {
        self.operations
            .iter()
            .flat_map(|operation| &operation.clauses)
            .chain(&self.invariants)
            .filter(|clause| clause.exercised == 0)
    }

    /// As JSON with sorted layout: two spaces, a newline at the end.
    ///
    /// # Errors
    /// [`Error::Report`] when a text cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, Error> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| Error::Report {
            what: self.tool.clone(),
            reason: error.to_string(),
        })?;
        text.push('\n');
        Ok(text)
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// [`Error::Report`] when it is something else.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| Error::Report {
            what: "a report".to_owned(),
            reason: error.to_string(),
        })
    }

    /// Writes `<tool>.json` into a directory, which is made when it is missing. Returns the path.
    ///
    /// # Errors
    /// [`Error::Report`] when the file cannot be written.
    pub fn write_into(&self, directory: &Path) -> Result<PathBuf, Error> {
        let name: String = self
            .tool
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "_-".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let path = directory.join(name + ".json");
        let failed = |error: std::io::Error| Error::Report {
            what: path.display().to_string(),
            reason: error.to_string(),
        };
        fs::create_dir_all(directory).map_err(failed)?;
        fs::write(&path, self.to_json()?).map_err(failed)?;
        Ok(path)
    }

    /// Writes `<tool>.json` into the directory that the environment variable `VOIDSTATE_SPEC_REPORT` names; nothing when
    /// it names none.
    ///
    /// # Errors
    /// [`Error::Report`] when the file cannot be written.
    pub fn write_if_asked(&self) -> Result<Option<PathBuf>, Error> {
        match std::env::var_os("VOIDSTATE_SPEC_REPORT") {
            Some(directory) if !directory.is_empty() => {
                self.write_into(Path::new(&directory)).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// A few lines for people: the failure with its test where there is one, counts otherwise.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(failure) = &self.failure {
            writeln!(f, "{} breaks its spec (seed {}):", self.tool, self.seed)?;
            return write!(f, "{failure}");
        }
        writeln!(f, "{}: {} cases, no failure", self.tool, self.cases)?;
        for operation in &self.operations {
            writeln!(
                f,
                "  {}: {} cases, {} refused, {:.1} % rejected, boundaries {}, pairs {}, examples {}",
                operation.name,
                operation.cases,
                operation.refused,
                operation.rejection * 100.0,
                operation.boundaries,
                operation.pairs,
                operation.examples,
            )?;
        }
        for operation in self.untried() {
            writeln!(f, "  never tried: {}", operation.name)?;
        }
        for clause in self.vacuous() {
            writeln!(f, "  never exercised: {} \"{}\"", clause.kind, clause.label)?;
        }
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.explanation)?;
        writeln!(f, "calls, as few and as small as were found:")?;
        for call in &self.calls {
            writeln!(f, "  {call}")?;
        }
        writeln!(f, "the last one gave: {}", self.outcome)?;
        writeln!(f, "as a test:\n{}", self.rust_test)?;
        write!(f, "as a member of the spec:\n{}", self.spec_example)
    }
}
