//! Exactly so many dependencies, by the arity of a tuple.

use std::fmt;

/// Something that others depend on by name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be depended on, since it has no name",
    note = "implement `voidstate_dependent::Named` for it"
)]
pub trait Named {
    /// Its name, unique among the dependencies of one list.
    const NAME: &'static str;
}

/// A list of dependencies: a tuple of at most 16 [`Named`] types.
///
/// One dependency is a tuple too: `(A,)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of dependencies",
    label = "expected a tuple of at most 16 types that implement `Named`",
    note = "a single dependency is written `(A,)`"
)]
pub trait Deps: 'static {
    /// How many there are.
    const N: usize;
    /// Their names, in order.
    const NAMES: &'static [&'static str];
    /// `[T; N]`.
    type Array<T>: AsRef<[T]> + AsMut<[T]> + IntoIterator<Item = T>;
    /// Their names as an array.
    fn names() -> Self::Array<&'static str>;
}

macro_rules! deps {
    ($n:literal: $($d:ident)*) => {
        impl<$($d: Named + 'static),*> Deps for ($($d,)*) {
            const N: usize = $n;
            const NAMES: &'static [&'static str] = &[$($d::NAME),*];
            type Array<T> = [T; $n];
            fn names() -> [&'static str; $n] {
                [$($d::NAME),*]
            }
        }
    };
}
deps!(0: );
deps!(1: A);
deps!(2: A B);
deps!(3: A B C);
deps!(4: A B C D);
deps!(5: A B C D E);
deps!(6: A B C D E F);
deps!(7: A B C D E F G);
deps!(8: A B C D E F G H);
deps!(9: A B C D E F G H I);
deps!(10: A B C D E F G H I J);
deps!(11: A B C D E F G H I J K);
deps!(12: A B C D E F G H I J K L);
deps!(13: A B C D E F G H I J K L M);
deps!(14: A B C D E F G H I J K L M N);
deps!(15: A B C D E F G H I J K L M N O);
deps!(16: A B C D E F G H I J K L M N O P);

/// Whether no name comes twice; O(n²) while the program is built.
#[must_use]
pub const fn are_distinct(names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        let mut j = i + 1;
        while j < names.len() {
            if is_same(names[i].as_bytes(), names[j].as_bytes()) {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// One `T` for each dependency of `D`: no fewer, no more.
///
/// A wrong number is a type error; a dependency that is named twice does not build.
///
/// ```
/// use voidstate_dependent::{Named, WithDeps};
///
/// struct Drift;
/// impl Named for Drift { const NAME: &'static str = "drift"; }
/// struct Clock;
/// impl Named for Clock { const NAME: &'static str = "clock"; }
///
/// let handles = WithDeps::<(Drift, Clock), u32>::new([7, 9]);
/// assert_eq!(handles.iter().collect::<Vec<_>>(), [("drift", &7), ("clock", &9)]);
/// ```
pub struct WithDeps<D: Deps, T> {
    items: D::Array<T>,
}

impl<D: Deps, T> WithDeps<D, T> {
    /// One item for each dependency, in their order.
    #[must_use]
    pub fn new(items: D::Array<T>) -> Self {
        const { assert!(are_distinct(D::NAMES), "each dependency is named once") };
        Self { items }
    }

    /// Names and items, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, &T)> {
        D::NAMES.iter().copied().zip(self.items.as_ref())
    }

    /// The item of a dependency. O(N).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(n, _)| *n == name).map(|(_, item)| item)
    }

    /// The items.
    #[must_use]
    pub fn into_array(self) -> D::Array<T> {
        self.items
    }
}

impl<D: Deps, T: fmt::Debug> fmt::Debug for WithDeps<D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct X;
    impl Named for X {
        const NAME: &'static str = "x";
    }

    #[test]
    fn arity_is_the_number() {
        assert_eq!((<()>::N, <(X,)>::names()), (0, ["x"]));
        assert_eq!(WithDeps::<(X,), u8>::new([3]).get("x"), Some(&3));
        assert_eq!(WithDeps::<(), u8>::new([]).get("x"), None);
    }

    #[test]
    fn names_are_compared_byte_by_byte() {
        assert!(are_distinct(&["a", "ab", "b", ""]) && are_distinct(&[]));
        assert!(!are_distinct(&["ab", "a", "ab"]));
    }
}
