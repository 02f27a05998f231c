//! Natural numbers as types: zero, one more, and sums and products of them.
//!
//! [`Const`] is the bridge from const parameters to these types ([`ToPeano`]), [`ToArray`] the way back, both for 0 to 32.

use std::fmt::Debug;
use std::marker::PhantomData;

/// Zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Zero;

/// One more than `N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Succ<N>(PhantomData<N>);

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Zero {}
    impl<N: super::Nat> Sealed for super::Succ<N> {}
    impl<const N: usize> Sealed for super::Const<N> {}
}

/// A natural number. Only [`Zero`] and [`Succ`] are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no natural number in types",
    note = "natural numbers are `Zero`, `Succ<Zero>`, `Succ<Succ<Zero>>`, …"
)]
pub trait Nat: sealed::Sealed + Debug + Copy + Default + 'static {
    /// The number as a value.
    const VALUE: usize;
}

impl Nat for Zero {
    const VALUE: usize = 0;
}

impl<N: Nat> Nat for Succ<N> {
    const VALUE: usize = N::VALUE + 1;
}

/// Addition. Laws: zero is neutral, associative, commutative (in [`Nat::VALUE`], and in the type).
pub trait Plus<B>: Nat {
    /// The sum.
    type Output: Nat;
}

impl<B: Nat> Plus<B> for Zero {
    type Output = B;
}

impl<A: Plus<B>, B: Nat> Plus<B> for Succ<A> {
    type Output = Succ<A::Output>;
}

/// Multiplication. Laws: one is neutral, associative, distributes over [`Plus`].
pub trait Times<B>: Nat {
    /// The product.
    type Output: Nat;
}

impl<B: Nat> Times<B> for Zero {
    type Output = Self;
}

impl<A: Times<B>, B: Plus<A::Output>> Times<B> for Succ<A> {
    type Output = Sum<B, A::Output>;
}

/// `A` and `B` added.
pub type Sum<A, B> = <A as Plus<B>>::Output;
/// `A` and `B` multiplied.
pub type Product<A, B> = <A as Times<B>>::Output;

/// A const parameter as a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Const<const N: usize>;

/// The Peano number of a const parameter.
#[diagnostic::on_unimplemented(
    message = "the length in `{Self}` cannot be inferred: only 0 to 32 can",
    note = "name the length: `cons`, `uncons`, `concat` and `split` take any, and the feature `typenum` infers up to 512"
)]
pub trait ToPeano: sealed::Sealed {
    /// The same number.
    type Nat: Nat;
}

/// The Peano number of `N`.
pub type NatOf<const N: usize> = <Const<N> as ToPeano>::Nat;

/// The array of as many items as a Peano number says.
#[diagnostic::on_unimplemented(
    message = "no array has the length `{Self}`: only 0 to 32 can be inferred",
    note = "name the length: `cons`, `uncons`, `concat` and `split` take any"
)]
pub trait ToArray: Nat {
    /// `[T; N]`.
    type Array<T>;
}

macro_rules! table {
    ($nat:ty;) => {};
    ($nat:ty; $n:literal $($rest:literal)*) => {
        impl ToPeano for Const<$n> {
            type Nat = $nat;
        }
        impl ToArray for $nat {
            type Array<T> = [T; $n];
        }
        table!(Succ<$nat>; $($rest)*);
    };
}
table!(Zero; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);

#[cfg(test)]
mod tests {
    use super::*;

    type Two = Succ<Succ<Zero>>;
    type Three = Succ<Two>;

    fn same<A: 'static, B: 'static>() -> bool {
        std::any::TypeId::of::<A>() == std::any::TypeId::of::<B>()
    }

    #[test]
    fn types_add_and_multiply_as_numbers_do() {
        assert!(same::<Sum<Two, Three>, NatOf<5>>() && same::<Sum<Three, Two>, NatOf<5>>());
        assert!(same::<Product<Two, Three>, NatOf<6>>() && same::<Product<Three, Two>, NatOf<6>>());
        assert!(same::<Product<Zero, Three>, Zero>() && same::<Sum<Two, Zero>, Two>());
        assert_eq!((NatOf::<32>::VALUE, NatOf::<0>::VALUE), (32, 0));
        assert!(same::<<NatOf<7> as ToArray>::Array<u8>, [u8; 7]>());
    }
}
