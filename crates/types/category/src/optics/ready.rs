//! Optics of the standard library's types.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use super::{IsAffine, IsTraversal, Iso, Lens, Optic, Prism, Traversal};

/// The left half of a pair.
#[must_use]
pub const fn left<A, B>() -> Lens<(A, B), A> {
    Lens::new(|pair| &pair.0, |pair| &mut pair.0)
}

/// The right half of a pair.
#[must_use]
pub const fn right<A, B>() -> Lens<(A, B), B> {
    Lens::new(|pair| &pair.1, |pair| &mut pair.1)
}

/// Both halves of a pair.
#[must_use]
pub const fn both<A>() -> Traversal<(A, A), A> {
    Traversal::new(
        |pair, f| {
            f(&pair.0);
            f(&pair.1);
        },
        |pair, f| {
            f(&mut pair.0);
            f(&mut pair.1);
        },
    )
}

/// What is there.
#[must_use]
pub const fn some<A>() -> Prism<Option<A>, A> {
    Prism::new(Option::as_ref, Option::as_mut, Some)
}

/// What went well.
#[must_use]
pub const fn ok<A, E>() -> Prism<Result<A, E>, A> {
    Prism::new(|r| r.as_ref().ok(), |r| r.as_mut().ok(), Ok)
}

/// What went wrong.
#[must_use]
pub const fn err<A, E>() -> Prism<Result<A, E>, E> {
    Prism::new(|r| r.as_ref().err(), |r| r.as_mut().err(), Err)
}

/// The whole itself.
#[must_use]
pub const fn identity<A: Clone>() -> Iso<A, A> {
    Iso::new(A::clone, A::clone)
}

/// Every element of a list; see [`each`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Each;

/// Every element of a list, in order.
#[must_use]
pub const fn each<A>() -> Optic<Vec<A>, Each> {
    Optic::of(Each)
}

impl<A> IsTraversal<Vec<A>> for Each {
    type Part = A;

    #[inline]
    fn each(&self, whole: &Vec<A>, f: impl FnMut(&A)) {
        whole.iter().for_each(f);
    }

    #[inline]
    fn each_mut(&self, whole: &mut Vec<A>, f: impl FnMut(&mut A)) {
        whole.iter_mut().for_each(f);
    }
}

/// Every value of a map; see [`values`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Values;

/// Every value of a map, in the order of the keys.
#[must_use]
pub const fn values<K, A>() -> Optic<BTreeMap<K, A>, Values> {
    Optic::of(Values)
}

impl<K, A> IsTraversal<BTreeMap<K, A>> for Values {
    type Part = A;

    #[inline]
    fn each(&self, whole: &BTreeMap<K, A>, f: impl FnMut(&A)) {
        whole.values().for_each(f);
    }

    #[inline]
    fn each_mut(&self, whole: &mut BTreeMap<K, A>, f: impl FnMut(&mut A)) {
        whole.values_mut().for_each(f);
    }
}

/// The element at a place; see [`at`].
#[derive(Debug, Clone, Copy)]
pub struct At(usize);

/// The element of a list at `place`, if the list is long enough.
#[must_use]
pub const fn at<A>(place: usize) -> Optic<Vec<A>, At> {
    Optic::of(At(place))
}

impl<A> IsTraversal<Vec<A>> for At {
    type Part = A;

    #[inline]
    fn each(&self, whole: &Vec<A>, f: impl FnMut(&A)) {
        whole.get(self.0).map(f);
    }

    #[inline]
    fn each_mut(&self, whole: &mut Vec<A>, f: impl FnMut(&mut A)) {
        whole.get_mut(self.0).map(f);
    }
}

impl<A> IsAffine<Vec<A>> for At {
    #[inline]
    fn preview_with<R>(&self, whole: &Vec<A>, f: impl FnOnce(&A) -> R) -> Option<R> {
        whole.get(self.0).map(f)
    }

    #[inline]
    fn preview_mut<R>(&self, whole: &mut Vec<A>, f: impl FnOnce(&mut A) -> R) -> Option<R> {
        whole.get_mut(self.0).map(f)
    }
}

/// The value of a key; see [`key`].
#[derive(Debug, Clone, Copy)]
pub struct Key<Q>(Q);

/// The value of `key` in a map, if the key is there.
pub const fn key<K: Ord, A>(key: K) -> Optic<BTreeMap<K, A>, Key<K>> {
    Optic::of(Key(key))
}

impl<K: Ord + Borrow<Q>, Q: Ord, A> IsTraversal<BTreeMap<K, A>> for Key<Q> {
    type Part = A;

    #[inline]
    fn each(&self, whole: &BTreeMap<K, A>, f: impl FnMut(&A)) {
        whole.get(&self.0).map(f);
    }

    #[inline]
    fn each_mut(&self, whole: &mut BTreeMap<K, A>, f: impl FnMut(&mut A)) {
        whole.get_mut(&self.0).map(f);
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord, A> IsAffine<BTreeMap<K, A>> for Key<Q> {
    #[inline]
    fn preview_with<R>(&self, whole: &BTreeMap<K, A>, f: impl FnOnce(&A) -> R) -> Option<R> {
        whole.get(&self.0).map(f)
    }

    #[inline]
    fn preview_mut<R>(&self, whole: &mut BTreeMap<K, A>, f: impl FnOnce(&mut A) -> R) -> Option<R> {
        whole.get_mut(&self.0).map(f)
    }
}
