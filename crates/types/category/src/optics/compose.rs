//! One way after another.

use super::{IsAffine, IsLens, IsPrism, IsTraversal};

/// `O`, then `P`; see [`Optic::then`](super::Optic::then).
#[derive(Debug, Clone, Copy)]
pub struct Composed<O, P> {
    outer: O,
    inner: P,
}

impl<O, P> Composed<O, P> {
    pub(super) const fn new(outer: O, inner: P) -> Self {
        Self { outer, inner }
    }
}

impl<S, O: IsTraversal<S>, P: IsTraversal<O::Part>> IsTraversal<S> for Composed<O, P> {
    type Part = P::Part;

    #[inline]
    fn each(&self, whole: &S, mut f: impl FnMut(&P::Part)) {
        self.outer.each(whole, |part| self.inner.each(part, &mut f));
    }

    #[inline]
    fn each_mut(&self, whole: &mut S, mut f: impl FnMut(&mut P::Part)) {
        self.outer
            .each_mut(whole, |part| self.inner.each_mut(part, &mut f));
    }
}

impl<S, O: IsAffine<S>, P: IsAffine<O::Part>> IsAffine<S> for Composed<O, P> {
    #[inline]
    fn preview_with<R>(&self, whole: &S, f: impl FnOnce(&P::Part) -> R) -> Option<R> {
        self.outer
            .preview_with(whole, |part| self.inner.preview_with(part, f))
            .flatten()
    }

    #[inline]
    fn preview_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut P::Part) -> R) -> Option<R> {
        self.outer
            .preview_mut(whole, |part| self.inner.preview_mut(part, f))
            .flatten()
    }
}

impl<S, O: IsLens<S>, P: IsLens<O::Part>> IsLens<S> for Composed<O, P> {
    #[inline]
    fn with<R>(&self, whole: &S, f: impl FnOnce(&P::Part) -> R) -> R {
        self.outer.with(whole, |part| self.inner.with(part, f))
    }

    #[inline]
    fn with_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut P::Part) -> R) -> R {
        self.outer
            .with_mut(whole, |part| self.inner.with_mut(part, f))
    }
}

impl<S, O: IsPrism<S>, P: IsPrism<O::Part>> IsPrism<S> for Composed<O, P> {
    #[inline]
    fn review(&self, part: P::Part) -> S {
        self.outer.review(self.inner.review(part))
    }
}
