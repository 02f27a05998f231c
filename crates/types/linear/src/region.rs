//! The right to read or write a piece of memory, as a token.

use std::fmt;
use std::marker::PhantomData;

use crate::error::{Error, Refused};
use crate::policy::Brand;
use crate::scope::Done;

/// Lends `memory` to `work` as a token that alone may write it, and asks for the token's end; see
/// [`Linear::with`](crate::Linear::with).
///
/// ```
/// use voidstate_linear::region;
///
/// let mut memory = [0_u8; 4];
/// region(&mut memory, |whole| {
///     let halves = whole.split(2, |mut left, mut right| {
///         std::thread::scope(|s| {
///             s.spawn(|| left.as_mut_slice().fill(1));
///             s.spawn(|| right.as_mut_slice().fill(2));
///         });
///         (left.finish(), right.finish())
///     });
///     // Two halves came back as one, or the place to split was outside.
///     match halves {
///         Ok(whole) => whole.finish(),
///         Err(refused) => refused.token.finish(),
///     }
/// });
/// assert_eq!(memory, [1, 1, 2, 2]);
/// ```
pub fn region<T, R>(
    memory: &mut [T],
    work: impl for<'m, 'id> FnOnce(Write<'m, 'id, T>) -> Done<'id, R>,
) -> R {
    work(Write::of(memory)).into_result()
}

/// The only right to write the region `'id`; while it is lent for reading, nobody writes.
#[must_use = "the scope asks for its end: `finish` it"]
pub struct Write<'m, 'id, T> {
    memory: &'m mut [T],
    brand: Brand<'id>,
}

/// A right to read the region `'id`. Copies are as good; while one lives, nobody writes.
pub struct Read<'m, 'id, T> {
    memory: &'m [T],
    brand: Brand<'id>,
}

impl<'m, 'id, T> Write<'m, 'id, T> {
    const fn of(memory: &'m mut [T]) -> Self {
        Self {
            memory,
            brand: PhantomData,
        }
    }

    /// How many elements it reaches.
    pub const fn len(&self) -> usize {
        self.memory.len()
    }

    /// Whether it reaches none.
    pub const fn is_empty(&self) -> bool {
        self.memory.is_empty()
    }

    /// Reads and writes.
    pub const fn as_mut_slice(&mut self) -> &mut [T] {
        self.memory
    }

    /// Lends the region for reading.
    pub const fn read(&self) -> Read<'_, 'id, T> {
        Read {
            memory: self.memory,
            brand: PhantomData,
        }
    }

    /// Splits the region before element `at` for the time of `work`, which must end both parts; then it is whole again.
    ///
    /// Brands and the exclusive borrow keep the parts apart; they may go to other threads.
    ///
    /// # Errors
    /// [`Error::OutsideRegion`] when `at` is beyond the end; `work` is not called then.
    pub fn split(
        self,
        at: usize,
        work: impl for<'p, 'a, 'b> FnOnce(Write<'p, 'a, T>, Write<'p, 'b, T>) -> (Done<'a>, Done<'b>),
    ) -> Result<Self, Refused<Self>> {
        let len = self.len();
        match self.memory.split_at_mut_checked(at) {
            Some((left, right)) => {
                let _ended = work(Write::of(left), Write::of(right));
                Ok(self)
            }
            None => Err(Refused {
                token: self,
                error: Error::OutsideRegion { at, len },
            }),
        }
    }

    /// Ends it; the proof is what the scope asks for.
    pub fn finish(self) -> Done<'id> {
        Done::proof()
    }
}

impl<'m, T> Read<'m, '_, T> {
    /// Reads.
    pub const fn as_slice(self) -> &'m [T] {
        self.memory
    }
}

impl<T> Clone for Read<'_, '_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Read<'_, '_, T> {}

impl<T> fmt::Debug for Write<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Read<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read")
            .field("len", &self.memory.len())
            .finish_non_exhaustive()
    }
}
