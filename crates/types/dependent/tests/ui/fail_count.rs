use voidstate_dependent::peano::{Succ, Zero};
use voidstate_dependent::{Count, Exact};

fn needs_one_less<'id>(_: Exact<'id, u8>, _: Exact<'id, u8, Succ<Zero>>) {}

fn as_many() {
    Count::fix(3, |n| needs_one_less(n.from_fn(|_| 0), n.from_fn(|_| 0)));
}

fn unlike() {
    Count::fix(3, |n| {
        let (a, b) = (n.from_fn(|_| 0), n.pred().unwrap().from_fn(|_| 0));
        let _ = a.zip(b);
    });
}

fn one_more_than_all() {
    Count::fix(3, |n| n.from_fn(|_| 0).cons(0));
}

fn main() {}
