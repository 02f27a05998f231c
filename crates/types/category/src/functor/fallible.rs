//! Contexts of the standard library.

use super::{Applicative, Functor, Monad};

impl<'a, A> Functor<'a> for Option<A> {
    type Inner = A;
    type Of<B: 'a> = Option<B>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> Option<B> {
        self.map(f)
    }
}

impl<'a, A> Applicative<'a> for Option<A> {
    fn pure(value: A) -> Self {
        Some(value)
    }

    fn map2<B: 'a, C: 'a>(self, other: Option<B>, f: impl Fn(A, B) -> C + 'a) -> Option<C> {
        self.zip(other).map(|(a, b)| f(a, b))
    }
}

impl<'a, A> Monad<'a> for Option<A> {
    fn bind<B: 'a>(self, f: impl Fn(A) -> Option<B> + 'a) -> Option<B> {
        self.and_then(f)
    }
}

impl<'a, A, E> Functor<'a> for Result<A, E> {
    type Inner = A;
    type Of<B: 'a> = Result<B, E>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> Result<B, E> {
        self.map(f)
    }
}

impl<'a, A, E> Applicative<'a> for Result<A, E> {
    fn pure(value: A) -> Self {
        Ok(value)
    }

    /// The first error counts.
    fn map2<B: 'a, C: 'a>(self, other: Result<B, E>, f: impl Fn(A, B) -> C + 'a) -> Result<C, E> {
        Ok(f(self?, other?))
    }
}

impl<'a, A, E> Monad<'a> for Result<A, E> {
    fn bind<B: 'a>(self, f: impl Fn(A) -> Result<B, E> + 'a) -> Result<B, E> {
        self.and_then(f)
    }
}
