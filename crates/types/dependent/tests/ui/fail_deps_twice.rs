use voidstate_dependent::{Named, WithDeps};

struct A;
impl Named for A {
    const NAME: &'static str = "a";
}

fn main() {
    let _ = WithDeps::<(A, A), u8>::new([1, 2]);
}
