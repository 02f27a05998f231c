//! Out of a `Result` by one side alone.

use voidstate_linear::{Linear, Static};

fn make(n: u8) -> Result<Linear<u8, Static>, String> {
    match n {
        0 => Err("nothing".to_owned()),
        _ => Ok(Linear::checked(n)),
    }
}

pub fn taken(n: u8) -> u8 {
    if let Ok(token) = make(n) { token.consume() } else { 0 }
}

fn main() {
    let _ = taken(1);
}
