use voidstate_dependent::{Fin, Vector};

fn main() {
    let _: Fin<3> = Fin(7);
    let _ = Vector::new([1, 2, 3])[7];
}
