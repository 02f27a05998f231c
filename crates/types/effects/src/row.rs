//! Effects, and rows of them: lists of types.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::journal::shown;

/// Something that a program asks of whoever runs it: the value is the question, [`Out`](Self::Out) the answer.
///
/// ```
/// struct Ask { what: &'static str }
/// impl voidstate_effects::Effect for Ask {
///     type Out = u64;
///     const NAME: &'static str = "ask";
/// }
/// ```
pub trait Effect {
    /// What the program is answered.
    type Out;
    /// What people and journals call it: unique within a row, never changed once journals exist.
    const NAME: &'static str;
}

/// Most effects of a row.
pub const ROW_EFFECTS_MAX: usize = 64;

/// The row without effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nil;

/// The row of an effect `E` and those of the row `T`; written [`row!`](crate::row!). Only a type.
pub struct Cons<E, T>(PhantomData<fn() -> (E, T)>);

impl<E, T> fmt::Debug for Cons<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cons")
    }
}

/// What cannot be: the operations of the row without effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Void {}

/// One of two: an operation (or answer) of the first effect of a row, or of one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sum<A, B> {
    /// Of the first effect.
    Here(A),
    /// Of one of the others.
    There(B),
}

/// A list of effects. Sealed: rows are made of [`Nil`] and [`Cons`] by [`row!`](crate::row!).
pub trait Row: sealed::Sealed {
    /// An operation of any effect of the row.
    type Op;
    /// An answer of any effect of the row; one at the place of its operation.
    type Out;

    /// The place of an operation's effect, counted from 0.
    fn place(op: &Self::Op) -> usize;
}

impl Row for Nil {
    type Op = Void;
    type Out = Void;

    fn place(op: &Void) -> usize {
        match *op {}
    }
}

impl<E: Effect, T: Row> Row for Cons<E, T> {
    type Op = Sum<E, T::Op>;
    type Out = Sum<E::Out, T::Out>;

    #[inline]
    fn place(op: &Self::Op) -> usize {
        match op {
            Sum::Here(_) => 0,
            Sum::There(op) => 1 + T::place(op),
        }
    }
}

/// The names of a row's effects, known while compiling.
///
/// ```
/// use voidstate_effects::{RowEffects, row, standard::{Clock, Log}};
/// const NAMES: &[&str] = <row![Clock, Log] as RowEffects>::NAMES;
/// assert_eq!(NAMES, ["clock", "log"]);
/// ```
///
/// Two effects of one name do not compile, as journals could not tell them apart:
///
/// ```compile_fail
/// use voidstate_effects::{RowEffects, row, standard::{Clock, Log}};
/// const NAMES: &[&str] = <row![Clock, Log, Clock] as RowEffects>::NAMES;
/// # fn main() { assert_eq!(NAMES.len(), 3); }
/// ```
///
/// Nor do more than sixty-four:
///
/// ```compile_fail
/// # use voidstate_effects::{Effect, RowEffects, row};
/// struct Nth<const N: usize>;
/// impl<const N: usize> Effect for Nth<N> {
///     type Out = ();
///     const NAME: &'static str = "................................................................................".split_at(N).0;
/// }
/// # type Many = row![
/// #     Nth<1>, Nth<2>, Nth<3>, Nth<4>, Nth<5>, Nth<6>, Nth<7>, Nth<8>, Nth<9>, Nth<10>, Nth<11>, Nth<12>, Nth<13>, Nth<14>, Nth<15>, Nth<16>,
/// #     Nth<17>, Nth<18>, Nth<19>, Nth<20>, Nth<21>, Nth<22>, Nth<23>, Nth<24>, Nth<25>, Nth<26>, Nth<27>, Nth<28>, Nth<29>, Nth<30>, Nth<31>, Nth<32>,
/// #     Nth<33>, Nth<34>, Nth<35>, Nth<36>, Nth<37>, Nth<38>, Nth<39>, Nth<40>, Nth<41>, Nth<42>, Nth<43>, Nth<44>, Nth<45>, Nth<46>, Nth<47>, Nth<48>,
/// #     Nth<49>, Nth<50>, Nth<51>, Nth<52>, Nth<53>, Nth<54>, Nth<55>, Nth<56>, Nth<57>, Nth<58>, Nth<59>, Nth<60>, Nth<61>, Nth<62>, Nth<63>, Nth<64>
/// # ];
/// const NAMES: &[&str] = <row![Nth<70>, ..Many] as RowEffects>::NAMES;
/// # fn main() { assert_eq!(NAMES.len(), 65); }
/// ```
pub trait RowEffects: Row {
    /// How many effects there are.
    const COUNT: usize;
    /// The names, in the order of the row. More than [`ROW_EFFECTS_MAX`], or two of one name, do not compile.
    const NAMES: &'static [&'static str];
}

/// A row whose operations and answers have a `Debug` text.
pub trait Shown: RowEffects {
    /// The operation's text, cut at [`TEXT_BYTES_MAX`](crate::TEXT_BYTES_MAX).
    fn op_text(op: &Self::Op) -> Box<str>;
    /// The answer's text, cut likewise.
    fn out_text(out: &Self::Out) -> Box<str>;
}

impl Shown for Nil {
    fn op_text(op: &Void) -> Box<str> {
        match *op {}
    }

    fn out_text(out: &Void) -> Box<str> {
        match *out {}
    }
}

impl<E: Effect<Out: fmt::Debug> + fmt::Debug, T: Shown> Shown for Cons<E, T> {
    fn op_text(op: &Self::Op) -> Box<str> {
        match op {
            Sum::Here(effect) => shown(effect),
            Sum::There(op) => T::op_text(op),
        }
    }

    fn out_text(out: &Self::Out) -> Box<str> {
        match out {
            Sum::Here(out) => shown(out),
            Sum::There(out) => T::out_text(out),
        }
    }
}

/// The name of an operation's effect.
pub(crate) fn name_of<R: RowEffects>(op: &R::Op) -> &'static str {
    R::NAMES.get(R::place(op)).copied().unwrap_or_default()
}

impl<R: sealed::Sealed + Row> RowEffects for R {
    const COUNT: usize = R::LENGTH;
    const NAMES: &'static [&'static str] = R::TABLE_AT.split_at(R::LENGTH).0;
}

mod sealed {
    use super::{Cons, Effect, Nil, ROW_EFFECTS_MAX};

    type Table = [&'static str; ROW_EFFECTS_MAX];

    pub trait Sealed {
        const LENGTH: usize;
        const TABLE: Table;
        const TABLE_AT: &'static Table = &Self::TABLE;
    }

    const fn same(a: &str, b: &str) -> bool {
        let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
        while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
            if *x != *y {
                return false;
            }
            (a, b) = (rest_a, rest_b);
        }
        a.is_empty() && b.is_empty()
    }

    impl Sealed for Nil {
        const LENGTH: usize = 0;
        const TABLE: Table = [""; ROW_EFFECTS_MAX];
    }

    impl<E: Effect, T: Sealed> Sealed for Cons<E, T> {
        const LENGTH: usize = T::LENGTH + 1;
        const TABLE: Table = {
            assert!(
                T::LENGTH < ROW_EFFECTS_MAX,
                "a row has at most 64 effects: group them into sub-rows"
            );
            let mut table = T::TABLE;
            let mut at = T::LENGTH;
            while at > 0 {
                assert!(
                    !same(table[at - 1], E::NAME),
                    "two effects of a row have the same name"
                );
                table[at] = table[at - 1];
                at -= 1;
            }
            table[0] = E::NAME;
            table
        };
    }
}

/// A row of effects: `row![Clock, Log]`; `row![Clock, ..Rest]` puts effects in front of another row.
#[macro_export]
macro_rules! row {
    () => { $crate::Nil };
    (.. $rest:ty) => { $rest };
    ($effect:ty $(,)?) => { $crate::Cons<$effect, $crate::Nil> };
    ($effect:ty, $($rest:tt)+) => { $crate::Cons<$effect, $crate::row![$($rest)+]> };
}
