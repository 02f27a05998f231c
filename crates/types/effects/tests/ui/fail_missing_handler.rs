//! Handlers for fewer effects than the row has.

use voidstate_effects::standard::{Clock, Log};
use voidstate_effects::{Cap, Perform, answer, direct, handlers, row};

async fn program<C: Cap<R = row![Clock, Log]>>(c: &mut C) -> i64 {
    c.perform(Log::info("now")).await;
    c.perform(Clock).await
}

fn now(_: Clock) -> i64 {
    1
}

fn main() {
    let _ = direct::<row![Clock, Log], _, _>(handlers![answer(now)], async |c| program(c).await);
}
