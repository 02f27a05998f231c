//! Out of a `Result` whose error has a destructor and no name.

use voidstate_linear::{Linear, Static};

fn make(n: u8) -> Result<Linear<u8, Static>, String> {
    match n {
        0 => Err("nothing".to_owned()),
        _ => Ok(Linear::checked(n)),
    }
}

pub fn taken(n: u8) -> u8 {
    match make(n) {
        Ok(token) => token.consume(),
        Err(_) => 0,
    }
}

fn main() {
    let _ = taken(1);
}
