//! Matrices whose shapes must fit.

use std::ops::{Add, Mul, Neg, Sub};

use crate::{Fin, Ring, Vector};

/// `R` rows of `C` items, row after row.
///
/// A product of shapes that do not fit is a type error, seen by `cargo check`. It is thin: decompositions, solvers and large
/// products are nalgebra's (feature `nalgebra`: `From` both ways).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Matrix<T, const R: usize, const C: usize>([[T; C]; R]);

impl<T, const R: usize, const C: usize> Matrix<T, R, C> {
    /// The items of rows.
    #[must_use]
    pub const fn new(rows: [[T; C]; R]) -> Self {
        Self(rows)
    }

    /// `make(row, column)` everywhere, row after row.
    #[must_use]
    pub fn from_fn(mut make: impl FnMut(usize, usize) -> T) -> Self {
        Self(std::array::from_fn(|row| {
            std::array::from_fn(|column| make(row, column))
        }))
    }

    /// An item. O(1).
    #[must_use]
    pub fn get(&self, row: Fin<R>, column: Fin<C>) -> &T {
        &self.0[row.get()][column.get()]
    }

    /// A row. O(C).
    #[must_use]
    pub fn row(&self, row: Fin<R>) -> Vector<T, C>
    where
        T: Clone,
    {
        Vector::new(self.0[row.get()].clone())
    }

    /// A column. O(R).
    #[must_use]
    pub fn column(&self, column: Fin<C>) -> Vector<T, R>
    where
        T: Clone,
    {
        Vector::from_fn(|row| self.0[row][column.get()].clone())
    }

    /// Rows and columns exchanged. O(R C).
    #[must_use]
    pub fn transpose(&self) -> Matrix<T, C, R>
    where
        T: Clone,
    {
        Matrix::from_fn(|row, column| self.0[column][row].clone())
    }

    /// Each item changed; the shape stays.
    #[must_use]
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Matrix<U, R, C> {
        Matrix(self.0.map(|row| row.map(&mut change)))
    }

    /// The rows. O(1).
    #[must_use]
    pub const fn rows(&self) -> &[[T; C]; R] {
        &self.0
    }

    /// The rows, owned. O(1).
    #[must_use]
    pub fn into_rows(self) -> [[T; C]; R] {
        self.0
    }

    fn zip_with(self, other: Self, mut combine: impl FnMut(T, T) -> T) -> Self {
        let rows = Vector::new(self.0).zip_with(Vector::new(other.0), |a, b| {
            let row = Vector::new(a).zip_with(Vector::new(b), &mut combine);
            row.into_array()
        });
        Self(rows.into_array())
    }
}

impl<T: Ring, const R: usize, const C: usize> Matrix<T, R, C> {
    /// All zero.
    #[must_use]
    pub fn zero() -> Self {
        Self([[T::ZERO; C]; R])
    }
}

impl<T: Ring, const N: usize> Matrix<T, N, N> {
    /// One on the diagonal, zero elsewhere.
    #[must_use]
    pub fn identity() -> Self {
        Self::from_fn(|row, column| if row == column { T::ONE } else { T::ZERO })
    }
}

impl<T: Ring, const R: usize, const C: usize, const K: usize> Mul<Matrix<T, C, K>>
    for Matrix<T, R, C>
{
    type Output = Matrix<T, R, K>;

    /// The product, O(R C K); sums run from the first term to the last.
    fn mul(self, other: Matrix<T, C, K>) -> Matrix<T, R, K> {
        let mut out = Matrix::zero();
        for (sums, row) in out.0.iter_mut().zip(&self.0) {
            for (&factor, others) in row.iter().zip(&other.0) {
                for (sum, &item) in sums.iter_mut().zip(others) {
                    *sum = *sum + factor * item;
                }
            }
        }
        out
    }
}

impl<T: Ring, const R: usize, const C: usize> Mul<Vector<T, C>> for Matrix<T, R, C> {
    type Output = Vector<T, R>;

    fn mul(self, vector: Vector<T, C>) -> Vector<T, R> {
        Vector::new(self.0).map(|row| Vector::new(row).dot(&vector))
    }
}

impl<T: Add<Output = T>, const R: usize, const C: usize> Add for Matrix<T, R, C> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.zip_with(other, |a, b| a + b)
    }
}

impl<T: Sub<Output = T>, const R: usize, const C: usize> Sub for Matrix<T, R, C> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.zip_with(other, |a, b| a - b)
    }
}

impl<T: Neg<Output = T>, const R: usize, const C: usize> Neg for Matrix<T, R, C> {
    type Output = Self;

    fn neg(self) -> Self {
        self.map(|item| -item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_follow_the_product() {
        let a = Matrix::new([[1, 2, 3], [4, 5, 6]]);
        let b = Matrix::new([[1], [0], [-1]]);
        assert_eq!(a * b, Matrix::new([[-2], [-2]]));
        assert_eq!(a * Vector::new([1, 0, -1]), Vector::new([-2, -2]));
        assert_eq!(a.transpose().row(Fin::of::<2>()).into_array(), [3, 6]);
        assert_eq!(a.column(Fin::of::<0>()).into_array(), [1, 4]);
    }

    #[test]
    fn an_empty_sum_is_zero() {
        let product = Matrix::<i32, 2, 0>::zero() * Matrix::<i32, 0, 2>::zero();
        assert_eq!(product, Matrix::zero());
    }
}
