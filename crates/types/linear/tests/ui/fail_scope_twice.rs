use voidstate_linear::Linear;

fn main() {
    Linear::with(1, |token| {
        let (_, first) = token.finish();
        let (_, second) = token.finish();
        drop(first);
        second
    });
}
