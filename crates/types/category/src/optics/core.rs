//! The one type whose methods optics are used by.

use std::fmt;
use std::marker::PhantomData;

use super::{Composed, Inverse, IsAffine, IsIso, IsLens, IsPrism, IsTraversal};

/// A way from `S` to its parts; what it can do depends on what `O` is.
pub struct Optic<S, O> {
    way: O,
    whole: PhantomData<fn(&S)>,
}

impl<S, O> Optic<S, O> {
    /// The way as an optic.
    pub const fn of(way: O) -> Self {
        Self {
            way,
            whole: PhantomData,
        }
    }

    /// The way itself.
    pub const fn way(&self) -> &O {
        &self.way
    }
}

impl<S, O: IsTraversal<S>> Optic<S, O> {
    /// From the parts of `self` on to theirs.
    ///
    /// The composition is an iso, lens, prism, affine traversal or traversal where both are.
    pub fn then<P: IsTraversal<O::Part>>(
        self,
        next: Optic<O::Part, P>,
    ) -> Optic<S, Composed<O, P>> {
        Optic::of(Composed::new(self.way, next.way))
    }

    /// Lends each part to `f`, in order.
    #[inline]
    pub fn modify(&self, whole: &mut S, f: impl FnMut(&mut O::Part)) {
        self.way.each_mut(whole, f);
    }

    /// Shows each part to `f`, in order.
    #[inline]
    pub fn for_each(&self, whole: &S, f: impl FnMut(&O::Part)) {
        self.way.each(whole, f);
    }

    /// Copies of the parts, in order.
    pub fn collect(&self, whole: &S) -> Vec<O::Part>
    where
        O::Part: Clone,
    {
        let mut parts = Vec::new();
        self.way.each(whole, |part| parts.push(part.clone()));
        parts
    }

    /// Puts a copy of `part` in the place of each.
    pub fn set_all(&self, whole: &mut S, part: &O::Part)
    where
        O::Part: Clone,
    {
        self.way.each_mut(whole, |place| place.clone_from(part));
    }

    /// How many parts there are.
    pub fn count(&self, whole: &S) -> usize {
        let mut count = 0;
        self.way.each(whole, |_| count += 1);
        count
    }
}

impl<S, O: IsTraversal<S>> Optic<S, O> {
    /// A copy of the part, where it is there.
    #[inline]
    pub fn preview(&self, whole: &S) -> Option<O::Part>
    where
        O: IsAffine<S>,
        O::Part: Clone,
    {
        self.way.preview_with(whole, O::Part::clone)
    }

    /// What `f` says of the part, where it is there.
    #[inline]
    pub fn preview_with<R>(&self, whole: &S, f: impl FnOnce(&O::Part) -> R) -> Option<R>
    where
        O: IsAffine<S>,
    {
        self.way.preview_with(whole, f)
    }

    /// What `f` says when it is lent the part, where it is there.
    #[inline]
    pub fn preview_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut O::Part) -> R) -> Option<R>
    where
        O: IsAffine<S>,
    {
        self.way.preview_mut(whole, f)
    }

    /// Puts `part` where one is already.
    ///
    /// # Errors
    /// `part` itself where there is no place for it.
    pub fn try_set(&self, whole: &mut S, part: O::Part) -> Result<(), O::Part>
    where
        O: IsAffine<S>,
    {
        let mut part = Some(part);
        self.way.preview_mut(whole, |place| {
            if let Some(part) = part.take() {
                *place = part;
            }
        });
        part.map_or(Ok(()), Err)
    }

    /// A copy of the part.
    #[inline]
    pub fn get(&self, whole: &S) -> O::Part
    where
        O: IsLens<S>,
        O::Part: Clone,
    {
        self.way.with(whole, O::Part::clone)
    }

    /// What `f` says of the part.
    #[inline]
    pub fn with<R>(&self, whole: &S, f: impl FnOnce(&O::Part) -> R) -> R
    where
        O: IsLens<S>,
    {
        self.way.with(whole, f)
    }

    /// What `f` says when it is lent the part.
    #[inline]
    pub fn with_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut O::Part) -> R) -> R
    where
        O: IsLens<S>,
    {
        self.way.with_mut(whole, f)
    }

    /// Puts `part` in the place of the part.
    #[inline]
    pub fn set(&self, whole: &mut S, part: O::Part)
    where
        O: IsLens<S>,
    {
        self.way.with_mut(whole, |place| *place = part);
    }

    /// The whole that has this part and nothing else.
    #[inline]
    pub fn review(&self, part: O::Part) -> S
    where
        O: IsPrism<S>,
    {
        self.way.review(part)
    }

    /// The way back.
    pub fn inverse(self) -> Optic<O::Part, Inverse<S, O>>
    where
        O: IsIso<S>,
        S: Clone,
        O::Part: Clone,
    {
        Optic::of(Inverse::new(self.way))
    }
}

impl<S, O: Clone> Clone for Optic<S, O> {
    fn clone(&self) -> Self {
        Self::of(self.way.clone())
    }
}

impl<S, O: Copy> Copy for Optic<S, O> {}

impl<S, O: fmt::Debug> fmt::Debug for Optic<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Optic").field(&self.way).finish()
    }
}
