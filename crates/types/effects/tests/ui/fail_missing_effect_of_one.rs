//! An effect that is not in a row of one.

use voidstate_effects::standard::{Clock, Random};
use voidstate_effects::{Cap, Perform, row};

async fn program<C: Cap<R = row![Clock]>>(c: &mut C) -> u64 {
    c.perform(Random).await
}

fn main() {}
