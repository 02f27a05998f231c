use voidstate_category::optics::{each, left};

fn main() {
    let _ = left::<Vec<u8>, u8>().then(each()).preview(&(vec![1], 2));
}
