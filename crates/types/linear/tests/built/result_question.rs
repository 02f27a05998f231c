//! Out of a `Result` by `?`.

use voidstate_linear::{Linear, Static};

fn make(n: u8) -> Result<Linear<u8, Static>, String> {
    match n {
        0 => Err("nothing".to_owned()),
        _ => Ok(Linear::checked(n)),
    }
}

pub fn taken(n: u8) -> Result<u8, String> {
    let token = make(n)?;
    Ok(token.consume())
}

fn main() {
    let _ = taken(1);
}
