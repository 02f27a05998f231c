use voidstate_linear::OneTime;

fn main() {
    let once = OneTime::<u8>::new("once");
    let _ = once.with(|_init| ());
}
