use voidstate_linear::{Affine, Running};

fn main() {
    let running = Running::<_, Affine>::begin(1);
    let _ = running.resume();
}
