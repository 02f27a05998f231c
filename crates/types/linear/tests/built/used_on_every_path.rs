//! Used on every path, also past a call that may panic.

use voidstate_linear::{Linear, Static};

pub fn opened(n: u64) -> Linear<u64, Static> {
    Linear::checked(n)
}

pub fn closed(token: Linear<u64, Static>, early: bool, panics: fn(u64) -> u64) -> u64 {
    if early {
        return token.consume();
    }
    let token = token.map(panics);
    match token.apply(|n| panics(*n / 2)) {
        (half, token) => half + token.consume(),
    }
}

fn main() {
    assert_eq!(closed(opened(4), false, |n| n + 1), 3 + 5);
}
