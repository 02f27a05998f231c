use voidstate_category::stream::{Machine, arr};

fn answers(pair: (u32, u32)) -> (u32, f64) {
    (pair.0, 1.0)
}

fn main() {
    let _ = arr(answers).feedback(7_u32);
}
