use voidstate_linear::Linear;

fn main() {
    Linear::with(0, |token| token.times::<1>().finish().1);
}
