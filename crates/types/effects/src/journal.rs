//! What a program performed and what it was answered, in order.

mod format;
mod key;
mod recordable;

use serde::{Deserialize, Serialize};

pub use format::Encoder;
pub(crate) use key::shown;
pub use key::{Key, TEXT_BYTES_MAX};
pub(crate) use recordable::decode;
pub use recordable::{Journalled, Recordable};

use crate::error::Error;
use crate::row::RowEffects;

/// How an operation ended when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was answered: a record of the codec, read back by [`Journalled::decode`].
    Answered(Vec<u8>),
    /// The program was aborted, for this reason.
    Aborted(Box<str>),
}

/// One operation of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What was performed.
    pub key: Key,
    /// How it ended.
    pub outcome: Outcome,
}

/// What a program performed and what it was answered, in order. [`Journal::to_bytes`] makes a versioned file of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    row: Vec<Box<str>>,
    entries: Vec<Entry>,
}

impl Journal {
    /// The empty journal of a row.
    #[must_use]
    pub fn of<R: RowEffects>() -> Self {
        Self {
            row: R::NAMES.iter().map(|name| Box::from(*name)).collect(),
            entries: Vec::new(),
        }
    }

    /// Names of the row's effects, in its order.
    #[must_use]
    pub fn row(&self) -> &[Box<str>] {
        &self.row
    }

    /// The operations, in the order in which they were performed.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many operations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was performed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The first `n` operations, or all when there are fewer.
    #[must_use]
    pub fn prefix(&self, n: usize) -> Self {
        Self {
            row: self.row.clone(),
            entries: self.entries.iter().take(n).cloned().collect(),
        }
    }

    /// Adds an operation of one effect and its answer, without a program: for those whose surroundings are no interpreter.
    ///
    /// # Errors
    /// [`Error::NotInRow`], or the operation or answer cannot be encoded; nothing is added then.
    pub fn append<E: Recordable>(&mut self, effect: &E, out: &E::Out) -> Result<(), Error> {
        let place = self.place(E::NAME)?;
        self.push(Entry {
            key: Key::of(place, effect)?,
            outcome: Outcome::Answered(recordable::encode::<E>(out)?),
        });
        Ok(())
    }

    /// Takes the entries out and leaves the journal empty; for those who write a long journal away in parts with
    /// [`Encoder`].
    pub fn drain(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The place of an effect in the row.
    pub(crate) fn place(&self, effect: &'static str) -> Result<u16, Error> {
        self.row
            .iter()
            .position(|name| **name == *effect)
            .and_then(|place| u16::try_from(place).ok())
            .ok_or_else(|| Error::NotInRow {
                effect,
                row: self.row.join(" ").into(),
            })
    }

    /// Whether the journal is of the row `R`.
    pub(crate) fn check_row<R: RowEffects>(&self) -> Result<(), Error> {
        if self
            .row
            .iter()
            .map(|name| &**name)
            .eq(R::NAMES.iter().copied())
        {
            return Ok(());
        }
        Err(Error::Row {
            found: self.row.join(" ").into(),
            expected: R::NAMES.join(" ").into(),
        })
    }
}
