use voidstate_linear::Linear;

fn main() {
    let key = Linear::bomb(1);
    key.consume();
    key.consume();
}
