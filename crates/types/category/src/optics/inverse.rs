//! Isomorphisms read backwards.

use std::fmt;
use std::marker::PhantomData;

use super::{IsAffine, IsIso, IsLens, IsPrism, IsTraversal};

/// An isomorphism from the part to the whole; see [`Optic::inverse`](super::Optic::inverse).
pub struct Inverse<S, O> {
    way: O,
    whole: PhantomData<fn(&S)>,
}

impl<S, O> Inverse<S, O> {
    pub(super) const fn new(way: O) -> Self {
        Self {
            way,
            whole: PhantomData,
        }
    }
}

impl<S: Clone, A: Clone, O: IsIso<S> + IsTraversal<S, Part = A>> IsTraversal<A> for Inverse<S, O> {
    type Part = S;

    fn each(&self, whole: &A, f: impl FnMut(&S)) {
        self.with(whole, f);
    }

    fn each_mut(&self, whole: &mut A, f: impl FnMut(&mut S)) {
        self.with_mut(whole, f);
    }
}

impl<S: Clone, A: Clone, O: IsIso<S> + IsTraversal<S, Part = A>> IsAffine<A> for Inverse<S, O> {
    fn preview_with<R>(&self, whole: &A, f: impl FnOnce(&S) -> R) -> Option<R> {
        Some(self.with(whole, f))
    }

    fn preview_mut<R>(&self, whole: &mut A, f: impl FnOnce(&mut S) -> R) -> Option<R> {
        Some(self.with_mut(whole, f))
    }
}

impl<S: Clone, A: Clone, O: IsIso<S> + IsTraversal<S, Part = A>> IsLens<A> for Inverse<S, O> {
    fn with<R>(&self, whole: &A, f: impl FnOnce(&S) -> R) -> R {
        f(&self.way.review(whole.clone()))
    }

    fn with_mut<R>(&self, whole: &mut A, f: impl FnOnce(&mut S) -> R) -> R {
        let mut part = self.way.review(whole.clone());
        let out = f(&mut part);
        *whole = self.way.with(&part, A::clone);
        out
    }
}

impl<S: Clone, A: Clone, O: IsIso<S> + IsTraversal<S, Part = A>> IsPrism<A> for Inverse<S, O> {
    fn review(&self, part: S) -> A {
        self.way.with(&part, A::clone)
    }
}

impl<S, O: Clone> Clone for Inverse<S, O> {
    fn clone(&self) -> Self {
        Self::new(self.way.clone())
    }
}

impl<S, O: Copy> Copy for Inverse<S, O> {}

impl<S, O: fmt::Debug> fmt::Debug for Inverse<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inverse").field(&self.way).finish()
    }
}
