//! Which effects are in a row, and which rows are in a row.

use crate::row::{Cons, Effect, Nil, Row, Sum, Void};

/// The place of a row's first effect.
#[derive(Debug, Clone, Copy)]
pub struct Here;

/// The place `I` of the row behind the first effect.
#[derive(Debug, Clone, Copy)]
pub struct There<I>(I);

/// The effect `E` is in the row, at the place `I` (which the compiler finds).
///
/// Laws: `project(answer(o)) == Ok(o)`; what is injected is answered at the same place.
#[diagnostic::on_unimplemented(
    message = "effect `{E}` is not in the row `{Self}`",
    label = "this row does not have `{E}`",
    note = "add `{E}` to the row of the program, or handle it with `With` before this one runs"
)]
pub trait Has<E: Effect, I>: Row {
    /// The operation, as one of the row.
    fn inject(effect: E) -> Self::Op;
    /// The answer, as one of the row.
    fn answer(out: E::Out) -> Self::Out;
    /// The answer of this effect.
    ///
    /// # Errors
    /// Gives back an answer of another effect.
    fn project(out: Self::Out) -> Result<E::Out, Self::Out>;
}

#[diagnostic::do_not_recommend]
impl<E: Effect, T: Row> Has<E, Here> for Cons<E, T> {
    #[inline]
    fn inject(effect: E) -> Self::Op {
        Sum::Here(effect)
    }

    #[inline]
    fn answer(out: E::Out) -> Self::Out {
        Sum::Here(out)
    }

    #[inline]
    fn project(out: Self::Out) -> Result<E::Out, Self::Out> {
        match out {
            Sum::Here(out) => Ok(out),
            other @ Sum::There(_) => Err(other),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<E: Effect, D: Effect, T: Has<E, I>, I> Has<E, There<I>> for Cons<D, T> {
    #[inline]
    fn inject(effect: E) -> Self::Op {
        Sum::There(T::inject(effect))
    }

    #[inline]
    fn answer(out: E::Out) -> Self::Out {
        Sum::There(T::answer(out))
    }

    #[inline]
    fn project(out: Self::Out) -> Result<E::Out, Self::Out> {
        match out {
            Sum::There(out) => T::project(out).map_err(Sum::There),
            other @ Sum::Here(_) => Err(other),
        }
    }
}

/// An effect that no program can name. That the empty row has it keeps the compiler from concluding that a row of one effect
/// can only be asked for that one, so that a wrong effect is reported as missing and not as a wrong type.
enum Nowhere {}

impl Effect for Nowhere {
    type Out = Void;
    const NAME: &'static str = "";
}

#[diagnostic::do_not_recommend]
impl Has<Nowhere, Nowhere> for Nil {
    fn inject(effect: Nowhere) -> Void {
        match effect {}
    }

    fn answer(out: Void) -> Void {
        out
    }

    fn project(out: Void) -> Result<Void, Void> {
        Ok(out)
    }
}

/// Every effect of the row `S` is in this row, in any order (`Is` are the places, which the compiler finds).
///
/// Law: going through a row between gives the same operations and answers as going at once.
#[diagnostic::on_unimplemented(
    message = "the row `{S}` is not within the row `{Self}`",
    label = "an effect of `{S}` is missing here"
)]
pub trait Embed<S: Row, Is>: Row {
    /// An operation of the smaller row, as one of this.
    fn up(op: S::Op) -> Self::Op;
    /// An answer of this row, as one of the smaller.
    ///
    /// # Errors
    /// Gives back an answer of an effect that the smaller row does not have.
    fn down(out: Self::Out) -> Result<S::Out, Self::Out>;
}

impl<R: Row> Embed<Nil, Nil> for R {
    #[inline]
    fn up(op: Void) -> Self::Op {
        match op {}
    }

    #[inline]
    fn down(out: Self::Out) -> Result<Void, Self::Out> {
        Err(out)
    }
}

impl<R, E, T, I, Is> Embed<Cons<E, T>, Cons<I, Is>> for R
where
    E: Effect,
    T: Row,
    R: Has<E, I> + Embed<T, Is>,
{
    #[inline]
    fn up(op: Sum<E, T::Op>) -> Self::Op {
        match op {
            Sum::Here(effect) => R::inject(effect),
            Sum::There(op) => <R as Embed<T, Is>>::up(op),
        }
    }

    #[inline]
    fn down(out: Self::Out) -> Result<Sum<E::Out, T::Out>, Self::Out> {
        match R::project(out) {
            Ok(out) => Ok(Sum::Here(out)),
            Err(out) => <R as Embed<T, Is>>::down(out).map(Sum::There),
        }
    }
}
