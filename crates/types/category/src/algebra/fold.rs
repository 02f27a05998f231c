//! Many values made one.

use super::{Monoid, Semigroup};

/// All `values` in order; `empty` where there are none. O(n) combinations.
///
/// ```
/// use voidstate_category::{Max, fold};
///
/// assert_eq!(fold(["a", "b"].map(String::from)), "ab");
/// assert_eq!(fold(Vec::<Max<u8>>::new()), Max(0));
/// ```
pub fn fold<M: Monoid>(values: impl IntoIterator<Item = M>) -> M {
    values.into_iter().fold(M::empty(), M::combine)
}

/// What `f` makes of each of `values`, in order; `empty` where there are none.
pub fn fold_map<A, M: Monoid>(values: impl IntoIterator<Item = A>, mut f: impl FnMut(A) -> M) -> M {
    let start = M::empty();
    values.into_iter().fold(start, |all, a| all.combine(f(a)))
}

/// All `values` in order; `None` where there are none.
pub fn reduce<S: Semigroup>(values: impl IntoIterator<Item = S>) -> Option<S> {
    values.into_iter().reduce(S::combine)
}
