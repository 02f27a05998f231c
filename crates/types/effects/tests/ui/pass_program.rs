//! What the failing cases get wrong, done right.

use voidstate_effects::send::SendPerform as _;
use voidstate_effects::standard::{Clock, Log, Random};
use voidstate_effects::{
    Cap, Effect, Perform, SendCap, answer, direct, handlers, row, suspend, suspend_send,
};

struct Ask;

impl Effect for Ask {
    type Out = u8;
    const NAME: &'static str = "ask";
}

async fn program<C: Cap<R = row![Clock, Log, Ask]>>(c: &mut C) -> u8 {
    c.perform(Log::info("asking")).await;
    narrower(&mut c.narrow()).await
}

async fn narrower<C: Cap<R = row![Ask, Clock]>>(c: &mut C) -> u8 {
    c.perform(Ask).await
}

async fn twin<C: SendCap<R = row![Random]>>(c: &mut C) -> u64 {
    c.perform(Random).await
}

fn sent<T: Send>(value: T) -> T {
    value
}

fn main() {
    let all = || handlers![answer(|Clock| 1), answer(|_: Log| ()), answer(|Ask| 7)];
    assert_eq!(direct(all(), async |c| program(c).await).unwrap(), 7);
    let turn = suspend(|mut c| async move { program(&mut c).await });
    assert_eq!(turn.finish(all()).unwrap(), 7);
    let turn = sent(suspend_send(|mut c| async move { twin(&mut c).await }));
    assert_eq!(turn.finish(handlers![answer(|Random| 5)]).unwrap(), 5);
}
