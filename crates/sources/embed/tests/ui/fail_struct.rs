use voidstate_embed::observed;

#[observed]
struct S {
    n: u8,
}

fn main() {}
