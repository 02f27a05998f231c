//! Contexts that hold values: functors, applicatives, monads, comonads.
//!
//! Rust has no type of type constructors, so each trait speaks of one instance, `Option<A>`, and names the others of its
//! kind by a generic associated type, `Of<B>`. The lifetime is that of the functions an instance may keep.
//!
//! | | [`Functor`] | [`Applicative`] | [`Monad`] | [`Comonad`] |
//! |---|---|---|---|---|
//! | `Option`, `Result` | yes | yes | yes | |
//! | [`State`], [`Reader`] | yes | yes | yes | |
//! | [`Validation`] | yes | yes, keeps every error | no: it could not | |
//! | [`Store`], [`Window`] | yes | | | yes |
//!
//! Laws, checked with the suites of `voidstate-properties`.

mod fallible;
mod natural;
mod reader;
mod state;
mod store;
mod validation;
mod window;

pub use natural::{NaturalTransformation, verify_naturality};
pub use reader::Reader;
pub use state::State;
pub use store::Store;
pub use validation::Validation;
pub use window::Window;

/// A context whose contents can be mapped.
///
/// Laws: mapping the identity changes nothing; mapping `f`, then `g`, is mapping `g ∘ f`.
#[diagnostic::on_unimplemented(message = "`{Self}` is no context whose contents can be mapped")]
pub trait Functor<'a>: Sized {
    /// What is in it.
    type Inner;
    /// The same context around something else.
    type Of<B: 'a>: Functor<'a, Inner = B>;

    /// `f` of what is in it.
    fn fmap<B: 'a>(self, f: impl Fn(Self::Inner) -> B + 'a) -> Self::Of<B>;
}

/// Contexts that can be combined, none depending on what is in another.
///
/// Laws: `pure` is neutral, combining is associative, mapping before or after is the same.
#[diagnostic::on_unimplemented(message = "contexts `{Self}` cannot be combined")]
pub trait Applicative<'a>: Functor<'a> {
    /// A value in a context of no effect.
    fn pure(value: Self::Inner) -> Self;

    /// `f` of what is in both: first this context counts, then the other.
    fn map2<B: 'a, C: 'a>(
        self,
        other: Self::Of<B>,
        f: impl Fn(Self::Inner, B) -> C + 'a,
    ) -> Self::Of<C>;
}

/// Contexts the next of which may depend on what is in the last.
///
/// Laws: `pure(a).bind(f)` is `f(a)`; `m.bind(pure)` is `m`; `m.bind(f).bind(g)` is `m.bind(|a| f(a).bind(g))`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot let a context depend on what is in another",
    note = "`Validation` keeps every error, so it must look at all contexts and none can wait for another; use `Result` \
            where one does"
)]
pub trait Monad<'a>: Applicative<'a> {
    /// The context that `f` makes of what is in this one, after this one.
    fn bind<B: 'a>(self, f: impl Fn(Self::Inner) -> Self::Of<B> + 'a) -> Self::Of<B>;
}

/// Contexts with a focus.
///
/// Laws: extending by `extract` changes nothing; `extract` of an extension by `f` is `f` of the original; extending by `f`,
/// then by `g`, is extending by `g` of the extension by `f`.
#[diagnostic::on_unimplemented(message = "`{Self}` is no context with a focus")]
pub trait Comonad<'a>: Functor<'a> {
    /// What is in the focus.
    fn extract(&self) -> Self::Inner;

    /// At each place, `f` of the context with its focus there.
    fn extend<B: 'a>(self, f: impl Fn(&Self) -> B + 'a) -> Self::Of<B>;

    /// At each place, the context with its focus there.
    fn duplicate(self) -> Self::Of<Self>
    where
        Self: Clone + 'a,
    {
        self.extend(Self::clone)
    }
}
