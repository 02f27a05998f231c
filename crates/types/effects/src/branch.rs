//! Another course from operation `n` on, and where two courses part.

use std::fmt;

use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::journal::{Entry, Journal, Journalled, Outcome};
use crate::record::Record;
use crate::replay::Replay;

/// Answers the first `n` operations from a journal, and the others by `H`; records the whole course, which
/// [`compare`] can hold against the journal. Programs are one-shot: a branch runs the program again from its start.
///
/// `H` is in the state in which it is handed over when operation `n` comes: it has not seen the first `n`.
pub struct Branch<'j, R, H> {
    past: Replay<'j, R>,
    n: usize,
    course: Record<R, H>,
}

impl<'j, R: Journalled, H> Branch<'j, R, H> {
    /// Leaves `journal` at operation `n`, counted from 0.
    ///
    /// # Errors
    /// [`Error::Row`] for a journal of another row, [`Error::Setting`] when it has fewer than `n` operations or its first
    /// `n` hold an abort.
    pub fn new(journal: &'j Journal, n: usize, future: H) -> Result<Self, Error> {
        let past = Replay::new(journal)?;
        let prefix = journal.prefix(n);
        let answered = |e: &Entry| matches!(e.outcome, Outcome::Answered(_));
        if prefix.len() < n || !prefix.entries().iter().all(answered) {
            return Err(Error::Setting {
                what: "branching operation",
                value: n.to_string().into(),
                domain: "within the answered operations of the journal",
            });
        }
        Ok(Self {
            past,
            n,
            course: Record::new(future),
        })
    }

    /// The whole course: what was replayed, and what was performed afterwards.
    #[must_use]
    pub fn into_journal(self) -> Journal {
        self.course.into_journal()
    }
}

impl<R: Journalled, H: Interp<R>> Interp<R> for Branch<'_, R, H> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        if self.past.at() < self.n {
            self.course.through(&mut self.past, op)
        } else {
            self.course.step(op)
        }
    }
}

impl<R, H> fmt::Debug for Branch<'_, R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Branch")
            .field("n", &self.n)
            .field("course", &self.course)
            .finish_non_exhaustive()
    }
}

/// Where two journals part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which operation, counted from 0.
    pub at: usize,
    /// How they differ there.
    pub what: What,
}

/// How two journals differ at an operation.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Different operations were performed.
    Operation {
        /// That of the first journal.
        left: Box<str>,
        /// That of the second.
        right: Box<str>,
    },
    /// The same operation was answered differently, or aborted in one of them.
    Outcome {
        /// The operation.
        operation: Box<str>,
        /// The answer of the first journal.
        left: Box<str>,
        /// The answer of the second.
        right: Box<str>,
    },
    /// One of them ended here.
    Length {
        /// How many operations the first has.
        left: usize,
        /// How many the second has.
        right: usize,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match &self.what {
            What::Operation { left, right } => {
                write!(
                    f,
                    "operation {at}: {left} on the left, {right} on the right"
                )
            }
            What::Outcome {
                operation,
                left,
                right,
            } => write!(
                f,
                "operation {at}, {operation}: {left} on the left, {right} on the right"
            ),
            What::Length { left, right } => {
                write!(
                    f,
                    "operation {at}: {left} operations on the left, {right} on the right"
                )
            }
        }
    }
}

/// The first difference of two journals of the row `R`; `None` when they are the same.
///
/// # Errors
/// [`Error::Row`] when one is of another row; an answer that cannot be decoded.
pub fn compare<R: Journalled>(
    left: &Journal,
    right: &Journal,
) -> Result<Option<Difference>, Error> {
    left.check_row::<R>()?;
    right.check_row::<R>()?;
    let mut pairs = left.entries().iter().zip(right.entries()).enumerate();
    let parted = pairs.find(|(_, (a, b))| !a.key.is_same(&b.key) || a.outcome != b.outcome);
    if let Some((at, (a, b))) = parted {
        let what = if a.key.is_same(&b.key) {
            What::Outcome {
                operation: a.key.text().into(),
                left: outcome_text::<R>(a)?,
                right: outcome_text::<R>(b)?,
            }
        } else {
            What::Operation {
                left: a.key.to_string().into(),
                right: b.key.to_string().into(),
            }
        };
        return Ok(Some(Difference { at, what }));
    }
    let (left, right) = (left.len(), right.len());
    Ok((left != right).then(|| Difference {
        at: left.min(right),
        what: What::Length { left, right },
    }))
}

fn outcome_text<R: Journalled>(entry: &Entry) -> Result<Box<str>, Error> {
    match &entry.outcome {
        Outcome::Answered(bytes) => Ok(R::out_text(&R::decode(entry.key.effect(), bytes)?)),
        Outcome::Aborted(reason) => Ok(format!("aborted: {reason}").into()),
    }
}
