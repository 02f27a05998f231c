//! Effects, and rows of them: lists of types.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

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
}

impl Row for Nil {
    type Op = Void;
    type Out = Void;
}

impl<E: Effect, T: Row> Row for Cons<E, T> {
    type Op = Sum<E, T::Op>;
    type Out = Sum<E::Out, T::Out>;
}

/// The names of a row's effects, known while compiling.
///
/// ```
/// use voidstate_effects::{RowEffects, row, standard::{Clock, Log}};
/// const NAMES: &[&str] = <row![Clock, Log] as RowEffects>::NAMES;
/// assert_eq!(NAMES, ["clock", "log"]);
/// ```
pub trait RowEffects: Row {
    /// How many effects there are.
    const COUNT: usize;
    /// Their names, in the order of the row. More than [`ROW_EFFECTS_MAX`] do not compile.
    const NAMES: &'static [&'static str];
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
