use voidstate_category::stream::{Machine, arr};

fn widened(x: u32) -> f64 {
    f64::from(x)
}

fn doubled(x: u32) -> u32 {
    x * 2
}

fn main() {
    let _ = arr(widened).then(arr(doubled));
}
