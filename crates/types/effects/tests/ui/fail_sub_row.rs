//! A sub-program with an effect that its caller does not have.

use voidstate_effects::standard::{Clock, Log, Random};
use voidstate_effects::{Cap, Perform, row};

async fn program<C: Cap<R = row![Clock, Log]>>(c: &mut C) -> u64 {
    sub(&mut c.narrow()).await
}

async fn sub<C: Cap<R = row![Random, Log]>>(c: &mut C) -> u64 {
    c.perform(Random).await
}

fn main() {}
