use voidstate_dependent::peano::{Succ, Zero};
use voidstate_dependent::{Count, Error, Exact};

fn needs_one_less<'id>(all: Exact<'id, u8>, before: Exact<'id, u8, Succ<Zero>>) -> usize {
    all.zip(before.cons(0)).as_slice().len()
}

fn main() {
    let n = Count::fix(3, |n| {
        let before = n.pred()?.exactly(vec![1, 2])?;
        Ok::<_, Error>(needs_one_less(n.exactly(vec![1, 2, 3])?, before))
    });
    assert_eq!(n, Ok(3));
}
