//! Indices that are valid for one list only.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A lifetime that equals itself only: neither longer nor shorter ones fit in its place.
pub(crate) type Brand<'id> = PhantomData<fn(&'id ()) -> &'id ()>;

/// A list whose length cannot change as long as its indices live.
///
/// The brand `'id` is made anew by every [`BVec::scope`], so an index of one list does not fit another; this is refused by
/// `cargo check`. Reading through an [`Idx`] keeps the bounds check of `Vec` (there is no `unsafe` here) but cannot fail.
///
/// ```
/// use voidstate_dependent::BVec;
///
/// let sum = BVec::scope(vec![3, 4], |mut list| {
///     let last = list.check(1)?;
///     list[last] += 1;
///     Some(list.indices().map(|i| list[i]).sum::<i32>())
/// });
/// assert_eq!(sum, Some(8));
/// ```
pub struct BVec<'id, T> {
    items: Vec<T>,
    brand: Brand<'id>,
}

/// An index into the one [`BVec`] of the same brand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Idx<'id> {
    at: usize,
    brand: Brand<'id>,
}

impl BVec<'_, ()> {
    /// Gives `items` a brand of their own and hands them over. O(1).
    pub fn scope<T, R>(items: Vec<T>, body: impl for<'id> FnOnce(BVec<'id, T>) -> R) -> R {
        body(BVec {
            items,
            brand: PhantomData,
        })
    }
}

impl<'id, T> BVec<'id, T> {
    /// The index `at`, unless it lies outside. O(1); the only check that there is.
    #[must_use]
    pub fn check(&self, at: usize) -> Option<Idx<'id>> {
        let brand = PhantomData;
        (at < self.items.len()).then_some(Idx { at, brand })
    }

    /// All indices, in order. They outlive the borrow of the list, so that items can be changed meanwhile.
    pub fn indices(
        &self,
    ) -> impl ExactSizeIterator<Item = Idx<'id>> + DoubleEndedIterator + use<'id, T> {
        let brand = PhantomData;
        (0..self.items.len()).map(move |at| Idx { at, brand })
    }

    /// The index of the first item that `is_wanted`. O(n).
    pub fn find(&self, is_wanted: impl FnMut(&T) -> bool) -> Option<Idx<'id>> {
        let at = self.items.iter().position(is_wanted)?;
        self.check(at)
    }

    /// Exchanges two items. O(1).
    pub fn swap(&mut self, a: Idx<'id>, b: Idx<'id>) {
        self.items.swap(a.at, b.at);
    }

    /// Each item changed; the indices stay valid.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> BVec<'id, U> {
        BVec {
            items: self.items.into_iter().map(change).collect(),
            brand: self.brand,
        }
    }

    /// The items.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The items, for changing; their number cannot change.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item, and so no index.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items as a plain list; the indices are worth nothing then.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<'id, T> Index<Idx<'id>> for BVec<'id, T> {
    type Output = T;

    fn index(&self, index: Idx<'id>) -> &T {
        &self.items[index.at]
    }
}

impl<'id, T> IndexMut<Idx<'id>> for BVec<'id, T> {
    fn index_mut(&mut self, index: Idx<'id>) -> &mut T {
        &mut self.items[index.at]
    }
}

impl<T: fmt::Debug> fmt::Debug for BVec<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BVec").field(&self.items).finish()
    }
}

impl Idx<'_> {
    /// The index as a number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.at
    }
}

impl fmt::Debug for Idx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Idx").field(&self.at).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_checked_once() {
        let left = BVec::scope(vec!["a", "b", "c"], |mut list| {
            assert!(list.check(3).is_none() && list.check(usize::MAX).is_none());
            let b = list.find(|item| *item == "b").unwrap();
            let first = list.indices().next().unwrap();
            list.swap(first, b);
            let lengths = list.map(str::len);
            (lengths[b], lengths.into_vec())
        });
        assert_eq!(left, (1, vec![1, 1, 1]));
    }

    #[test]
    fn an_empty_list_has_no_index() {
        let none = BVec::scope(Vec::<u8>::new(), |list| list.indices().len());
        assert_eq!(none, 0);
    }
}
