//! Laws of matrices over integers that wrap.

use std::num::Wrapping;

use proptest::prelude::*;
use voidstate_dependent::{Fin, Matrix, Vector};

type W = Wrapping<i64>;

fn matrix<const R: usize, const C: usize>() -> impl Strategy<Value = Matrix<W, R, C>> {
    prop::collection::vec(any::<i64>(), R * C)
        .prop_map(|items| Matrix::from_fn(|row, column| Wrapping(items[row * C + column])))
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn square_matrices_are_a_ring(a in matrix::<3, 3>(), b in matrix::<3, 3>(), c in matrix::<3, 3>()) {
        let (zero, one) = (Matrix::zero(), Matrix::identity());
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + zero, a);
        prop_assert_eq!(a + -a, zero);
        prop_assert_eq!(a - b, a + -b);
        prop_assert_eq!((a * b) * c, a * (b * c));
        prop_assert_eq!((a * one, one * a), (a, a));
        prop_assert_eq!(a * zero, zero);
        prop_assert_eq!(a * (b + c), a * b + a * c);
        prop_assert_eq!((a + b) * c, a * c + b * c);
    }

    #[test]
    fn shapes_that_fit_multiply(a in matrix::<2, 3>(), b in matrix::<3, 4>(), c in matrix::<4, 1>()) {
        prop_assert_eq!((a * b) * c, a * (b * c));
        prop_assert_eq!((a * b).transpose(), b.transpose() * a.transpose());
        prop_assert_eq!(a.transpose().transpose(), a);
    }

    #[test]
    fn a_product_is_rows_times_columns(a in matrix::<2, 3>(), b in matrix::<3, 2>(), v in prop::array::uniform3(any::<i64>())) {
        let product = a * b;
        for r in Fin::<2>::all() {
            for c in Fin::<2>::all() {
                prop_assert_eq!(*product.get(r, c), a.row(r).dot(&b.column(c)));
            }
        }
        let v = Vector::new(v).map(Wrapping);
        let applied = Matrix::new([(a * v).into_array()]).transpose();
        prop_assert_eq!(applied, a * Matrix::new([v.into_array()]).transpose());
    }
}

#[test]
fn hostile_floats_propagate() {
    let a = Matrix::new([[f64::INFINITY, 1.0], [f64::NAN, f64::MAX]]);
    let product = a * Matrix::new([[0.0], [2.0]]);
    assert!(product.rows().iter().flatten().all(|item| item.is_nan()));
    let product = a * Matrix::new([[1.0], [2.0]]);
    assert!(product.rows()[0][0].is_infinite());
}
