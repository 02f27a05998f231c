//! Optics made of functions.
//!
//! The type names ([`Lens`] and its kin) are those of plain function pointers, which can be constants and stand in a table;
//! the lower-case functions take any closures.

use std::fmt;
use std::marker::PhantomData;

use super::{IsAffine, IsLens, IsPrism, IsTraversal, Optic};

macro_rules! way {
    ($(#[$doc:meta])* $name:ident<$($f:ident),*> { $($field:ident),* }) => {
        $(#[$doc])*
        pub struct $name<A, $($f),*> {
            $($field: $f,)*
            part: PhantomData<fn() -> A>,
        }

        impl<A, $($f: Clone),*> Clone for $name<A, $($f),*> {
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone(),)* part: PhantomData }
            }
        }

        impl<A, $($f: Copy),*> Copy for $name<A, $($f),*> {}

        impl<A, $($f),*> fmt::Debug for $name<A, $($f),*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

way! {
    /// A reference to a part that is always there.
    Field<F, G> { get, get_mut }
}
way! {
    /// A reference to a part that is there in one of several cases, and a way to build that case.
    Variant<F, G, H> { get, get_mut, build }
}
way! {
    /// A reference to a part that may be missing.
    Partial<F, G> { get, get_mut }
}
way! {
    /// Visits of parts.
    Parts<F, G> { each, each_mut }
}
way! {
    /// The same in other words.
    Translation<F, G> { to, from }
}

/// A visit of parts.
pub type Visit<S, A> = fn(&S, &mut dyn FnMut(&A));
/// A visit of parts that may change them.
pub type VisitMut<S, A> = fn(&mut S, &mut dyn FnMut(&mut A));

/// A lens of plain functions.
pub type Lens<S, A> = Optic<S, Field<A, fn(&S) -> &A, fn(&mut S) -> &mut A>>;
/// A prism of plain functions.
pub type Prism<S, A> =
    Optic<S, Variant<A, fn(&S) -> Option<&A>, fn(&mut S) -> Option<&mut A>, fn(A) -> S>>;
/// An affine traversal of plain functions.
pub type AffineTraversal<S, A> =
    Optic<S, Partial<A, fn(&S) -> Option<&A>, fn(&mut S) -> Option<&mut A>>>;
/// A traversal of plain functions.
pub type Traversal<S, A> = Optic<S, Parts<A, Visit<S, A>, VisitMut<S, A>>>;
/// An isomorphism of plain functions.
pub type Iso<S, A> = Optic<S, Translation<A, fn(&S) -> A, fn(&A) -> S>>;

impl<S, A> Lens<S, A> {
    /// A lens to what `get` and `get_mut` refer to, which must be the same place.
    pub const fn new(get: fn(&S) -> &A, get_mut: fn(&mut S) -> &mut A) -> Self {
        Self::of(Field {
            get,
            get_mut,
            part: PhantomData,
        })
    }
}

impl<S, A> Prism<S, A> {
    /// A prism to what `get` and `get_mut` refer to, which must be all there is where it is there: what `build` puts in.
    pub const fn new(
        get: fn(&S) -> Option<&A>,
        get_mut: fn(&mut S) -> Option<&mut A>,
        build: fn(A) -> S,
    ) -> Self {
        Self::of(Variant {
            get,
            get_mut,
            build,
            part: PhantomData,
        })
    }
}

impl<S, A> AffineTraversal<S, A> {
    /// A way to what `get` and `get_mut` refer to, which must be the same place, both or neither.
    pub const fn new(get: fn(&S) -> Option<&A>, get_mut: fn(&mut S) -> Option<&mut A>) -> Self {
        Self::of(Partial {
            get,
            get_mut,
            part: PhantomData,
        })
    }
}

impl<S, A> Traversal<S, A> {
    /// A way to what `each` and `each_mut` visit, which must be the same places in the same order.
    pub const fn new(each: Visit<S, A>, each_mut: VisitMut<S, A>) -> Self {
        Self::of(Parts {
            each,
            each_mut,
            part: PhantomData,
        })
    }
}

impl<S, A> Iso<S, A> {
    /// An isomorphism; `to` and `from` must undo each other.
    pub const fn new(to: fn(&S) -> A, from: fn(&A) -> S) -> Self {
        Self::of(Translation {
            to,
            from,
            part: PhantomData,
        })
    }
}

/// A lens of closures; see [`Lens::new`].
pub const fn lens<S, A, F: Fn(&S) -> &A, G: Fn(&mut S) -> &mut A>(
    get: F,
    get_mut: G,
) -> Optic<S, Field<A, F, G>> {
    Optic::of(Field {
        get,
        get_mut,
        part: PhantomData,
    })
}

/// A prism of closures; see [`Prism::new`].
pub const fn prism<S, A, F, G, H>(get: F, get_mut: G, build: H) -> Optic<S, Variant<A, F, G, H>>
where
    F: Fn(&S) -> Option<&A>,
    G: Fn(&mut S) -> Option<&mut A>,
    H: Fn(A) -> S,
{
    Optic::of(Variant {
        get,
        get_mut,
        build,
        part: PhantomData,
    })
}

/// An affine traversal of closures; see [`AffineTraversal::new`].
pub const fn affine<S, A, F, G>(get: F, get_mut: G) -> Optic<S, Partial<A, F, G>>
where
    F: Fn(&S) -> Option<&A>,
    G: Fn(&mut S) -> Option<&mut A>,
{
    Optic::of(Partial {
        get,
        get_mut,
        part: PhantomData,
    })
}

/// A traversal of closures; see [`Traversal::new`].
pub const fn traversal<S, A, F, G>(each: F, each_mut: G) -> Optic<S, Parts<A, F, G>>
where
    F: Fn(&S, &mut dyn FnMut(&A)),
    G: Fn(&mut S, &mut dyn FnMut(&mut A)),
{
    Optic::of(Parts {
        each,
        each_mut,
        part: PhantomData,
    })
}

/// An isomorphism of closures; see [`Iso::new`].
///
/// Changing through it builds the part and the whole anew.
///
/// ```
/// use voidstate_category::optics::iso;
///
/// let swapped = iso(|(a, b): &(u8, char)| (*b, *a), |(b, a)| (*a, *b));
/// assert_eq!(swapped.inverse().get(&('x', 1)), (1, 'x'));
/// ```
pub const fn iso<S, A, F: Fn(&S) -> A, G: Fn(&A) -> S>(
    to: F,
    from: G,
) -> Optic<S, Translation<A, F, G>> {
    Optic::of(Translation {
        to,
        from,
        part: PhantomData,
    })
}

impl<S, A, F: Fn(&S) -> &A, G: Fn(&mut S) -> &mut A> IsTraversal<S> for Field<A, F, G> {
    type Part = A;

    #[inline]
    fn each(&self, whole: &S, mut f: impl FnMut(&A)) {
        f((self.get)(whole));
    }

    #[inline]
    fn each_mut(&self, whole: &mut S, mut f: impl FnMut(&mut A)) {
        f((self.get_mut)(whole));
    }
}

impl<S, A, F: Fn(&S) -> &A, G: Fn(&mut S) -> &mut A> IsAffine<S> for Field<A, F, G> {
    #[inline]
    fn preview_with<R>(&self, whole: &S, f: impl FnOnce(&A) -> R) -> Option<R> {
        Some(f((self.get)(whole)))
    }

    #[inline]
    fn preview_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut A) -> R) -> Option<R> {
        Some(f((self.get_mut)(whole)))
    }
}

impl<S, A, F: Fn(&S) -> &A, G: Fn(&mut S) -> &mut A> IsLens<S> for Field<A, F, G> {
    #[inline]
    fn with<R>(&self, whole: &S, f: impl FnOnce(&A) -> R) -> R {
        f((self.get)(whole))
    }

    #[inline]
    fn with_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut A) -> R) -> R {
        f((self.get_mut)(whole))
    }
}

/// At most one part, by references.
macro_rules! by_reference {
    ($name:ident, $($more:ident),*) => {
        impl<S, A, F, G, $($more),*> IsTraversal<S> for $name<A, F, G, $($more),*>
        where
            F: Fn(&S) -> Option<&A>,
            G: Fn(&mut S) -> Option<&mut A>,
        {
            type Part = A;

            #[inline]
            fn each(&self, whole: &S, f: impl FnMut(&A)) {
                (self.get)(whole).map(f);
            }

            #[inline]
            fn each_mut(&self, whole: &mut S, f: impl FnMut(&mut A)) {
                (self.get_mut)(whole).map(f);
            }
        }

        impl<S, A, F, G, $($more),*> IsAffine<S> for $name<A, F, G, $($more),*>
        where
            F: Fn(&S) -> Option<&A>,
            G: Fn(&mut S) -> Option<&mut A>,
        {
            #[inline]
            fn preview_with<R>(&self, whole: &S, f: impl FnOnce(&A) -> R) -> Option<R> {
                (self.get)(whole).map(f)
            }

            #[inline]
            fn preview_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut A) -> R) -> Option<R> {
                (self.get_mut)(whole).map(f)
            }
        }
    };
}

by_reference!(Partial,);
by_reference!(Variant, H);

impl<S, A, F, G, H> IsPrism<S> for Variant<A, F, G, H>
where
    F: Fn(&S) -> Option<&A>,
    G: Fn(&mut S) -> Option<&mut A>,
    H: Fn(A) -> S,
{
    #[inline]
    fn review(&self, part: A) -> S {
        (self.build)(part)
    }
}

impl<S, A, F, G> IsTraversal<S> for Parts<A, F, G>
where
    F: Fn(&S, &mut dyn FnMut(&A)),
    G: Fn(&mut S, &mut dyn FnMut(&mut A)),
{
    type Part = A;

    #[inline]
    fn each(&self, whole: &S, mut f: impl FnMut(&A)) {
        (self.each)(whole, &mut f);
    }

    #[inline]
    fn each_mut(&self, whole: &mut S, mut f: impl FnMut(&mut A)) {
        (self.each_mut)(whole, &mut f);
    }
}

impl<S, A, F: Fn(&S) -> A, G: Fn(&A) -> S> IsTraversal<S> for Translation<A, F, G> {
    type Part = A;

    #[inline]
    fn each(&self, whole: &S, f: impl FnMut(&A)) {
        self.with(whole, f);
    }

    #[inline]
    fn each_mut(&self, whole: &mut S, f: impl FnMut(&mut A)) {
        self.with_mut(whole, f);
    }
}

impl<S, A, F: Fn(&S) -> A, G: Fn(&A) -> S> IsAffine<S> for Translation<A, F, G> {
    #[inline]
    fn preview_with<R>(&self, whole: &S, f: impl FnOnce(&A) -> R) -> Option<R> {
        Some(self.with(whole, f))
    }

    #[inline]
    fn preview_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut A) -> R) -> Option<R> {
        Some(self.with_mut(whole, f))
    }
}

impl<S, A, F: Fn(&S) -> A, G: Fn(&A) -> S> IsLens<S> for Translation<A, F, G> {
    #[inline]
    fn with<R>(&self, whole: &S, f: impl FnOnce(&A) -> R) -> R {
        f(&(self.to)(whole))
    }

    #[inline]
    fn with_mut<R>(&self, whole: &mut S, f: impl FnOnce(&mut A) -> R) -> R {
        let mut part = (self.to)(whole);
        let out = f(&mut part);
        *whole = (self.from)(&part);
        out
    }
}

impl<S, A, F: Fn(&S) -> A, G: Fn(&A) -> S> IsPrism<S> for Translation<A, F, G> {
    #[inline]
    fn review(&self, part: A) -> S {
        (self.from)(&part)
    }
}
