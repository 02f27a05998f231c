//! An effect that is not in the row.

use voidstate_effects::standard::{Clock, Log, Random};
use voidstate_effects::{Cap, Perform, row};

async fn program<C: Cap<R = row![Clock, Log]>>(c: &mut C) -> u64 {
    c.perform(Random).await
}

fn main() {}
