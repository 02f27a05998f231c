use voidstate_linear::Linear;

fn main() {
    let two = Linear::bomb(0).times::<2>();
    let ((), one) = two.apply(|n| *n += 1);
    one.consume();
}
