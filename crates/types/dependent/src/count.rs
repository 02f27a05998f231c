//! A number that is fixed while the program runs and then carried in types.

use std::fmt;
use std::marker::PhantomData;

use crate::Error;
use crate::brand::Brand;
use crate::peano::{Nat, Succ, Zero};

/// `n − M`, where `n` was fixed by [`Count::fix`] and the brand `'id` stands for this one `n`.
///
/// Two lists that were checked against the same count have the same length, and nobody checks again. A predecessor has its
/// own type, so "exactly n − 1" is said as `Exact<'id, T, Succ<Zero>>`.
///
/// ```
/// use voidstate_dependent::{Count, Error, Exact};
/// use voidstate_dependent::peano::{Succ, Zero};
///
/// fn tool<'id>(names: Exact<'id, &str>, before: Exact<'id, u8, Succ<Zero>>) -> usize {
///     names.zip(before.cons(0)).as_slice().len()
/// }
/// let ran = Count::fix(3, |n| {
///     let names = n.exactly(vec!["a", "b", "c"])?;
///     let before = n.pred()?.exactly(vec![1, 2])?;
///     Ok::<_, Error>(tool(names, before))
/// });
/// assert_eq!(ran, Ok(3));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Count<'id, M = Zero> {
    value: usize,
    brand: Brand<'id>,
    less: PhantomData<M>,
}

/// Exactly as many items as the [`Count`] of the same brand (less `M`) says.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact<'id, T, M = Zero> {
    items: Vec<T>,
    brand: Brand<'id>,
    less: PhantomData<M>,
}

impl Count<'_> {
    /// Fixes `n` for the time of `body`. O(1).
    pub fn fix<R>(n: usize, body: impl for<'id> FnOnce(Count<'id>) -> R) -> R {
        body(Count {
            value: n,
            brand: PhantomData,
            less: PhantomData,
        })
    }
}

impl<'id, M: Nat> Count<'id, M> {
    /// The number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.value
    }

    /// One less.
    ///
    /// # Errors
    /// [`Error::NoPredecessor`] at 0.
    pub fn pred(self) -> Result<Count<'id, Succ<M>>, Error> {
        let value = self.value.checked_sub(1).ok_or(Error::NoPredecessor)?;
        Ok(Count {
            value,
            brand: self.brand,
            less: PhantomData,
        })
    }

    /// Items whose number was checked to be this one. O(1).
    ///
    /// # Errors
    /// [`Error::Count`] with fewer or more.
    pub fn exactly<T>(self, items: Vec<T>) -> Result<Exact<'id, T, M>, Error> {
        if items.len() != self.value {
            return Err(Error::Count {
                expected: self.value,
                found: items.len(),
            });
        }
        Ok(Exact::proved(items))
    }

    /// `make(0)`, `make(1)`, … as often as the number says.
    #[must_use]
    pub fn from_fn<T>(self, make: impl FnMut(usize) -> T) -> Exact<'id, T, M> {
        Exact::proved((0..self.value).map(make).collect())
    }
}

impl<'id, M: Nat> Count<'id, Succ<M>> {
    /// One more.
    #[must_use]
    pub fn succ(self) -> Count<'id, M> {
        Count {
            // Came from a larger number, so it fits.
            value: self.value.saturating_add(1),
            brand: self.brand,
            less: PhantomData,
        }
    }
}

impl<'id, T, M: Nat> Exact<'id, T, M> {
    fn proved(items: Vec<T>) -> Self {
        Self {
            items,
            brand: PhantomData,
            less: PhantomData,
        }
    }

    /// The count of these items. O(1).
    #[must_use]
    pub fn count(&self) -> Count<'id, M> {
        Count {
            value: self.items.len(),
            brand: self.brand,
            less: PhantomData,
        }
    }

    /// The first item and the rest, unless there is none. O(n).
    #[must_use]
    pub fn uncons(mut self) -> Option<(T, Exact<'id, T, Succ<M>>)> {
        if self.items.is_empty() {
            return None;
        }
        let first = self.items.remove(0);
        Some((first, Exact::proved(self.items)))
    }

    /// Each item changed; their number stays.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Exact<'id, U, M> {
        Exact::proved(self.items.into_iter().map(change).collect())
    }

    /// Pairs of items; both lists have the same length by their type, so nothing is cut off.
    #[must_use]
    pub fn zip<U>(self, other: Exact<'id, U, M>) -> Exact<'id, (T, U), M> {
        Exact::proved(self.items.into_iter().zip(other.items).collect())
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

    /// The items as a plain list.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<'id, T, M: Nat> Exact<'id, T, Succ<M>> {
    /// `item` and then these items: one more. O(n).
    #[must_use]
    pub fn cons(mut self, item: T) -> Exact<'id, T, M> {
        self.items.insert(0, item);
        Exact::proved(self.items)
    }
}

impl<M: Nat> fmt::Debug for Count<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let less = M::VALUE;
        write!(f, "Count({} = n - {less})", self.value)
    }
}

impl<T: fmt::Debug, M> fmt::Debug for Exact<'_, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exact").field(&self.items).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_is_named() {
        let refused = Count::fix(2, |n| n.exactly(vec![1, 2, 3]).unwrap_err());
        assert_eq!(
            refused,
            Error::Count {
                expected: 2,
                found: 3
            }
        );
        let refused = Count::fix(0, |n| n.pred().unwrap_err());
        assert_eq!(refused, Error::NoPredecessor);
    }

    #[test]
    fn taking_off_and_putting_back_keeps_the_type() {
        Count::fix(2, |n| {
            let items = n.from_fn(|i| i * 10);
            let (first, rest) = items.clone().uncons().unwrap();
            assert_eq!((first, rest.count().get()), (0, 1));
            assert_eq!(rest.count().succ(), n);
            assert_eq!(rest.cons(first), items);
        });
        assert!(Count::fix(0, |n| n.from_fn(|i| i).uncons().is_none()));
        let endless = Count::fix(usize::MAX, |n| n.pred().map(|p| p.succ().get()));
        assert_eq!(endless, Ok(usize::MAX));
    }
}
