use voidstate_embed::observed;

#[observed]
const fn f() -> u8 {
    1
}

fn main() {}
