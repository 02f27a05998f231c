use voidstate_dependent::{Matrix, Vector};

fn main() {
    let a = Matrix::new([[1, 2, 3], [4, 5, 6]]);
    let _ = a * a;
    let _ = a + a.transpose();
    let _ = a * Vector::new([1, 2]);
    let _: Matrix<i32, 2, 3> = Matrix::identity();
}
