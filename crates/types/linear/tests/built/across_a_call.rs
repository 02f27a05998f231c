//! Held by a variable across a call that may panic.

use voidstate_linear::{Linear, Static};

pub fn late(token: Linear<u64, Static>, panics: fn() -> u64) -> u64 {
    let n = panics();
    token.consume() + n
}

fn main() {
    late(Linear::checked(1), || 2);
}
