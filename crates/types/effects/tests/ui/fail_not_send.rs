//! A program of one thread is not sent to another.

use voidstate_effects::standard::Clock;
use voidstate_effects::{Cap, Perform, row, suspend};

async fn program<C: Cap<R = row![Clock]>>(c: &mut C) -> i64 {
    c.perform(Clock).await
}

fn sent<T: Send>(value: T) -> T {
    value
}

fn main() {
    let _ = sent(suspend(|mut c| async move { program(&mut c).await }));
}
