use voidstate_linear::{Bomb, OneTime};

fn main() {
    let once = OneTime::new("once");
    let init = once.claim::<Bomb>().unwrap();
    init.set(1);
    init.set(2);
}
