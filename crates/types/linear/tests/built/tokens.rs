//! The tokens under the policy `Static`, each used up.

use voidstate_linear::{
    First, Last, Leads, LinearLock, Linear, OneTime, Running, Stage, Static,
};

enum Closed {}
enum Open {}
impl First for Closed {}
impl Leads<Open> for Closed {}
impl Last for Open {}

pub fn lock(lock: LinearLock<u64, Static>) -> Option<u64> {
    match lock.acquire() {
        Ok(held) => {
            let worked = held.apply(|n| *n);
            worked.1.release();
            Some(worked.0)
        }
        Err(refused) => {
            drop(refused);
            None
        }
    }
}

pub fn once(once: &OneTime<u64>) -> Option<u64> {
    match once.claim::<Static>() {
        Ok(init) => Some(*init.set(4)),
        Err(refused) => {
            drop(refused);
            None
        }
    }
}

pub fn graded(n: u64) -> u64 {
    let once = Linear::checked(n).times::<2>().apply(|n| *n += 1);
    let twice = once.1.apply(|n| *n += 1);
    twice.1.consume()
}

pub fn stage(n: u64) -> u64 {
    Stage::<Closed, _, Static>::begin(n).step_with::<Open, _>(|n| n + 1).end()
}

pub fn running(n: u64) -> u64 {
    Running::<_, Static>::begin(n).suspend("pause").resume().stop()
}

fn main() {
    lock(LinearLock::under("lock", 1));
    once(&OneTime::new("once"));
    graded(1);
    stage(1);
    running(1);
}
