//! Whether machines fit together: the product with queues, explored.

mod explore;
mod graph;
mod system;

use std::fmt;

use crate::ast::{Protocol, Role};
use crate::error::Error;
use crate::machine::Machine;

use explore::{Explored, Stop, explore};
use system::System;

/// How far [`check`] looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most messages under way from one role to another.
    pub queue: usize,
    /// Most configurations that are looked at; each costs some hundred bytes.
    pub configurations: usize,
}

/// Queues of 4 and 200,000 configurations.
impl Default for Bounds {
    fn default() -> Self {
        Self {
            queue: 4,
            configurations: 200_000,
        }
    }
}

/// What [`check`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether the machines fit together.
    pub answer: Answer,
    /// How many configurations were looked at.
    pub configurations: usize,
    /// Most messages that were under way from one role to another.
    pub longest_queue: usize,
    /// Whether somebody had to wait for a queue to become shorter: then more would be under way without the bound.
    pub bound_reached: bool,
}

/// Whether machines fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// They do, for queues of any length: everything that can happen was looked at, or what lies beyond the bound of the queues
    /// cannot differ (the system is directed and exhaustive within the bound, see [`check`]).
    Holds,
    /// They do not: the first failures that were found, the one with the shortest trace first; never empty.
    Fails(Vec<Failure>),
    /// Nobody knows, and why.
    Unknown(String),
}

/// How machines do not fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub kind: FailureKind,
    /// A shortest way there; empty for a state that is never reached.
    pub trace: Vec<Step>,
}

/// What is wrong.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureKind {
    /// These roles wait for what never comes.
    Deadlock {
        /// Each role, with what it waits for.
        waiting: Vec<(Role, Vec<String>)>,
    },
    /// A message is under way that nobody will ever receive.
    OrphanMessage {
        /// Who sent it.
        from: Role,
        /// To whom.
        to: Role,
        /// What it is.
        message: String,
    },
    /// A message comes first that its receiver does not expect.
    UnspecifiedReception {
        /// Who sent it.
        from: Role,
        /// Who receives it.
        to: Role,
        /// What it is.
        message: String,
        /// What would have been right.
        expected: Vec<String>,
    },
    /// A state of a machine that no run ever comes to.
    UnreachableState {
        /// Whose machine.
        role: Role,
        /// The state.
        state: usize,
    },
}

/// One step of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who does it.
    pub role: Role,
    /// What: `!tool:Start(StartWork)`, `?engine:Start(StartWork)`, `†tool` for noticing that the tool is gone, or `crashes`.
    pub what: String,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.role, self.what)
    }
}

impl FailureKind {
    /// One word for it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Deadlock { .. } => "deadlock",
            Self::OrphanMessage { .. } => "orphan message",
            Self::UnspecifiedReception { .. } => "unspecified reception",
            Self::UnreachableState { .. } => "unreachable state",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name())?;
        match self {
            Self::Deadlock { waiting } => {
                for (i, (role, what)) in waiting.iter().enumerate() {
                    let gap = if i > 0 { ", " } else { "" };
                    write!(f, "{gap}`{role}` waits for {}", what.join(" or "))?;
                }
                Ok(())
            }
            Self::OrphanMessage { from, to, message } => {
                write!(f, "`{message}` from `{from}` to `{to}` is never received")
            }
            Self::UnspecifiedReception {
                from,
                to,
                message,
                expected,
            } => {
                write!(
                    f,
                    "`{message}` from `{from}` comes to `{to}`, which expects {}",
                    expected.join(" or ")
                )
            }
            Self::UnreachableState { role, state } => {
                write!(f, "`{role}` never comes to its state {state}")
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        for (i, step) in self.trace.iter().enumerate() {
            write!(f, "\n  {}. {step}", i + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Answer::Holds => write!(f, "holds")?,
            Answer::Fails(failures) => {
                for failure in failures {
                    writeln!(f, "{failure}")?;
                }
                write!(f, "fails")?;
            }
            Answer::Unknown(why) => write!(f, "unknown: {why}")?,
        }
        write!(
            f,
            " ({} configurations, {} messages under way at most)",
            self.configurations, self.longest_queue
        )
    }
}

/// Looks whether machines, one for each role, fit together.
///
/// Messages wait in a queue for each sender and receiver. Roles may be gone wherever their machine says that the others are
/// prepared: what they sent still arrives, what is sent to them is lost.
///
/// Everything that can happen with queues up to `bounds.queue` is looked at. The answer is [`Answer::Holds`] when that is
/// everything that can happen at all, or when all states speak with one peer in one direction, nobody crashes, and each full
/// queue can become shorter without its sender (Lange and Yoshida's k-exhaustivity), so that longer queues add nothing. A
/// failure is real whatever the bound. All else is [`Answer::Unknown`].
///
/// Time and memory are linear in the configurations and their steps.
#[must_use]
pub fn check(machines: &[Machine], bounds: Bounds) -> Report {
    let unknown = |why: String| Report {
        answer: Answer::Unknown(why),
        configurations: 0,
        longest_queue: 0,
        bound_reached: false,
    };
    match System::new(machines, bounds.queue) {
        Ok(system) => judge(&system, bounds),
        Err(Error::System { why }) => unknown(why),
        Err(other) => unknown(other.to_string()),
    }
}

impl Protocol {
    /// Projects the protocol and looks whether the machines fit together.
    ///
    /// # Errors
    /// As [`project_all`](Self::project_all).
    pub fn check(&self, bounds: Bounds) -> Result<Report, Error> {
        Ok(check(&self.machines()?, bounds))
    }
}

fn judge(system: &System<'_>, bounds: Bounds) -> Report {
    let (explored, stop) = explore(system, bounds.configurations);
    let answer = match stop {
        Some(Stop::Failure(at, kind)) => Answer::Fails(vec![Failure {
            kind,
            trace: explored.trace(system, at),
        }]),
        Some(Stop::TooMany) => Answer::Unknown(format!(
            "more than {} configurations; raise the limit or make families smaller",
            bounds.configurations
        )),
        None => whole(system, &explored, bounds),
    };
    Report {
        answer,
        configurations: explored.len(),
        longest_queue: explored.longest_queue,
        bound_reached: explored.bound_reached(),
    }
}

/// The answer when everything within the bound was looked at and no configuration was wrong by itself.
fn whole(system: &System<'_>, explored: &Explored, bounds: Bounds) -> Answer {
    if explored.bound_reached() && !graph::is_exhaustive(system, explored) {
        return Answer::Unknown(format!(
            "queues of {} are not enough to look at everything; raise the bound, or let receivers answer from time to time",
            bounds.queue
        ));
    }
    let mut failures: Vec<Failure> = graph::stuck(system, explored)
        .into_iter()
        .map(|(at, kind)| Failure {
            kind,
            trace: explored.trace(system, at),
        })
        .collect();
    failures.sort_by_key(|f| f.trace.len());
    failures.extend(explored.unreached(system).map(|kind| Failure {
        kind,
        trace: Vec::new(),
    }));
    if failures.is_empty() {
        Answer::Holds
    } else {
        Answer::Fails(failures)
    }
}
