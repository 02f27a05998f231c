use voidstate_linear::{Affine, Running};

fn main() {
    let mut suspended = Running::<_, Affine>::begin(1).suspend("pause");
    *suspended.get_mut() += 1;
    let _ = suspended.suspend("again");
}
