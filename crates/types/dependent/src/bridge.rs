//! Inferred lengths beyond 32 by typenum (feature `typenum`): its numbers and hybrid-array appear at these edges only.

use std::ops::{Add, Sub};

use hybrid_array::{Array, ArraySize, AssocArraySize};
use typenum::{B1, Bit, Diff, Sub1, Sum, U1, UInt, UTerm, Unsigned};

use crate::Vector;
use crate::peano::{Nat, Succ, Zero};

/// The typenum number of an array's length.
pub type SizeOf<T, const N: usize> = <[T; N] as AssocArraySize>::Size;

/// The typenum number of a Peano number.
pub trait ToTypenum: Nat {
    /// The same number.
    type Unsigned: Unsigned;
}

impl ToTypenum for Zero {
    type Unsigned = UTerm;
}

impl<N: ToTypenum> ToTypenum for Succ<N>
where
    N::Unsigned: Add<B1>,
    typenum::Add1<N::Unsigned>: Unsigned,
{
    type Unsigned = typenum::Add1<N::Unsigned>;
}

/// The Peano number of a typenum number. The compiler goes one step for each unit, so its recursion limit (128) is the end.
pub trait FromTypenum: Unsigned {
    /// The same number.
    type Nat: Nat;
}

impl FromTypenum for UTerm {
    type Nat = Zero;
}

impl<U: Unsigned, B: Bit> FromTypenum for UInt<U, B>
where
    Self: Sub<B1> + Unsigned,
    Sub1<Self>: FromTypenum,
{
    type Nat = Succ<<Sub1<Self> as FromTypenum>::Nat>;
}

/// Lengths that hybrid-array knows: 0 to 512, and chosen larger ones.
impl<T, const N: usize> Vector<T, N>
where
    [T; N]: AssocArraySize,
    SizeOf<T, N>: ArraySize<ArrayType<T> = [T; N]>,
{
    /// The items as an array whose length is a typenum number. O(1).
    #[must_use]
    pub fn into_hybrid(self) -> Array<T, SizeOf<T, N>> {
        Array(self.into_array())
    }

    /// These items and then the other's; the length is the sum.
    #[must_use]
    pub fn join<const M: usize, const S: usize>(self, other: Vector<T, M>) -> Vector<T, S>
    where
        [T; M]: AssocArraySize,
        SizeOf<T, N>: Add<SizeOf<T, M>>,
        Sum<SizeOf<T, N>, SizeOf<T, M>>: ArraySize<ArrayType<T> = [T; S]>,
    {
        self.concat(other)
    }

    /// The first item and the rest; the length is one less.
    #[must_use]
    pub fn take_first<const M: usize>(self) -> (T, Vector<T, M>)
    where
        SizeOf<T, N>: Sub<U1>,
        Diff<SizeOf<T, N>, U1>: ArraySize<ArrayType<T> = [T; M]>,
    {
        self.uncons()
    }
}

impl<T, U: ArraySize<ArrayType<T> = [T; N]>, const N: usize> From<Array<T, U>> for Vector<T, N> {
    fn from(array: Array<T, U>) -> Self {
        Self::new(array.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peano::NatOf;

    #[test]
    fn typenum_infers_what_peano_cannot() {
        let v = Vector::new([1_u8; 100]).join(Vector::new([2; 50]));
        let (first, rest) = v.take_first();
        assert_eq!((first, rest.into_array().len()), (1, 149));
        assert_eq!(Vector::from(rest.into_hybrid()), rest);
    }

    #[test]
    fn both_numbers_are_the_same() {
        assert_eq!(<NatOf<9> as ToTypenum>::Unsigned::USIZE, 9);
        assert_eq!(<typenum::U12 as FromTypenum>::Nat::VALUE, 12);
        assert_eq!(<typenum::U100 as FromTypenum>::Nat::VALUE, 100);
    }
}
