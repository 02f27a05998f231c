use voidstate_linear::{Done, Linear, Scope};

fn swapped<'a, 'b>(
    outer: Linear<u8, Scope<'a>>,
    _inner: Linear<u8, Scope<'b>>,
) -> Done<'b> {
    outer.finish().1
}

fn main() {}
