//! Out of a `Result`, with both sides named; out of an `Option`, in any way.

use voidstate_linear::{Linear, Static};

fn make(n: u8) -> Result<Linear<u8, Static>, String> {
    match n {
        0 => Err("nothing".to_owned()),
        _ => Ok(Linear::checked(n)),
    }
}

pub fn matched(n: u8) -> u8 {
    match make(n) {
        Ok(token) => token.consume(),
        Err(error) => u8::from(error.is_empty()),
    }
}

pub fn mapped(n: u8) -> Result<u8, String> {
    make(n).map(|token| token.consume())
}

pub fn unwrapped(n: u8) -> u8 {
    make(n).unwrap().consume()
}

pub fn optional(n: u8) -> u8 {
    let token = if n > 0 { Some(Linear::<u8, Static>::checked(n)) } else { None };
    if let Some(token) = token { token.consume() } else { 0 }
}

fn main() {
    let _ = (matched(1), mapped(1), unwrapped(1), optional(1));
}
