//! Left behind by `?`.

use voidstate_linear::{Linear, Static};

pub fn half(token: Linear<u64, Static>, other: Option<u64>) -> Option<u64> {
    let other = other?;
    Some(token.consume() / 2 + other)
}

fn main() {
    half(Linear::checked(1), None);
}
