use voidstate_linear::Linear;

fn main() {
    Linear::with(1, |token| {
        token.consume();
        unreachable!()
    });
}
