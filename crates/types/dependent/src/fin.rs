//! Indices that bear their bound in their type.

use crate::Error;

/// An index below `N`: valid for every list of `N` items. `Fin<0>` has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fin<const N: usize>(usize);

impl<const N: usize> Fin<N> {
    /// The index `I`, checked when the program is built.
    #[must_use]
    pub const fn of<const I: usize>() -> Self {
        const { assert!(I < N, "the index lies below its bound") };
        Self(I)
    }

    /// An index, checked now.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] from `N` on.
    pub const fn new(index: usize) -> Result<Self, Error> {
        if index < N {
            Ok(Self(index))
        } else {
            Err(Error::OutOfRange { index, len: N })
        }
    }

    /// All indices, in order.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator {
        (0..N).map(Self)
    }

    /// The next index, if there is one.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        if self.0 + 1 < N {
            Some(Self(self.0 + 1))
        } else {
            None
        }
    }

    /// The index as a number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }

    /// The same index under a larger bound; `M` must be at least `N`.
    #[must_use]
    pub const fn widen<const M: usize>(self) -> Fin<M> {
        const { assert!(M >= N, "the new bound is no smaller") };
        Fin(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_lies_below_its_bound() {
        assert_eq!(Fin::<3>::all().map(Fin::get).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(Fin::<3>::of::<2>().next(), None);
        assert_eq!(Fin::<0>::all().len(), 0);
        assert_eq!(
            Fin::<3>::new(3),
            Err(Error::OutOfRange { index: 3, len: 3 })
        );
        assert_eq!(Fin::<3>::of::<1>().widen::<9>().get(), 1);
    }
}
