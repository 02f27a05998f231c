//! All but the other one must become the same instructions.

#![crate_type = "lib"]

use voidstate_linear::{Bomb, Linear, Static};

#[inline(never)]
fn work(n: u64) -> u64 {
    std::hint::black_box(n).rotate_left(7) ^ 5
}

#[unsafe(no_mangle)]
pub fn plain_first(n: u64) -> u64 {
    let n = work(n);
    work(n) + 1
}

#[unsafe(no_mangle)]
pub fn plain_other(n: u64) -> u64 {
    let n = work(n);
    work(n) + 2
}

#[unsafe(no_mangle)]
pub fn linear_static(n: u64) -> u64 {
    let worked = Linear::<_, Static>::new(n).map(work).apply(|n| work(*n));
    worked.1.consume();
    worked.0 + 1
}

#[unsafe(no_mangle)]
pub fn linear_bomb(n: u64) -> u64 {
    let token = Linear::<_, Bomb>::new(n).map(work);
    let (n, token) = token.apply(|n| work(*n));
    token.consume();
    n + 1
}

#[unsafe(no_mangle)]
pub fn linear_scope(n: u64) -> u64 {
    Linear::with(n, |token| token.map(work).finish_by(|n| work(n) + 1))
}

#[unsafe(no_mangle)]
pub fn linear_graded(n: u64) -> u64 {
    Linear::with(n, |token| {
        let (m, token) = token.times::<2>().apply(|n| work(*n));
        let (m, token) = token.apply(|_| work(m));
        token.finish().1.giving(m + 1)
    })
}
