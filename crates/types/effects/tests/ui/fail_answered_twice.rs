//! A continuation is used once.

use voidstate_effects::standard::Clock;
use voidstate_effects::{Cap, Perform, Sum, Turn, row, suspend};

async fn program<C: Cap<R = row![Clock]>>(c: &mut C) -> i64 {
    c.perform(Clock).await
}

fn main() {
    let Turn::Asks(_, resume) = suspend(|mut c| async move { program(&mut c).await }) else {
        return;
    };
    let _ = resume.answer(Sum::Here(1));
    let _ = resume.answer(Sum::Here(2));
}
