use voidstate_linear::{Done, Linear, Scope};

fn promised<'id>(_: &Linear<u8, Scope<'id>>) -> Done<'id> {
    loop {}
}

fn main() {
    let mut kept = None;
    Linear::with(1, |token| {
        let done = promised(&token);
        kept = Some(token);
        done
    });
}
