//! Lists, maps, tuples and other values of the standard library.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Monoid, Semigroup, Semilattice};

impl Semigroup for String {
    fn combine(mut self, other: Self) -> Self {
        self.push_str(&other);
        self
    }
}

impl Monoid for String {
    fn empty() -> Self {
        Self::new()
    }
}

impl<A> Semigroup for Vec<A> {
    fn combine(mut self, mut other: Self) -> Self {
        self.append(&mut other);
        self
    }
}

impl<A> Monoid for Vec<A> {
    fn empty() -> Self {
        Self::new()
    }
}

impl<S: Semigroup> Semigroup for Option<S> {
    fn combine(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(a.combine(b)),
            (a, b) => a.or(b),
        }
    }
}

impl<S: Semigroup> Monoid for Option<S> {
    fn empty() -> Self {
        None
    }
}

impl<S: Semilattice> Semilattice for Option<S> {}

impl Semigroup for Ordering {
    fn combine(self, other: Self) -> Self {
        self.then(other)
    }
}

impl Monoid for Ordering {
    fn empty() -> Self {
        Self::Equal
    }
}

impl<K: Ord, S: Semigroup> Semigroup for BTreeMap<K, S> {
    /// O(n + m); where both have a key, their values are combined.
    fn combine(self, other: Self) -> Self {
        let (mut mine, mut others) = (self.into_iter().peekable(), other.into_iter().peekable());
        // Merged in order, because a map built of sorted pairs takes linear time.
        std::iter::from_fn(|| {
            let order = match (mine.peek(), others.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            match order {
                Ordering::Less => mine.next(),
                Ordering::Greater => others.next(),
                Ordering::Equal => {
                    let ((key, a), (_, b)) = mine.next().zip(others.next())?;
                    Some((key, a.combine(b)))
                }
            }
        })
        .collect()
    }
}

impl<K: Ord, S: Semigroup> Monoid for BTreeMap<K, S> {
    fn empty() -> Self {
        Self::new()
    }
}

impl<K: Ord, S: Semilattice> Semilattice for BTreeMap<K, S> {}

impl<K: Ord> Semigroup for BTreeSet<K> {
    fn combine(mut self, mut other: Self) -> Self {
        self.append(&mut other);
        self
    }
}

impl<K: Ord> Monoid for BTreeSet<K> {
    fn empty() -> Self {
        Self::new()
    }
}

impl<K: Ord> Semilattice for BTreeSet<K> {}

macro_rules! tuples {
    ($(($($name:ident . $place:tt),*))*) => { $(
        impl<$($name: Semigroup),*> Semigroup for ($($name,)*) {
            fn combine(self, _other: Self) -> Self {
                ($(self.$place.combine(_other.$place),)*)
            }
        }
        impl<$($name: Monoid),*> Monoid for ($($name,)*) {
            fn empty() -> Self {
                ($($name::empty(),)*)
            }
        }
        impl<$($name: Group),*> Group for ($($name,)*) {
            fn inverse(self) -> Self {
                ($(self.$place.inverse(),)*)
            }
        }
        impl<$($name: Semilattice),*> Semilattice for ($($name,)*) {}
    )* };
}

impl Semigroup for () {
    fn combine(self, (): Self) -> Self {}
}
impl Monoid for () {
    fn empty() -> Self {}
}
impl Group for () {
    fn inverse(self) -> Self {}
}
impl Semilattice for () {}

tuples! {
    (A.0)
    (A.0, B.1)
    (A.0, B.1, C.2)
    (A.0, B.1, C.2, D.3)
    (A.0, B.1, C.2, D.3, E.4)
    (A.0, B.1, C.2, D.3, E.4, F.5)
}
