//! The book of values that were not used.

use std::any::type_name;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::fmt::{self, Write};
use std::panic::Location;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};
use crate::linear::Linear;
use crate::policy::Warn;

/// Counts, for every type, label and place, how many values were made there and not used.
///
/// Clones share one book. O(1) per entry, under one lock; memory grows with the number of places and labels, not of values.
/// A value that was forgotten, sits in a cycle or on a thread that hangs is seen as open: it cannot be told from one that is
/// still needed, so ask when everything ought to be over.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    rows: Vec<Leak>,
    index: HashMap<(&'static str, Cow<'static, str>, Place), usize>,
}

type Place = (&'static str, u32, u32);

/// Values of one type and label, made at one place, that were not used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leak {
    /// Name of the type.
    pub type_name: &'static str,
    /// What the maker called it; the type's name when it had none.
    pub label: Cow<'static, str>,
    /// Where they were made.
    pub at: &'static Location<'static>,
    /// How many are not used yet: alive, forgotten or unreachable.
    pub open: u64,
    /// How many were dropped unused.
    pub dropped: u64,
    /// How many were dropped unused by a thread that unwound.
    pub unwound: u64,
}

impl Leak {
    /// How many there are of all kinds.
    pub const fn count(&self) -> u64 {
        self.open
            .saturating_add(self.dropped)
            .saturating_add(self.unwound)
    }
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} made at {}:", self.label, self.at)?;
        let kinds = [
            (self.open, "open"),
            (self.dropped, "dropped"),
            (self.unwound, "dropped while unwinding"),
        ];
        let told = kinds.iter().filter(|(count, _)| *count > 0);
        for (i, (count, kind)) in told.enumerate() {
            write!(f, "{} {count} {kind}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

static PROCESS: LazyLock<Ledger> = LazyLock::new(Ledger::new);

impl Ledger {
    /// An empty one; each test takes its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// The one that [`Linear::new`] uses under the policy [`Warn`].
    pub fn process() -> &'static Self {
        &PROCESS
    }

    /// Makes `value` linear and enters it here.
    #[track_caller]
    pub fn linear<T>(&self, label: impl Into<Cow<'static, str>>, value: T) -> Linear<T, Warn> {
        Linear::sealed(value, self.entry::<T>(label))
    }

    /// An entry alone, to lie beside a value of another policy: `Linear<(T, Entry), Bomb>`.
    #[track_caller]
    pub fn entry<T>(&self, label: impl Into<Cow<'static, str>>) -> Entry {
        self.enter_at(type_name::<T>(), label.into(), Location::caller())
    }

    pub(crate) fn enter_at(
        &self,
        type_name: &'static str,
        label: Cow<'static, str>,
        at: &'static Location<'static>,
    ) -> Entry {
        let mut book = self.book();
        let book = &mut *book;
        let row = match book.index.entry((type_name, label, place(at))) {
            Occupied(known) => *known.get(),
            Vacant(fresh) => {
                book.rows.push(Leak {
                    type_name,
                    label: fresh.key().1.clone(),
                    at,
                    open: 0,
                    dropped: 0,
                    unwound: 0,
                });
                *fresh.insert(book.rows.len() - 1)
            }
        };
        if let Some(leak) = book.rows.get_mut(row) {
            leak.open = leak.open.saturating_add(1);
        }
        Entry {
            ledger: Some(self.clone()),
            row,
        }
    }

    /// What was not used so far, in order of place and label.
    pub fn leaks(&self) -> Vec<Leak> {
        let mut leaks: Vec<_> = self
            .book()
            .rows
            .iter()
            .filter(|l| l.count() > 0)
            .cloned()
            .collect();
        leaks.sort_by(|a, b| {
            (place(a.at), &a.label, a.type_name).cmp(&(place(b.at), &b.label, b.type_name))
        });
        leaks
    }

    /// Whether everything was used.
    ///
    /// # Errors
    /// [`Error::Leaked`] with every type, label and place.
    pub fn check(&self) -> Result<()> {
        let leaks = self.leaks();
        if leaks.is_empty() {
            return Ok(());
        }
        let mut told = String::new();
        for (i, leak) in leaks.iter().enumerate() {
            // Writing to a string does not fail.
            let _ = write!(told, "{}{leak}", if i == 0 { "" } else { "; " });
        }
        Err(Error::Leaked {
            count: leaks.iter().map(Leak::count).fold(0, u64::saturating_add),
            told,
        })
    }

    /// For tests: everything was used.
    ///
    /// # Panics
    /// When something was not, with every type, label and place.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion for tests")]
    pub fn assert_empty(&self) {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, row: usize, kind: Ending) {
        let mut book = self.book();
        let Some(leak) = book.rows.get_mut(row) else {
            return;
        };
        leak.open = leak.open.saturating_sub(1);
        match kind {
            Ending::Used => {}
            Ending::Dropped => leak.dropped = leak.dropped.saturating_add(1),
            Ending::Unwound => leak.unwound = leak.unwound.saturating_add(1),
        }
    }
}

enum Ending {
    Used,
    Dropped,
    Unwound,
}

fn place(at: &Location<'static>) -> Place {
    (at.file(), at.line(), at.column())
}

/// One value's line in a [`Ledger`]: [`close`](Self::close) it when the value was used; dropped, it counts as a leak.
#[derive(Debug)]
#[must_use = "an entry that is dropped counts as a leak: `close` it when the value was used"]
pub struct Entry {
    ledger: Option<Ledger>,
    row: usize,
}

impl Entry {
    /// The value was used.
    pub fn close(mut self) {
        if let Some(ledger) = self.ledger.take() {
            ledger.end(self.row, Ending::Used);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(ledger) = self.ledger.take() {
            let kind = if std::thread::panicking() {
                Ending::Unwound
            } else {
                Ending::Dropped
            };
            ledger.end(self.row, kind);
        }
    }
}
