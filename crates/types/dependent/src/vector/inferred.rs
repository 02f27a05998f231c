//! Lengths that the compiler works out.

use super::Vector;
use crate::peano::{Const, NatOf, Plus, Succ, Sum, ToArray, ToPeano};

/// Lengths up to 32 go through [Peano numbers](crate::peano), so nobody names the new one, and a wrong one is already
/// refused by `cargo check`.
impl<T, const N: usize> Vector<T, N>
where
    Const<N>: ToPeano,
{
    /// `item` and then these items.
    ///
    /// ```
    /// use voidstate_dependent::Vector;
    ///
    /// let v = Vector::empty().push_front('b').push_front('a');
    /// assert_eq!(v.into_array(), ['a', 'b']);
    /// ```
    #[must_use]
    pub fn push_front<const M: usize>(self, item: T) -> Vector<T, M>
    where
        Succ<NatOf<N>>: ToArray<Array<T> = [T; M]>,
    {
        self.cons(item)
    }

    /// The first item and the rest. An empty vector has neither.
    #[must_use]
    pub fn pop_front<P, const M: usize>(self) -> (T, Vector<T, M>)
    where
        Const<N>: ToPeano<Nat = Succ<P>>,
        P: ToArray<Array<T> = [T; M]>,
    {
        self.uncons()
    }

    /// These items and then the other's.
    #[must_use]
    pub fn append<const M: usize, const S: usize>(self, other: Vector<T, M>) -> Vector<T, S>
    where
        Const<M>: ToPeano,
        NatOf<N>: Plus<NatOf<M>>,
        Sum<NatOf<N>, NatOf<M>>: ToArray<Array<T> = [T; S]>,
    {
        self.concat(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_inferred() {
        let v = Vector::empty().push_front(3).push_front(2).push_front(1);
        let (first, rest) = v.pop_front();
        assert_eq!((first, rest.into_array()), (1, [2, 3]));
        let all = v.append(rest).append(Vector::new([9; 20]));
        assert_eq!(all.into_array().len(), 25);
    }
}
