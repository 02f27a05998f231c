//! More effects than a row has room for, found when the names are asked for.

use voidstate_effects::standard::Clock;
use voidstate_effects::{Cons, RowEffects};

type Eight<T> = Cons<
    Clock,
    Cons<Clock, Cons<Clock, Cons<Clock, Cons<Clock, Cons<Clock, Cons<Clock, Cons<Clock, T>>>>>>>,
>;
type SixtyFour = Eight<Eight<Eight<Eight<Eight<Eight<Eight<Eight<voidstate_effects::Nil>>>>>>>>;

const _: &[&str] = SixtyFour::NAMES;
const _: &[&str] = <Cons<Clock, SixtyFour> as RowEffects>::NAMES;

fn main() {}
