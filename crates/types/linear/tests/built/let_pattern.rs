//! Taken out of a tuple by a pattern.

use voidstate_linear::{Linear, Static};

pub fn half(token: Linear<u64, Static>) -> u64 {
    let (half, token) = token.apply(|n| *n / 2);
    half + token.consume()
}

fn main() {
    half(Linear::checked(4));
}
