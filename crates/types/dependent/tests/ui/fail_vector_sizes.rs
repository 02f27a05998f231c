use voidstate_dependent::{Fin, Vector};

fn main() {
    let v = Vector::new([1, 2, 3]);
    let _: Vector<i32, 5> = v.cons(0);
    let _: Vector<i32, 3> = v.snoc(0);
    let _ = v.uncons::<3>();
    let _ = Vector::<i32, 0>::empty().uncons::<0>();
    let _: Vector<i32, 5> = v.concat(v);
    let _ = v.split::<2, 2>();
    let _ = v.chunks::<2, 1>();
    let _ = Vector::new([v, v]).flatten::<5>();
    let _ = v.at::<3>();
    let _ = Vector::<i32, 0>::empty().first();
    let _ = Vector::<i32, 0>::empty().last();
    let _ = Fin::<3>::of::<3>();
    let _ = Fin::<3>::of::<0>().widen::<2>();
}
