use voidstate_dependent::{Deps, Named, WithDeps};

struct A;
impl Named for A {
    const NAME: &'static str = "a";
}
struct B;
impl Named for B {
    const NAME: &'static str = "b";
}

fn main() {
    let deps = WithDeps::<(A, B), u8>::new([1, 2]);
    assert_eq!((<(A, B)>::N, deps.get("b")), (2, Some(&2)));
}
