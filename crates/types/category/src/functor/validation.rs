//! Results that keep every error.

use super::{Applicative, Functor};
use crate::Semigroup;

/// A value, or everything that is wrong with it.
///
/// Combining two invalid ones combines their errors, where `Result` would keep the first. That is why there is no `bind`:
/// what depends on a value that is not there cannot be looked at, so some errors would be lost.
///
/// ```
/// use voidstate_category::functor::{Applicative, Validation};
///
/// let positive = |name: &str, x: i32| Validation::check(x, x > 0, || vec![format!("{name} is {x}, expected more than 0")]);
/// let area = positive("width", -1).map2(positive("height", 0), |w, h| w * h);
/// assert_eq!(area.into_result().unwrap_err().len(), 2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum Validation<A, E> {
    /// Nothing is wrong.
    Valid(A),
    /// What is wrong.
    Invalid(E),
}

impl<A, E> Validation<A, E> {
    /// `value` if `is_right`, else what `error` says.
    pub fn check(value: A, is_right: bool, error: impl FnOnce() -> E) -> Self {
        if is_right {
            Self::Valid(value)
        } else {
            Self::Invalid(error())
        }
    }

    /// As a result.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn into_result(self) -> Result<A, E> {
        match self {
            Self::Valid(value) => Ok(value),
            Self::Invalid(errors) => Err(errors),
        }
    }

    /// A further check of what is valid so far.
    ///
    /// Errors of the two are never both there, so nothing is combined; checks that do not wait for each other belong into
    /// [`map2`](Applicative::map2).
    pub fn and_check(self, check: impl FnOnce(&A) -> Result<(), E>) -> Self {
        match self {
            Self::Valid(value) => match check(&value) {
                Ok(()) => Self::Valid(value),
                Err(errors) => Self::Invalid(errors),
            },
            invalid @ Self::Invalid(_) => invalid,
        }
    }
}

impl<A, E> From<Result<A, E>> for Validation<A, E> {
    fn from(result: Result<A, E>) -> Self {
        match result {
            Ok(value) => Self::Valid(value),
            Err(error) => Self::Invalid(error),
        }
    }
}

/// All values, or all that is wrong with them, in order.
impl<A, E: Semigroup> FromIterator<Validation<A, E>> for Validation<Vec<A>, E> {
    fn from_iter<I: IntoIterator<Item = Validation<A, E>>>(items: I) -> Self {
        let mut values = Vec::new();
        let mut errors: Option<E> = None;
        for item in items {
            match item {
                Validation::Valid(value) => values.push(value),
                Validation::Invalid(error) => errors = errors.combine(Some(error)),
            }
        }
        match errors {
            None => Self::Valid(values),
            Some(errors) => Self::Invalid(errors),
        }
    }
}

impl<'a, A, E> Functor<'a> for Validation<A, E> {
    type Inner = A;
    type Of<B: 'a> = Validation<B, E>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> Validation<B, E> {
        match self {
            Self::Valid(value) => Validation::Valid(f(value)),
            Self::Invalid(errors) => Validation::Invalid(errors),
        }
    }
}

impl<'a, A, E: Semigroup> Applicative<'a> for Validation<A, E> {
    fn pure(value: A) -> Self {
        Self::Valid(value)
    }

    fn map2<B: 'a, C: 'a>(
        self,
        other: Validation<B, E>,
        f: impl Fn(A, B) -> C + 'a,
    ) -> Validation<C, E> {
        use Validation::{Invalid, Valid};
        match (self, other) {
            (Valid(a), Valid(b)) => Valid(f(a, b)),
            (Invalid(e), Valid(_)) | (Valid(_), Invalid(e)) => Invalid(e),
            (Invalid(first), Invalid(second)) => Invalid(first.combine(second)),
        }
    }
}
