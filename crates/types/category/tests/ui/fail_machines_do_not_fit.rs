use voidstate_category::stream::{Machine, arr};

fn half(x: u32) -> f64 {
    f64::from(x) / 2.0
}

fn next(x: u32) -> u32 {
    x + 1
}

fn main() {
    let _ = arr(half).then(arr(next));
}
