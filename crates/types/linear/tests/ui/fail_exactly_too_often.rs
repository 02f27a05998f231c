use voidstate_linear::Linear;

fn main() {
    let two = Linear::bomb(0).times::<2>();
    let ((), one) = two.apply(|n| *n += 1);
    let ((), none) = one.apply(|n| *n += 1);
    let ((), _) = none.apply(|n| *n += 1);
}
