use voidstate_linear::{Linear, Policy};

enum Mine {}
impl Policy for Mine {}

fn main() {
    let _ = Linear::<_, Mine>::new(1);
}
