//! An interpreter that answers from a journal.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use crate::direct::{Direct, direct};
use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::journal::{Entry, Journal, Journalled, Key, Outcome, Recordable};
use crate::row::RowEffects;

/// Walks through a journal, comparing each operation with the recorded one. For those whose surroundings are no interpreter;
/// programs are replayed by [`replay`] or [`Replay`].
#[derive(Debug, Clone)]
pub struct Cursor<'j> {
    journal: &'j Journal,
    at: usize,
}

impl<'j> Cursor<'j> {
    /// At the first operation.
    #[must_use]
    pub fn new(journal: &'j Journal) -> Self {
        Self { journal, at: 0 }
    }

    /// How many operations were answered.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The recorded answer of the next operation, which must be `effect`.
    ///
    /// # Errors
    /// [`Error::Diverged`] when another operation was recorded, [`Error::Exhausted`] when none was, [`Error::Aborted`] when
    /// it was aborted; [`Error::NotInRow`], or the operation or answer is beyond the codec. The cursor stays where it was,
    /// but for an abort.
    pub fn answer<E: Recordable>(&mut self, effect: &E) -> Result<E::Out, Error> {
        let key = Key::of(self.journal.place(E::NAME)?, effect)?;
        let bytes = self.recorded(&key)?;
        let out = crate::journal::decode::<E>(bytes)?;
        self.at += 1;
        Ok(out)
    }

    /// Whether the program may end here.
    ///
    /// # Errors
    /// [`Error::Unperformed`] when the journal goes on.
    pub fn finish(&self) -> Result<(), Error> {
        match self.journal.entries().get(self.at) {
            None => Ok(()),
            Some(entry) => Err(Error::Unperformed {
                at: self.at as u64,
                recorded: entry.key.to_string().into(),
            }),
        }
    }

    /// The answer's record; an abort is passed over, so that the journal may end with it.
    fn recorded(&mut self, performed: &Key) -> Result<&'j [u8], Error> {
        let entry = self.compared(performed)?;
        match &entry.outcome {
            Outcome::Answered(bytes) => Ok(bytes),
            Outcome::Aborted(reason) => {
                self.at += 1;
                Err(Error::aborted(reason.to_string()))
            }
        }
    }

    fn compared(&self, performed: &Key) -> Result<&'j Entry, Error> {
        let at = self.at as u64;
        let Some(entry) = self.journal.entries().get(self.at) else {
            return Err(Error::Exhausted {
                at,
                performed: performed.to_string().into(),
            });
        };
        if entry.key.is_same(performed) {
            return Ok(entry);
        }
        Err(Error::Diverged {
            at,
            recorded: entry.key.to_string().into(),
            performed: performed.to_string().into(),
        })
    }
}

/// Answers from a journal; anything but the recorded operations in their order aborts the program.
pub struct Replay<'j, R> {
    cursor: Cursor<'j>,
    row: PhantomData<fn() -> R>,
}

impl<'j, R: Journalled> Replay<'j, R> {
    /// Answers from `journal`.
    ///
    /// # Errors
    /// [`Error::Row`] when it was recorded with another row.
    pub fn new(journal: &'j Journal) -> Result<Self, Error> {
        journal.check_row::<R>()?;
        Ok(Self {
            cursor: Cursor::new(journal),
            row: PhantomData,
        })
    }

    /// How many operations were answered.
    #[must_use]
    pub fn at(&self) -> usize {
        self.cursor.at
    }

    /// Whether the program may end here.
    ///
    /// # Errors
    /// [`Error::Unperformed`] when the journal goes on.
    pub fn finish(&self) -> Result<(), Error> {
        self.cursor.finish()
    }

    fn answered(&mut self, op: &R::Op) -> Result<R::Out, Error> {
        let key = R::key(op)?;
        let bytes = self.cursor.recorded(&key)?;
        let out = R::decode(key.effect(), bytes)?;
        self.cursor.at += 1;
        Ok(out)
    }
}

impl<R: Journalled> Interp<R> for Replay<'_, R> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match self.answered(&op) {
            Ok(out) => ControlFlow::Continue(out),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl<R: RowEffects> fmt::Debug for Replay<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("row", &R::NAMES)
            .field("at", &self.cursor.at)
            .finish_non_exhaustive()
    }
}

/// Runs `program` on what `journal` holds, and on nothing else.
///
/// # Errors
/// [`Error::Diverged`], [`Error::Exhausted`] or [`Error::Unperformed`] when the program does not perform exactly the
/// recorded operations; the recorded abort, where there is one; [`Error::Row`] for a journal of another row.
pub fn replay<'j, R: Journalled, T>(
    journal: &'j Journal,
    program: impl AsyncFnOnce(&mut Direct<R, &mut Replay<'j, R>>) -> T,
) -> Result<T, Error> {
    let mut replay = Replay::new(journal)?;
    let out = direct(&mut replay, program)?;
    replay.finish()?;
    Ok(out)
}
