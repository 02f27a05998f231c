use std::rc::Rc;

use voidstate_category::stream::{Machine, delay};

fn main() {
    let _ = delay(Rc::new(1)).boxed();
}
