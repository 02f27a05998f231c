use voidstate_category::stream::{Machine, arr};

fn main() {
    let _ = arr(|x: u32| f64::from(x)).then(arr(|x: u32| x));
}
