use voidstate_dependent::{Deps, Named, WithDeps};

struct A;
impl Named for A {
    const NAME: &'static str = "a";
}
struct B;
impl Named for B {
    const NAME: &'static str = "b";
}

fn n<D: Deps>() -> usize {
    D::N
}

fn main() {
    let _ = WithDeps::<(A, B), u8>::new([1]);
    let _ = WithDeps::<(A, B), u8>::new([1, 2, 3]);
    let _ = n::<A>();
    let _ = n::<(A, u8)>();
    let _ = n::<(A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A)>();
}
