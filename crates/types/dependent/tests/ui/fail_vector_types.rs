use voidstate_dependent::peano::Nat;
use voidstate_dependent::{Fin, Vector};

fn main() {
    let v = Vector::new([1, 2, 3]);
    let _ = v.zip(Vector::new([1, 2]));
    let _ = v + Vector::new([1, 2]);
    let _ = v.dot(&Vector::new([1, 2]));
    let _ = v[Fin::<4>::of::<0>()];
    let _: Vector<i32, 5> = v.push_front(0);
    let _ = Vector::<i32, 0>::empty().pop_front();
    let _ = Vector::new([0; 33]).push_front(0);
    let _ = Vector::new([0; 20]).append(Vector::new([0; 20]));
}

#[derive(Debug, Clone, Copy, Default)]
struct Forged;
impl Nat for Forged {
    const VALUE: usize = 7;
}
