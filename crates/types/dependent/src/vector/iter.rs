//! Vectors as arrays, slices, iterators and indexed lists.

use std::ops::{Index, IndexMut};

use super::Vector;
use crate::{Error, Fin};

impl<T, const N: usize> Vector<T, N> {
    /// The items by reference, first to last.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The items for changing, first to last.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }
}

impl<T, const N: usize> IntoIterator for Vector<T, N> {
    type Item = T;
    type IntoIter = std::array::IntoIter<T, N>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a Vector<T, N> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a mut Vector<T, N> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T: Default, const N: usize> Default for Vector<T, N> {
    fn default() -> Self {
        Self::from_fn(|_| T::default())
    }
}

impl<T, const N: usize> From<[T; N]> for Vector<T, N> {
    fn from(items: [T; N]) -> Self {
        Self(items)
    }
}

impl<T, const N: usize> From<Vector<T, N>> for [T; N] {
    fn from(vector: Vector<T, N>) -> Self {
        vector.0
    }
}

impl<T, const N: usize> TryFrom<Vec<T>> for Vector<T, N> {
    type Error = Error;

    /// Claims a length and has it checked.
    fn try_from(items: Vec<T>) -> Result<Self, Error> {
        let items = <[T; N]>::try_from(items);
        items.map(Self).map_err(|items| Error::Length {
            expected: N,
            found: items.len(),
        })
    }
}

impl<T: Copy, const N: usize> TryFrom<&[T]> for Vector<T, N> {
    type Error = Error;

    fn try_from(items: &[T]) -> Result<Self, Error> {
        let array = <[T; N]>::try_from(items);
        array.map(Self).map_err(|_| Error::Length {
            expected: N,
            found: items.len(),
        })
    }
}

impl<T, const N: usize> AsRef<[T]> for Vector<T, N> {
    fn as_ref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const N: usize> AsMut<[T]> for Vector<T, N> {
    fn as_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T, const N: usize> Index<Fin<N>> for Vector<T, N> {
    type Output = T;

    fn index(&self, index: Fin<N>) -> &T {
        self.get(index)
    }
}

impl<T, const N: usize> IndexMut<Fin<N>> for Vector<T, N> {
    fn index_mut(&mut self, index: Fin<N>) -> &mut T {
        self.get_mut(index)
    }
}
