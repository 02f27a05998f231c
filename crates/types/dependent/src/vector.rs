//! Lists that bear their length in their type.

mod inferred;
mod iter;

use std::ops::{Add, Mul};

use crate::{Error, Fin, Ring};

/// Exactly `N` items, laid out as the array `[T; N]`.
///
/// Operations that change the length name the new one, in the type that is wanted or by turbofish; a wrong length does not
/// build. That check runs when the program is built, not under `cargo check`. Lengths up to 32 can be inferred instead:
/// [`push_front`](Self::push_front), [`pop_front`](Self::pop_front), [`append`](Self::append).
///
/// Every operation is O(N) and allocates nothing, unless it says otherwise.
///
/// ```
/// use voidstate_dependent::Vector;
///
/// let pair: Vector<u8, 2> = Vector::empty().cons::<1>(2).cons(1);
/// let (one, rest) = pair.uncons::<1>();
/// assert_eq!((one, rest.into_array()), (1, [2]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Vector<T, const N: usize>([T; N]);

/// The next `N` items; every caller has proved in a const assertion, or has counted, that there are so many.
pub(crate) fn exactly<T, const N: usize>(mut items: impl Iterator<Item = T>) -> [T; N] {
    std::array::from_fn(|_| match items.next() {
        Some(item) => item,
        None => unreachable!("the number of items is proved where they are taken"),
    })
}

impl<T> Vector<T, 0> {
    /// No item.
    #[must_use]
    pub const fn empty() -> Self {
        Self([])
    }
}

impl<T, const N: usize> Vector<T, N> {
    /// The items of an array.
    #[must_use]
    pub const fn new(items: [T; N]) -> Self {
        Self(items)
    }

    /// `make(0)` to `make(N - 1)`.
    #[must_use]
    pub fn from_fn(make: impl FnMut(usize) -> T) -> Self {
        Self(std::array::from_fn(make))
    }

    /// The items of an iterator that has exactly `N`.
    ///
    /// Items are collected before they are counted: O(N) memory on the heap. At most `N + 1` items are taken.
    ///
    /// # Errors
    /// [`Error::Length`] with fewer or more.
    pub fn try_from_iter(items: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        let limit = N.saturating_add(1);
        let items: Vec<T> = items.into_iter().take(limit).collect();
        Self::try_from(items)
    }

    /// `item` and then these items; `M` must be `N + 1`.
    #[must_use]
    pub fn cons<const M: usize>(self, item: T) -> Vector<T, M> {
        const { assert!(M == N + 1, "cons gives exactly one item more") };
        Vector(exactly(std::iter::once(item).chain(self.0)))
    }

    /// These items and then `item`; `M` must be `N + 1`.
    #[must_use]
    pub fn snoc<const M: usize>(self, item: T) -> Vector<T, M> {
        const { assert!(M == N + 1, "snoc gives exactly one item more") };
        Vector(exactly(self.0.into_iter().chain(std::iter::once(item))))
    }

    /// The first item and the rest; `M + 1` must be `N`, so an empty vector has none.
    #[must_use]
    pub fn uncons<const M: usize>(self) -> (T, Vector<T, M>) {
        const { assert!(M + 1 == N, "uncons leaves exactly one item less") };
        let mut items = self.0.into_iter();
        let [first] = exactly(items.by_ref());
        (first, Vector(exactly(items)))
    }

    /// These items and then the other's; `S` must be `N + M`.
    #[must_use]
    pub fn concat<const M: usize, const S: usize>(self, other: Vector<T, M>) -> Vector<T, S> {
        const { assert!(S == N + M, "the parts of concat add up to the whole") };
        Vector(exactly(self.0.into_iter().chain(other.0)))
    }

    /// The first `A` items and the last `B`; `A + B` must be `N`.
    #[must_use]
    pub fn split<const A: usize, const B: usize>(self) -> (Vector<T, A>, Vector<T, B>) {
        const { assert!(A + B == N, "the parts of split add up to the whole") };
        let mut items = self.0.into_iter();
        let first = exactly(items.by_ref());
        (Vector(first), Vector(exactly(items)))
    }

    /// `M` runs of `K` items; `K * M` must be `N`.
    #[must_use]
    pub fn chunks<const K: usize, const M: usize>(self) -> Vector<Vector<T, K>, M> {
        const { assert!(K * M == N, "the chunks make up the whole") };
        let mut items = self.0.into_iter();
        Vector::from_fn(|_| Vector(exactly(items.by_ref())))
    }

    /// Item `I`; `I` must be less than `N`. O(1).
    #[must_use]
    pub const fn at<const I: usize>(&self) -> &T {
        const { assert!(I < N, "the index lies in the vector") };
        &self.0[I]
    }

    /// The first item; `N` must not be 0. O(1).
    #[must_use]
    pub const fn first(&self) -> &T {
        const { assert!(N > 0, "an empty vector has no first item") };
        &self.0[0]
    }

    /// The last item; `N` must not be 0. O(1).
    #[must_use]
    pub const fn last(&self) -> &T {
        const { assert!(N > 0, "an empty vector has no last item") };
        &self.0[N - 1]
    }

    /// The item at an index that was checked before. O(1).
    #[must_use]
    pub fn get(&self, index: Fin<N>) -> &T {
        &self.0[index.get()]
    }

    /// The item at an index that was checked before, for changing. O(1).
    pub fn get_mut(&mut self, index: Fin<N>) -> &mut T {
        &mut self.0[index.get()]
    }

    /// Each item changed; the length stays.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Vector<U, N> {
        Vector(self.0.map(change))
    }

    /// Pairs of items; both vectors have the same length by their type, so nothing is cut off.
    #[must_use]
    pub fn zip<U>(self, other: Vector<U, N>) -> Vector<(T, U), N> {
        self.zip_with(other, |a, b| (a, b))
    }

    /// `combine` over pairs of items.
    #[must_use]
    pub fn zip_with<U, V>(
        self,
        other: Vector<U, N>,
        mut combine: impl FnMut(T, U) -> V,
    ) -> Vector<V, N> {
        let mut others = other.0.into_iter();
        self.map(|a| match others.next() {
            Some(b) => combine(a, b),
            None => unreachable!("both vectors have N items"),
        })
    }

    /// The items from last to first.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.0.reverse();
        self
    }

    /// The items. O(1).
    #[must_use]
    pub const fn as_array(&self) -> &[T; N] {
        &self.0
    }

    /// The items, for changing; their number cannot change. O(1).
    pub const fn as_mut_array(&mut self) -> &mut [T; N] {
        &mut self.0
    }

    /// The items as an array. O(1).
    #[must_use]
    pub fn into_array(self) -> [T; N] {
        self.0
    }

    /// The sum of the products of pairs of items, added from the first to the last; 0 for no items.
    ///
    /// Floats follow IEEE 754: NaN and infinities propagate, and rounding is that of the plain loop.
    #[must_use]
    pub fn dot(&self, other: &Self) -> T
    where
        T: Ring,
    {
        let pairs = self.0.iter().zip(&other.0);
        pairs.fold(T::ZERO, |sum, (a, b)| sum + *a * *b)
    }
}

impl<T, const K: usize, const M: usize> Vector<Vector<T, K>, M> {
    /// All items of all runs; `N` must be `K * M`.
    #[must_use]
    pub fn flatten<const N: usize>(self) -> Vector<T, N> {
        const { assert!(K * M == N, "the chunks make up the whole") };
        Vector(exactly(self.0.into_iter().flat_map(|run| run.0)))
    }
}

impl<T: Add<Output = T>, const N: usize> Add for Vector<T, N> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.zip_with(other, |a, b| a + b)
    }
}

impl<T: Copy + Mul<Output = T>, const N: usize> Mul<T> for Vector<T, N> {
    type Output = Self;

    fn mul(self, factor: T) -> Self {
        self.map(|item| item * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn sizes_follow_the_operations() {
        let v = Vector::new([1, 2, 3, 4, 5, 6]);
        let (a, b) = v.split::<2, 4>();
        assert_eq!(a.concat::<4, 6>(b), v);
        assert_eq!(v.chunks::<2, 3>().flatten::<6>(), v);
        assert_eq!((*v.at::<5>(), *v.first(), *v.last()), (6, 1, 6));
        assert_eq!(v.snoc::<7>(7).reverse().into_array()[0], 7);
    }

    #[test]
    fn items_are_moved_once_and_dropped_once() {
        let item = Rc::new(());
        let v = Vector::<_, 3>::from_fn(|_| Rc::clone(&item)).cons::<4>(Rc::clone(&item));
        let (first, rest) = v.uncons::<3>();
        drop(first);
        let (a, b) = rest.split::<1, 2>();
        assert_eq!(Rc::strong_count(&item), 4);
        drop((a, b));
        assert_eq!(Rc::strong_count(&item), 1);
    }

    #[test]
    fn a_hostile_iterator_is_read_no_further_than_one_too_many() {
        let mut taken = 0;
        let endless = std::iter::repeat_with(|| taken += 1);
        let refused = Vector::<(), 3>::try_from_iter(endless).unwrap_err();
        assert_eq!(
            (taken, refused),
            (
                4,
                Error::Length {
                    expected: 3,
                    found: 4
                }
            )
        );
    }
}
