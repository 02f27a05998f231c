use voidstate_linear::{Linear, Scope};

fn main() {
    let _ = Linear::<_, Scope<'_>>::new(1);
}
