//! The branded continuation: the way out leads through the use of the value.

use std::fmt;
use std::marker::PhantomData;

use crate::linear::Linear;
use crate::policy::{Brand, Scope};

/// Proof that the value with the brand `'id` was used; carries the scope's result.
///
/// Only [`Linear::finish`] and what is built on it make one.
#[must_use = "the scope asks for this proof: return it"]
pub struct Done<'id, R = ()> {
    result: R,
    brand: Brand<'id>,
}

impl<'id> Done<'id> {
    pub(crate) const fn proof() -> Self {
        Self {
            result: (),
            brand: PhantomData,
        }
    }
}

impl<'id, R> Done<'id, R> {
    /// Lets the scope give `result` instead.
    #[inline]
    pub fn giving<S>(self, result: S) -> Done<'id, S> {
        Done {
            result,
            brand: PhantomData,
        }
    }

    /// Turns what the scope gives into something else.
    #[inline]
    pub fn map<S>(self, change: impl FnOnce(R) -> S) -> Done<'id, S> {
        Done {
            result: change(self.result),
            brand: PhantomData,
        }
    }

    #[inline]
    pub(crate) fn into_result(self) -> R {
        self.result
    }
}

impl<R: fmt::Debug> fmt::Debug for Done<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Done").field(&self.result).finish()
    }
}

impl<T> Linear<T, Scope<'static>> {
    /// Hands `value` to `work` as a linear value that only this call knows, and gives what `work` gives.
    ///
    /// `work` returns a [`Done`] with the value's own brand, and only finishing that very value makes one: to forget the
    /// value, to keep it, or to finish another in its place is a type error. What remains is to panic, to loop for ever or
    /// to end the process.
    ///
    /// ```
    /// use voidstate_linear::Linear;
    ///
    /// let length = Linear::with("key".to_owned(), |key| {
    ///     let (key, done) = key.finish();
    ///     done.giving(key.len())
    /// });
    /// assert_eq!(length, 3);
    /// ```
    #[inline]
    pub fn with<R>(
        value: T,
        work: impl for<'id> FnOnce(Linear<T, Scope<'id>>) -> Done<'id, R>,
    ) -> R {
        work(Linear::sealed(value, ())).into_result()
    }
}

impl<'id, T> Linear<T, Scope<'id>> {
    /// Uses it: gives the value and the proof that the scope asks for.
    #[inline]
    pub fn finish(self) -> (T, Done<'id>) {
        let (value, ()) = self.unseal();
        (value, Done::proof())
    }

    /// Uses it by `work`, whose result the scope gives.
    #[inline]
    pub fn finish_by<R>(self, work: impl FnOnce(T) -> R) -> Done<'id, R> {
        let (value, done) = self.finish();
        done.giving(work(value))
    }
}
