//! To and from nalgebra (feature `nalgebra`), where dense linear algebra is done.

use nalgebra::{SMatrix, SVector, Scalar};

use crate::{Matrix, Vector};

/// Copies item by item: nalgebra keeps columns, this crate rows. O(R C).
impl<T: Scalar, const R: usize, const C: usize> From<Matrix<T, R, C>> for SMatrix<T, R, C> {
    fn from(matrix: Matrix<T, R, C>) -> Self {
        let rows = matrix.rows();
        Self::from_fn(|row, column| rows[row][column].clone())
    }
}

impl<T: Scalar, const R: usize, const C: usize> From<SMatrix<T, R, C>> for Matrix<T, R, C> {
    fn from(matrix: SMatrix<T, R, C>) -> Self {
        Self::from_fn(|row, column| matrix[(row, column)].clone())
    }
}

impl<T: Scalar, const N: usize> From<Vector<T, N>> for SVector<T, N> {
    fn from(vector: Vector<T, N>) -> Self {
        Self::from(vector.into_array())
    }
}

impl<T: Scalar, const N: usize> From<SVector<T, N>> for Vector<T, N> {
    fn from(vector: SVector<T, N>) -> Self {
        let [column] = vector.data.0;
        Self::new(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nalgebra_sees_the_same_matrix() {
        let a = Matrix::new([[1, 2, 3], [4, 5, 6]]);
        let theirs = SMatrix::from(a);
        assert_eq!((theirs[(0, 2)], theirs[(1, 0)]), (3, 4));
        assert_eq!(Matrix::from(theirs), a);
        assert_eq!(Matrix::from(theirs * theirs.transpose()), a * a.transpose());
        let v = Vector::new([1, 0, -1]);
        assert_eq!(Vector::from(theirs * SVector::from(v)), a * v);
    }
}
