use voidstate_dependent::{Fin, Vector};

fn main() {
    let v: Vector<u8, 3> = Vector::empty().cons::<1>(3).cons::<2>(2).cons(1);
    let (one, rest) = v.uncons::<2>();
    assert_eq!((one, rest), (1, Vector::new([2, 3])));
    assert_eq!(v.snoc::<4>(4).split::<1, 3>().0, Vector::new([1]));
    assert_eq!(v.concat::<2, 5>(rest).into_array(), [1, 2, 3, 2, 3]);
    assert_eq!(v.concat::<3, 6>(v).chunks::<2, 3>().flatten::<6>(), v.concat(v));
    assert_eq!((v.at::<2>(), v.first(), v.last()), (&3, &1, &3));
    assert_eq!(v.zip(v) [Fin::of::<0>()], (1, 1));
    assert_eq!(v.append(rest).append(v.push_front(0)).pop_front().0, 1);
    assert_eq!(Fin::<3>::of::<2>().widen::<4>().get(), 2);
}
