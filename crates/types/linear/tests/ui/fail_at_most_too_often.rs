use voidstate_linear::{Of, UpTo};

fn main() {
    let one = UpTo::<_, Of<1>>::new(0);
    let ((), none) = one.apply(|n| *n += 1);
    let ((), _) = none.apply(|n| *n += 1);
}
