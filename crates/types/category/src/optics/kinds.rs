//! What an optic may be.

/// A way to any number of parts.
///
/// Laws: each part is visited once, in one order, by both methods; visiting with a function that changes nothing changes
/// nothing.
#[diagnostic::on_unimplemented(message = "`{Self}` is no way to parts of `{S}`")]
pub trait IsTraversal<S> {
    /// What a part is.
    type Part;

    /// Shows each part to `f`, in order.
    fn each(&self, whole: &S, f: impl FnMut(&Self::Part));

    /// Lends each part to `f`, in order.
    fn each_mut(&self, whole: &mut S, f: impl FnMut(&mut Self::Part));
}

/// A way to at most one part.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may reach several parts of `{S}`",
    note = "a composition reaches at most one part only where each optic in it does; see `collect` and `modify`"
)]
pub trait IsAffine<S>: IsTraversal<S> {
    /// What `f` says of the part, where it is there.
    fn preview_with<R>(&self, whole: &S, f: impl FnOnce(&Self::Part) -> R) -> Option<R>;

    /// What `f` says when it is lent the part, where it is there.
    fn preview_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut Self::Part) -> R) -> Option<R>;
}

/// A way to exactly one part.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not always reach a part of `{S}`, or reaches several",
    note = "a composition is a lens only where each optic in it is a lens or an isomorphism; see `preview` and `try_set`"
)]
pub trait IsLens<S>: IsAffine<S> {
    /// What `f` says of the part.
    fn with<R>(&self, whole: &S, f: impl FnOnce(&Self::Part) -> R) -> R;

    /// What `f` says when it is lent the part.
    fn with_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut Self::Part) -> R) -> R;
}

/// A way to at most one part, of which the whole can be built.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot build a `{S}` of a part",
    note = "a composition builds only where each optic in it is a prism or an isomorphism"
)]
pub trait IsPrism<S>: IsAffine<S> {
    /// The whole that has this part and nothing else.
    fn review(&self, part: Self::Part) -> S;
}

/// A lens that is a prism: the part is the whole in other words.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no isomorphism of `{S}`",
    note = "a composition is one only where each optic in it is"
)]
pub trait IsIso<S>: IsLens<S> + IsPrism<S> {}

impl<S, O: IsLens<S> + IsPrism<S>> IsIso<S> for O {}
