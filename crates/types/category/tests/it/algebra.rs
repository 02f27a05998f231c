//! Every instance keeps the laws of what it claims to be.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::num::Wrapping;

use proptest::prelude::*;
use voidstate_category::{
    And, ByTotal, Endo, ExactSum, First, Group, Last, Max, Min, Monoid, Or, Product, Semigroup,
    Semilattice, Sum, fold, fold_map, reduce,
};
use voidstate_properties::laws;

use crate::{broken, settings};

fn combine<A: Semigroup + Clone>(a: &A, b: &A) -> A {
    a.clone().combine(b.clone())
}

fn semigroup<A: Semigroup + Clone + Debug + PartialEq>(values: impl Strategy<Value = A>) {
    laws::semigroup(&settings(), &values, combine, A::eq).unwrap();
}

fn monoid<A: Monoid + Clone + Debug + PartialEq>(values: impl Strategy<Value = A>) {
    laws::monoid(&settings(), &values, &A::empty(), combine, A::eq).unwrap();
}

fn group<A: Group + Clone + Debug + PartialEq>(values: impl Strategy<Value = A>) {
    let inverse = |a: &A| a.clone().inverse();
    laws::group(&settings(), &values, &A::empty(), combine, inverse, A::eq).unwrap();
}

fn semilattice<A: Semilattice + Clone + Debug + PartialEq>(values: impl Strategy<Value = A>) {
    laws::semilattice(&settings(), &values, combine, A::eq).unwrap();
}

fn words() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..4)
}

fn floats() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits)
}

#[test]
fn every_semigroup_is_associative() {
    semigroup(any::<i32>().prop_map(Min));
    semigroup(any::<u8>().prop_map(First));
    semigroup(any::<u8>().prop_map(Last));
    semigroup((any::<u8>(), words()).prop_map(|(a, b)| (First(a), b)));
    semigroup(prop::option::of(any::<u8>().prop_map(Last)));
}

#[test]
fn every_monoid_has_a_neutral_value() {
    macro_rules! integers {
        ($($number:ty)*) => { $(
            monoid(any::<$number>().prop_map(|n| Product(Wrapping(n))));
            monoid(any::<$number>().prop_map(Min));
            monoid(any::<$number>().prop_map(Max));
        )* };
    }
    integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
    monoid(any::<bool>().prop_map(And));
    monoid(any::<bool>().prop_map(Or));
    monoid(words());
    monoid("[a-c]{0,3}");
    monoid(prop::option::of(words()));
    monoid(prop::option::of(any::<u8>().prop_map(First)));
    monoid(prop::sample::select(vec![
        Ordering::Less,
        Ordering::Equal,
        Ordering::Greater,
    ]));
    monoid(prop::collection::btree_map(0_u8..5, words(), 0..5));
    monoid(prop::collection::btree_set(0_u8..5, 0..5));
    monoid((words(), any::<bool>().prop_map(And)));
    monoid((
        words(),
        words(),
        words(),
        words(),
        words(),
        any::<bool>().prop_map(Or),
    ));
    monoid((words(),));
    monoid(Just(()));
    monoid(floats().prop_map(|x| Min(ByTotal(x))));
    monoid(floats().prop_map(|x| Max(ByTotal(x))));
    monoid(floats().prop_map(ExactSum::of));
}

#[test]
fn every_group_has_inverses() {
    macro_rules! integers {
        ($($number:ty)*) => { $( group(any::<$number>().prop_map(|n| Sum(Wrapping(n)))); )* };
    }
    integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
    group(prop::collection::vec(floats(), 0..5).prop_map(|xs| fold_map(xs, ExactSum::of)));
    group((
        any::<i8>().prop_map(|n| Sum(Wrapping(n))),
        floats().prop_map(ExactSum::of),
    ));
}

#[test]
fn every_semilattice_forgets_order_and_repetition() {
    semilattice(any::<i32>().prop_map(Min));
    semilattice(floats().prop_map(|x| Max(ByTotal(x))));
    semilattice(any::<bool>().prop_map(And));
    semilattice(any::<bool>().prop_map(Or));
    semilattice(prop::option::of(any::<u8>().prop_map(Max)));
    semilattice(prop::collection::btree_set(0_u8..5, 0..5));
    semilattice(prop::collection::btree_map(
        0_u8..5,
        any::<u8>().prop_map(Max),
        0..5,
    ));
    semilattice((any::<u8>().prop_map(Max), any::<bool>().prop_map(Or)));
}

#[test]
fn functions_combine_in_order() {
    use laws::{functions, monoid};
    let endos = functions::<u8, _>(any::<u8>()).prop_map(|f| Endo::new(move |a: u8| f.call(&a)));
    let same = |a: &Endo<u8>, b: &Endo<u8>| (0..=255).all(|x| a.apply(x) == b.apply(x));
    monoid(&settings(), &endos, &Endo::empty(), combine, same).unwrap();
}

#[test]
fn folds_are_in_order_and_empty_where_there_is_nothing() {
    assert_eq!(fold(["b", "a"].map(String::from)), "ba");
    assert_eq!(fold_map([1, 2], |n| vec![n]), [1, 2]);
    assert_eq!(reduce([First(1), First(2)]), Some(First(1)));
    assert_eq!(reduce(Vec::<Min<u8>>::new()), None);
    assert_eq!(
        fold(Vec::<Product<Wrapping<u8>>>::new()),
        Product(Wrapping(1))
    );
    let union = BTreeSet::from([1]).combine(BTreeSet::from([2]));
    assert_eq!(union, BTreeSet::from([1, 2]));
    let pointwise = BTreeMap::from([(1, Max(5)), (2, Max(1))])
        .combine(BTreeMap::from([(2, Max(7)), (3, Max(0))]));
    assert_eq!(
        pointwise,
        BTreeMap::from([(1, Max(5)), (2, Max(7)), (3, Max(0))])
    );
    // The least of nothing is no number.
    assert!(Min::<ByTotal>::empty().0.0.is_nan() && Max::<ByTotal>::empty().0.0.is_nan());
}

/// Adds as floats do.
#[derive(Debug, Clone, PartialEq)]
struct Rounded(f64);

impl Semigroup for Rounded {
    fn combine(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Monoid for Rounded {
    fn empty() -> Self {
        Self(1e-9)
    }
}

/// Integers under subtraction.
#[derive(Debug, Clone, PartialEq)]
struct Difference(i64);

impl Semigroup for Difference {
    fn combine(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// Addition as a semilattice, with `inverse` as a group would have it, by mistake.
#[derive(Debug, Clone, PartialEq)]
struct Added(i64);

impl Semigroup for Added {
    fn combine(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}
impl Monoid for Added {
    fn empty() -> Self {
        Self(0)
    }
}
impl Group for Added {
    fn inverse(self) -> Self {
        self
    }
}
impl Semilattice for Added {}

#[test]
fn algebras_that_break_a_law_are_caught() {
    let s = settings();
    let floats = (-9.0_f64..9.0).prop_map(Rounded);
    assert_eq!(
        broken(laws::semigroup(&s, &floats, combine, Rounded::eq)),
        "associativity"
    );
    let monoid = laws::monoid(&s, &floats, &Rounded::empty(), combine, Rounded::eq);
    assert_eq!(broken(monoid), "left identity");
    let differences = (-9_i64..9).prop_map(Difference);
    assert_eq!(
        broken(laws::semigroup(&s, &differences, combine, Difference::eq)),
        "associativity"
    );
    let added = any::<i64>().prop_map(Added);
    let inverse = |a: &Added| a.clone().inverse();
    let group = laws::group(&s, &added, &Added::empty(), combine, inverse, Added::eq);
    assert_eq!(broken(group), "left inverse");
    let lattice = laws::semilattice(&s, &added, combine, Added::eq);
    assert!(broken(lattice).contains("idempot"));
}
