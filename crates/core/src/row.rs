//! Rows: sets of effects in types.

use crate::EffectSet;
use crate::effects::{Differs, EffectType, sealed::Sealed};

/// A set of effects as a type: a tuple of at most ten different types of [`effects`](crate::effects), in any order.
///
/// ```
/// use voidstate_core::effects::{Clock, Log};
/// use voidstate_core::{Effect, EffectRow, EffectSet};
///
/// assert_eq!(<(Log, Clock)>::SET, EffectSet::of(&[Effect::Clock, Effect::Log]));
/// assert_eq!(<()>::SET, EffectSet::EMPTY);
/// ```
///
/// An effect that stands twice is a type error:
///
/// ```compile_fail,E0277
/// use voidstate_core::effects::{Clock, Log};
/// use voidstate_core::EffectRow;
///
/// let _ = <(Clock, Log, Clock)>::SET;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of effects",
    label = "not a tuple of effects",
    note = "a row is a tuple of different types of `voidstate_core::effects`: `()`, `(Clock,)` with its comma, `(Clock, Log)`"
)]
pub trait EffectRow: Sealed {
    /// The same set as a value.
    const SET: EffectSet;
}

/// Rows in which the effect `E` stands, at the place `At`, which the compiler finds.
#[diagnostic::on_unimplemented(
    message = "the effect `{E}` is not in the row `{Self}`",
    label = "needs `{E}`",
    note = "what a tool may do is its `TypedTool::Effects`: add `{E}` there, or do without"
)]
pub trait Allows<E, At>: EffectRow {}

/// Rows in which every effect of the row `Sub` stands, at the places `At`, which the compiler finds.
#[diagnostic::on_unimplemented(
    message = "the row `{Sub}` is not part of the row `{Self}`",
    label = "does not allow everything that `{Sub}` does"
)]
pub trait Includes<Sub: EffectRow, At>: EffectRow {}

/// A place in a row.
#[derive(Debug, Clone, Copy)]
pub enum At<const PLACE: usize> {}

/// One row, its effects written `{ effect later effects }`.
macro_rules! row {
    ($({ $effect:ident $($later:ident)* })*) => {
        impl<$($effect),*> Sealed for ($($effect,)*) {}

        impl<$($effect: EffectType $(+ Differs<$later>)*),*> EffectRow for ($($effect,)*) {
            const SET: EffectSet = EffectSet::of(&[$($effect::EFFECT),*]);
        }
    };
}

/// Pairs each effect with those that stand after it.
macro_rules! later {
    ([$($done:tt)*]) => { row!($($done)*); };
    ([$($done:tt)*] $first:ident $($rest:ident)*) => {
        later!([$($done)* { $first $($rest)* }] $($rest)*);
    };
}

/// The row's one effect `$one` stands at `$place`.
macro_rules! place {
    (($($effect:ident)*) $one:ident $place:literal) => {
        impl<$($effect),*> Allows<$one, At<$place>> for ($($effect,)*) where Self: EffectRow {}
    };
}

macro_rules! rows {
    ($($all:tt: $($effect:ident $at:ident $place:literal)*;)*) => {
        $(
            later!([] $($effect)*);
            $(place!($all $effect $place);)*

            impl<Row: EffectRow, $($effect, $at),*> Includes<($($effect,)*), ($($at,)*)> for Row
            where
                ($($effect,)*): EffectRow,
                $(Row: Allows<$effect, $at>,)*
            {
            }
        )*
    };
}

rows! {
    (): ;
    (A): A P 0;
    (A B): A P 0 B Q 1;
    (A B C): A P 0 B Q 1 C R 2;
    (A B C D): A P 0 B Q 1 C R 2 D S 3;
    (A B C D E): A P 0 B Q 1 C R 2 D S 3 E T 4;
    (A B C D E F): A P 0 B Q 1 C R 2 D S 3 E T 4 F U 5;
    (A B C D E F G): A P 0 B Q 1 C R 2 D S 3 E T 4 F U 5 G V 6;
    (A B C D E F G H): A P 0 B Q 1 C R 2 D S 3 E T 4 F U 5 G V 6 H W 7;
    (A B C D E F G H I): A P 0 B Q 1 C R 2 D S 3 E T 4 F U 5 G V 6 H W 7 I X 8;
    (A B C D E F G H I J): A P 0 B Q 1 C R 2 D S 3 E T 4 F U 5 G V 6 H W 7 I X 8 J Y 9;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effect;
    use crate::effects::{
        Clock, EmitFinding, EmitMetric, Io, Log, Random, ReadState, ReadStore, Session, WriteState,
    };

    type All = (
        ReadState,
        WriteState,
        EmitMetric,
        Log,
        Clock,
        Random,
        ReadStore,
        EmitFinding,
        Io,
        Session,
    );
    type Reversed = (
        Session,
        Io,
        EmitFinding,
        ReadStore,
        Random,
        Clock,
        Log,
        EmitMetric,
        WriteState,
        ReadState,
    );

    #[test]
    fn a_row_is_the_set_of_its_effects() {
        assert_eq!(All::SET, EffectSet::of(&Effect::ALL));
        assert_eq!(All::SET, Reversed::SET);
        assert_eq!(<()>::SET, EffectSet::EMPTY);
        assert_eq!(<(Io,)>::SET, EffectSet::of(&[Effect::Io]));
        let singles = [
            <(ReadState,)>::SET,
            <(WriteState,)>::SET,
            <(EmitMetric,)>::SET,
            <(Log,)>::SET,
            <(Clock,)>::SET,
            <(Random,)>::SET,
            <(ReadStore,)>::SET,
            <(EmitFinding,)>::SET,
            <(Io,)>::SET,
            <(Session,)>::SET,
        ];
        assert_eq!(singles, Effect::ALL.map(|effect| EffectSet::of(&[effect])));
    }

    #[test]
    fn every_row_has_its_parts_in_any_order() {
        fn part<Row: Includes<Sub, Places>, Sub: EffectRow, Places>() -> bool {
            Sub::SET.is_subset(Row::SET)
        }
        assert!(part::<All, Reversed, _>() && part::<Reversed, All, _>());
        assert!(part::<All, (), _>() && part::<(), (), _>());
        assert!(part::<(Clock, Log, Io), (Io, Clock), _>());
    }
}
