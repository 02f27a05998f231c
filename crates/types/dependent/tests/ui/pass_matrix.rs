use voidstate_dependent::{Matrix, Vector};

fn main() {
    let a = Matrix::new([[1, 2, 3], [4, 5, 6]]);
    assert_eq!(a * a.transpose(), Matrix::new([[14, 32], [32, 77]]));
    assert_eq!(a * Vector::new([1, 0, 0]), Vector::new([1, 4]));
    assert_eq!(a + a - a, a * Matrix::identity());
}
