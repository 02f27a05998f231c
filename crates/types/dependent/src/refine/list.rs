//! Lists that keep their promises.

use std::cmp::Ordering;

use super::rule::{Ascending, ascends};
use super::{NonEmpty, Rule, Sorted};
use crate::Error;

impl<T> NonEmpty<T> {
    /// `first` and then `rest`. O(n).
    #[must_use]
    pub fn of(first: T, mut rest: Vec<T>) -> Self {
        rest.insert(0, first);
        Self::proved(rest)
    }

    /// The first item: there always is one.
    #[must_use]
    pub fn first(&self) -> &T {
        &self.value[0]
    }

    /// The last item: there always is one.
    #[must_use]
    pub fn last(&self) -> &T {
        &self.value[self.value.len() - 1]
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.value_mut().push(item);
    }

    /// Takes the last item off, unless it is the only one.
    pub fn pop(&mut self) -> Option<T> {
        if self.value.len() == 1 {
            return None;
        }
        self.value_mut().pop()
    }

    /// The items for changing; their number cannot change.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.value_mut()
    }

    /// Each item changed.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> NonEmpty<U> {
        NonEmpty::proved(self.value.into_iter().map(change).collect())
    }

    /// The largest item, the last of equal ones.
    #[must_use]
    pub fn largest(&self) -> &T
    where
        T: Ord,
    {
        self.value.iter().fold(self.first(), |a, b| a.max(b))
    }
}

impl<T: Ord> Sorted<T> {
    /// Puts items in order, equal ones as they came. O(n log n).
    #[must_use]
    pub fn sort(mut items: Vec<T>) -> Self {
        items.sort();
        Self::proved(items)
    }
}

impl Sorted<f64> {
    /// Puts numbers in order, -0 and 0 as they came. O(n log n).
    ///
    /// # Errors
    /// [`Error::Refused`] when one is NaN.
    pub fn sort_floats(mut items: Vec<f64>) -> Result<Self, Error> {
        if let Some(nan) = items.iter().find(|item| item.is_nan()) {
            return Err(Error::Refused {
                expected: <Ascending as Rule<Vec<f64>>>::expected(),
                found: format!("a list with {nan:?}"),
            });
        }
        items.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        Ok(Self::proved(items))
    }
}

impl<T: PartialOrd> Sorted<T> {
    /// No item.
    #[must_use]
    pub fn empty() -> Self {
        Self::proved(Vec::new())
    }

    /// Adds an item behind those that are not greater and tells where. O(n).
    ///
    /// # Errors
    /// The item itself when it cannot be compared with its neighbours, such as NaN; nothing has changed then.
    pub fn insert(&mut self, item: T) -> Result<usize, T> {
        let at = self.value.partition_point(|other| *other <= item);
        let before = at.checked_sub(1).and_then(|i| self.value.get(i));
        let fits = ascends(std::slice::from_ref(&item))
            && before.is_none_or(|before| *before <= item)
            && self.value.get(at).is_none_or(|after| item <= *after);
        if !fits {
            return Err(item);
        }
        self.value_mut().insert(at, item);
        Ok(at)
    }

    /// The items of both, equal ones of `self` first. O(n + m).
    ///
    /// # Errors
    /// Both lists when an item of one cannot be compared with one of the other; never for a total order.
    pub fn merge(self, other: Self) -> Result<Self, (Self, Self)> {
        let comparable = |a: &[T], b: &[T]| {
            let (mut i, mut j) = (0, 0);
            while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
                match x.partial_cmp(y) {
                    Some(Ordering::Greater) => j += 1,
                    Some(_) => i += 1,
                    None => return false,
                }
            }
            true
        };
        if !comparable(&self.value, &other.value) {
            return Err((self, other));
        }
        let mut merged = Vec::with_capacity(self.value.len() + other.value.len());
        let (mut left, mut right) = (
            self.value.into_iter().peekable(),
            other.value.into_iter().peekable(),
        );
        while let Some(next) = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a > b => right.next(),
            (Some(_), _) => left.next(),
            (None, _) => right.next(),
        } {
            merged.push(next);
        }
        Ok(Self::proved(merged))
    }

    /// Takes an item out, if there is one. O(n).
    pub fn remove(&mut self, at: usize) -> Option<T> {
        (at < self.value.len()).then(|| self.value_mut().remove(at))
    }

    /// Keeps what is wanted, in its order. O(n).
    pub fn retain(&mut self, is_wanted: impl FnMut(&T) -> bool) {
        self.value_mut().retain(is_wanted);
    }

    /// The first `len` items. O(n).
    pub fn truncate(&mut self, len: usize) {
        self.value_mut().truncate(len);
    }

    /// Whether an equal item is there. O(log n).
    #[must_use]
    pub fn contains(&self, item: &T) -> bool {
        let at = self.value.partition_point(|other| other < item);
        self.value.get(at).is_some_and(|found| found == item)
    }

    /// The smallest item. O(1).
    #[must_use]
    pub fn smallest(&self) -> Option<&T> {
        self.value.first()
    }

    /// The largest item. O(1).
    #[must_use]
    pub fn largest(&self) -> Option<&T> {
        self.value.last()
    }
}
