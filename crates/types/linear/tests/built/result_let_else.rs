//! Out of a `Result`, or else.

use voidstate_linear::{Linear, Static};

fn make(n: u8) -> Result<Linear<u8, Static>, String> {
    match n {
        0 => Err("nothing".to_owned()),
        _ => Ok(Linear::checked(n)),
    }
}

pub fn taken(n: u8) -> u8 {
    let Ok(token) = make(n) else { return 0 };
    token.consume()
}

fn main() {
    let _ = taken(1);
}
