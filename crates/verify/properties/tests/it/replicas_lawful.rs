//! Replicated data that converges.

use std::collections::{BTreeMap, BTreeSet};

/// Counts by replica, only growing.
pub(crate) type Counts = BTreeMap<usize, u64>;

pub(crate) fn count(counts: &Counts, at: usize, more: u64) -> Counts {
    let mut counts = counts.clone();
    *counts.entry(at).or_default() += more;
    counts
}

pub(crate) fn greater(a: &Counts, b: &Counts) -> Counts {
    let mut all = a.clone();
    for (at, n) in b {
        let mine = all.entry(*at).or_default();
        *mine = (*mine).max(*n);
    }
    all
}

/// Increments and decrements.
pub(crate) type UpDown = (Counts, Counts);

pub(crate) fn count_both(s: &UpDown, at: usize, by: &i8) -> UpDown {
    let amount = u64::from(by.unsigned_abs());
    if *by < 0 {
        (s.0.clone(), count(&s.1, at, amount))
    } else {
        (count(&s.0, at, amount), s.1.clone())
    }
}

/// Time, writer and value of the last write.
pub(crate) type Register = (u32, usize, u8);

pub(crate) fn write(s: &Register, at: usize, value: &u8) -> Register {
    (s.0 + 1, at, *value)
}

/// An element is there while one of its tags is not buried.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Observed {
    pub(crate) tags: BTreeSet<(u8, usize, usize)>,
    pub(crate) buried: BTreeSet<(u8, usize, usize)>,
}

/// Add or remove.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Add(u8),
    Remove(u8),
}

impl Observed {
    pub(crate) fn edited(&self, at: usize, edit: &Edit) -> Self {
        let mut new = self.clone();
        match edit {
            Edit::Add(value) => {
                let mine = self.tags.iter().filter(|t| t.1 == at).count();
                new.tags.insert((*value, at, mine));
            }
            Edit::Remove(value) => {
                let observed = self.tags.iter().filter(|t| t.0 == *value);
                new.buried.extend(observed.copied());
            }
        }
        new
    }

    pub(crate) fn merged(&self, other: &Self) -> Self {
        Self {
            tags: &self.tags | &other.tags,
            buried: &self.buried | &other.buried,
        }
    }
}
