//! An effect without an encoded form cannot be recorded.

use voidstate_effects::standard::Clock;
use voidstate_effects::{Effect, End, Record, row};

struct Ask;

impl Effect for Ask {
    type Out = u8;
    const NAME: &'static str = "ask";
}

fn main() {
    let _ = Record::<row![Clock, Ask], _>::new(End);
}
