//! Values that depend on an environment.

use std::fmt;
use std::rc::Rc;

use super::{Applicative, Functor, Monad};

/// What becomes an `A` once an environment `R` is there.
///
/// ```
/// use voidstate_category::functor::{Applicative, Reader};
///
/// struct Config { limit: f64, factor: f64 }
/// let limit = Reader::new(|c: &Config| c.limit);
/// let scaled = limit.map2(Reader::new(|c: &Config| c.factor), |limit, factor| limit * factor);
/// assert_eq!(scaled.run(&Config { limit: 2.0, factor: 1.5 }), 3.0);
/// ```
pub struct Reader<'a, R, A>(Rc<dyn Fn(&R) -> A + 'a>);

impl<'a, R: 'a, A: 'a> Reader<'a, R, A> {
    /// What `f` reads.
    pub fn new(f: impl Fn(&R) -> A + 'a) -> Self {
        Self(Rc::new(f))
    }

    /// The value in this environment.
    pub fn run(&self, environment: &R) -> A {
        (self.0)(environment)
    }

    /// The same in an environment of which `f` shows part.
    pub fn local<Q: 'a>(self, f: impl Fn(&Q) -> R + 'a) -> Reader<'a, Q, A> {
        Reader::new(move |environment| self.run(&f(environment)))
    }
}

impl<'a, R: 'a, A: 'a> Functor<'a> for Reader<'a, R, A> {
    type Inner = A;
    type Of<B: 'a> = Reader<'a, R, B>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> Reader<'a, R, B> {
        Reader::new(move |r| f(self.run(r)))
    }
}

impl<'a, R: 'a, A: Clone + 'a> Applicative<'a> for Reader<'a, R, A> {
    fn pure(value: A) -> Self {
        Self::new(move |_| value.clone())
    }

    fn map2<B: 'a, C: 'a>(
        self,
        other: Reader<'a, R, B>,
        f: impl Fn(A, B) -> C + 'a,
    ) -> Reader<'a, R, C> {
        Reader::new(move |r| f(self.run(r), other.run(r)))
    }
}

impl<'a, R: 'a, A: Clone + 'a> Monad<'a> for Reader<'a, R, A> {
    fn bind<B: 'a>(self, f: impl Fn(A) -> Reader<'a, R, B> + 'a) -> Reader<'a, R, B> {
        Reader::new(move |r| f(self.run(r)).run(r))
    }
}

impl<R, A> Clone for Reader<'_, R, A> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<R, A> fmt::Debug for Reader<'_, R, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}
