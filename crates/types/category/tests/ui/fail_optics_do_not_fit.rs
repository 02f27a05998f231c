use voidstate_category::optics::{left, some};

fn main() {
    let _ = left::<u8, u8>().then(some::<u8>());
}
