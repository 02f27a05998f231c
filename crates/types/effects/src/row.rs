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
/// Sixty-four effects have names, one more does not compile:
///
/// ```
/// # use voidstate_effects::{Cons, Nil, RowEffects, row, standard::Clock};
/// type Eight<T> = row![Clock, Clock, Clock, Clock, Clock, Clock, Clock, Clock, ..T];
/// type SixtyFour = Eight<Eight<Eight<Eight<Eight<Eight<Eight<Eight<Nil>>>>>>>>;
/// const NAMES: &[&str] = SixtyFour::NAMES;
/// # assert_eq!(NAMES.len(), 64);
/// ```
/// ```compile_fail
/// # use voidstate_effects::{Cons, Nil, RowEffects, row, standard::Clock};
/// # type Eight<T> = row![Clock, Clock, Clock, Clock, Clock, Clock, Clock, Clock, ..T];
/// # type SixtyFour = Eight<Eight<Eight<Eight<Eight<Eight<Eight<Eight<Nil>>>>>>>>;
/// const NAMES: &[&str] = <Cons<Clock, SixtyFour> as RowEffects>::NAMES;
/// # fn main() { assert_eq!(NAMES.len(), 65); }
/// ```
pub trait RowEffects: Row {
    /// How many effects there are.
    const COUNT: usize;
    /// The names, in the order of the row. More than [`ROW_EFFECTS_MAX`] do not compile.
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
