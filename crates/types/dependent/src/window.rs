//! Exactly the last `N` of a stream.

use crate::{Error, Vector};

/// The last `N` items, and never fewer: what needs a full window takes this type and checks nothing.
///
/// A window starts full ([`Window::new`]) or comes out of a [`Filling`]. `N` must not be 0.
#[derive(Debug, Clone)]
pub struct Window<T, const N: usize> {
    ring: [T; N],
    /// Where the oldest item stands, below `N`.
    oldest: usize,
}

/// A window that has not seen `N` items yet.
///
/// Room for `N` items is taken at the first one, at most 4096 at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling<T, const N: usize> {
    items: Vec<T>,
}

/// A [`Filling`] after one more item.
#[derive(Debug, Clone)]
pub enum Filled<T, const N: usize> {
    /// There are still fewer than `N`.
    NotYet(Filling<T, N>),
    /// There are `N`.
    Full(Window<T, N>),
}

impl<T, const N: usize> Default for Filling<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const N: usize> Filling<T, N> {
    /// No item yet.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N > 0, "a window holds at least one item") };
        Self { items: Vec::new() }
    }

    /// Takes the next item. O(1), O(N) for the one that makes it full.
    #[must_use]
    pub fn push(mut self, item: T) -> Filled<T, N> {
        if self.items.is_empty() {
            self.items.reserve_exact(N.min(4096));
        }
        self.items.push(item);
        match <[T; N]>::try_from(self.items) {
            Ok(ring) => Filled::Full(Window { ring, oldest: 0 }),
            Err(items) => Filled::NotYet(Self { items }),
        }
    }

    /// The items so far, oldest first.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// How many items are missing, at least 1.
    #[must_use]
    pub fn missing(&self) -> usize {
        N - self.items.len()
    }
}

impl<T, const N: usize> Window<T, N> {
    /// A window of these items, oldest first.
    #[must_use]
    pub const fn new(items: [T; N]) -> Self {
        const { assert!(N > 0, "a window holds at least one item") };
        Self {
            ring: items,
            oldest: 0,
        }
    }

    /// The last `N` items of a stream that is known already.
    ///
    /// # Errors
    /// [`Error::Length`] when there are fewer.
    pub fn last_of(items: &[T]) -> Result<Self, Error>
    where
        T: Clone,
    {
        let last = items.last_chunk::<N>();
        let last = last.ok_or(Error::Length {
            expected: N,
            found: items.len(),
        })?;
        Ok(Self::new(last.clone()))
    }

    /// Takes the next item and gives the oldest back. O(1).
    pub fn push(&mut self, item: T) -> T {
        let gone = std::mem::replace(&mut self.ring[self.oldest], item);
        self.oldest = if self.oldest + 1 == N {
            0
        } else {
            self.oldest + 1
        };
        gone
    }

    /// The oldest item. O(1).
    #[must_use]
    pub fn oldest(&self) -> &T {
        &self.ring[self.oldest]
    }

    /// The newest item. O(1).
    #[must_use]
    pub fn newest(&self) -> &T {
        let at = if self.oldest == 0 { N } else { self.oldest };
        &self.ring[at - 1]
    }

    /// The items in two runs, the older one first. O(1).
    #[must_use]
    pub fn as_slices(&self) -> (&[T], &[T]) {
        let (newer, older) = self.ring.split_at(self.oldest);
        (older, newer)
    }

    /// The items, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        let (older, newer) = self.as_slices();
        older.iter().chain(newer)
    }

    /// The items, oldest first. O(N).
    #[must_use]
    pub fn into_vector(mut self) -> Vector<T, N> {
        self.ring.rotate_left(self.oldest);
        Vector::new(self.ring)
    }
}

/// Windows are equal when their items are, oldest first.
impl<T: PartialEq, const N: usize> PartialEq for Window<T, N> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Eq, const N: usize> Eq for Window<T, N> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_and_then_slides() {
        let Filled::NotYet(filling) = Filling::<_, 2>::new().push(1) else {
            panic!("two are needed");
        };
        assert_eq!((filling.missing(), filling.items()), (1, &[1][..]));
        let Filled::Full(mut window) = filling.push(2) else {
            panic!("two are there");
        };
        assert_eq!(window.push(3), 1);
        assert_eq!((*window.oldest(), *window.newest()), (2, 3));
        assert_eq!(window, Window::new([2, 3]));
        assert_eq!(window.into_vector().into_array(), [2, 3]);
    }

    #[test]
    fn one_item_is_oldest_and_newest() {
        let mut window = Window::new([1]);
        assert_eq!(window.push(2), 1);
        assert_eq!((window.oldest(), window.newest()), (&2, &2));
    }
}
