//! One or two operations on one type.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use voidstate_properties::laws::{
    bounded_semilattice, commutative_monoid, group, lattice, monoid, semigroup, semilattice, within,
};

use crate::catalogue::{Entry, lawful, planted};

type Set = BTreeSet<u8>;

fn sets() -> impl Strategy<Value = Set> {
    btree_set(0_u8..9, 0..5)
}

fn lists() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..5)
}

fn union(a: &Set, b: &Set) -> Set {
    a | b
}

#[expect(clippy::ptr_arg, reason = "the suites hand over what was drawn")]
fn concat(a: &Vec<u8>, b: &Vec<u8>) -> Vec<u8> {
    [a.as_slice(), b].concat()
}

fn gcd(a: &u32, b: &u32) -> u32 {
    if *b == 0 { *a } else { gcd(b, &(a % b)) }
}

fn lcm(a: &u32, b: &u32) -> u32 {
    a / gcd(a, b) * b
}

/// Sorted union, but a single value is just put at the end.
fn careless_union(a: &Vec<u8>, b: &Vec<u8>) -> Vec<u8> {
    let mut all = concat(a, b);
    if a.len() != 1 || b.len() != 1 {
        all.sort_unstable();
    }
    all
}

fn sorted_lists() -> impl Strategy<Value = Vec<u8>> {
    lists().prop_map(|mut list| {
        list.sort_unstable();
        list
    })
}

/// The later one; of two at the same time, mine.
fn later(a: &(u8, u8), b: &(u8, u8)) -> (u8, u8) {
    if b.0 > a.0 { *b } else { *a }
}

fn edges() -> impl Strategy<Value = i8> {
    prop_oneof![3 => any::<i8>(), 1 => prop::sample::select(vec![i8::MIN, i8::MAX])]
}

pub(crate) fn entries() -> Vec<Entry> {
    let mut all = one_operation();
    all.extend(inverses_and_joins());
    all.extend(lattices());
    all
}

fn one_operation() -> Vec<Entry> {
    vec![
        lawful("greater of two", |s| {
            semigroup(s, &any::<i32>(), |a, b| *a.max(b), PartialEq::eq)
        }),
        lawful("texts", |s| {
            semigroup(s, &"[a-c]{0,3}", |a, b| format!("{a}{b}"), PartialEq::eq)
        }),
        lawful("sums of numbers, nearly", |s| {
            semigroup(s, &(-1e3_f64..1e3), |a, b| a + b, within(1e-9))
        }),
        planted("subtraction", "associativity", |s| {
            semigroup(s, &any::<i64>(), |a, b| a.wrapping_sub(*b), PartialEq::eq)
        }),
        planted("sums of numbers, exactly", "associativity", |s| {
            let eq = |a: &f64, b: &f64| a.to_bits() == b.to_bits();
            semigroup(s, &(-1e3_f64..1e3), |a, b| a + b, eq)
        }),
        planted("sums that stop at the ends of i8", "associativity", |s| {
            semigroup(s, &any::<i8>(), |a, b| a.saturating_add(*b), PartialEq::eq)
        }),
        lawful("lists", |s| {
            monoid(s, &lists(), &Vec::new(), concat, PartialEq::eq)
        }),
        lawful("products modulo 2⁶⁴", |s| {
            monoid(
                s,
                &any::<i64>(),
                &1,
                |a, b| a.wrapping_mul(*b),
                PartialEq::eq,
            )
        }),
        lawful("first that is there", |s| {
            let values = proptest::option::of(any::<u8>());
            monoid(s, &values, &None, |a, b| a.or(*b), PartialEq::eq)
        }),
        planted("lawful but for one element", "right identity", |s| {
            let op = |a: &u32, b: &u32| if (*a, *b) == (7, 0) { 8 } else { a + b };
            monoid(s, &(0_u32..32), &0, op, PartialEq::eq)
        }),
        planted("minimum with the wrong neutral", "left identity", |s| {
            monoid(s, &any::<i32>(), &1000, |a, b| *a.min(b), PartialEq::eq)
        }),
        planted(
            "an operation that panics on one pair",
            "associativity",
            |s| {
                let op = |a: &u8, b: &u8| {
                    assert!(a.checked_add(*b).is_some(), "no room for the sum");
                    a + b
                };
                monoid(s, &any::<u8>(), &0, op, PartialEq::eq)
            },
        ),
        lawful("sums modulo 2³²", |s| {
            commutative_monoid(
                s,
                &any::<u32>(),
                &0,
                |a, b| a.wrapping_add(*b),
                PartialEq::eq,
            )
        }),
        lawful("sets", |s| {
            commutative_monoid(s, &sets(), &Set::new(), union, PartialEq::eq)
        }),
        planted("texts", "commutativity", |s| {
            let empty = String::new();
            commutative_monoid(
                s,
                &"[a-c]{0,3}",
                &empty,
                |a, b| format!("{a}{b}"),
                PartialEq::eq,
            )
        }),
        planted(
            "sorted union, careless with single values",
            "commutativity",
            |s| {
                commutative_monoid(
                    s,
                    &sorted_lists(),
                    &Vec::new(),
                    careless_union,
                    PartialEq::eq,
                )
            },
        ),
    ]
}

fn inverses_and_joins() -> Vec<Entry> {
    vec![
        lawful("sums modulo 2⁶⁴", |s| {
            let (op, inverse) = (
                |a: &i64, b: &i64| a.wrapping_add(*b),
                |a: &i64| a.wrapping_neg(),
            );
            group(s, &any::<i64>(), &0, op, inverse, PartialEq::eq)
        }),
        lawful("products modulo 7", |s| {
            let inverse = |a: &u32| a.pow(5) % 7;
            group(s, &(1_u32..7), &1, |a, b| a * b % 7, inverse, PartialEq::eq)
        }),
        planted(
            "negation that stops at the end of i8",
            "left inverse",
            |s| {
                let (op, inverse) = (
                    |a: &i8, b: &i8| a.wrapping_add(*b),
                    |a: &i8| a.saturating_neg(),
                );
                group(s, &edges(), &0, op, inverse, PartialEq::eq)
            },
        ),
        planted("products modulo 9", "left inverse", |s| {
            let inverse = |a: &u32| a.pow(5) % 9;
            group(s, &(1_u32..9), &1, |a, b| a * b % 9, inverse, PartialEq::eq)
        }),
        lawful("union", |s| semilattice(s, &sets(), union, PartialEq::eq)),
        lawful("greatest common divisor", |s| {
            semilattice(s, &(1_u32..100), gcd, PartialEq::eq)
        }),
        planted("sum", "idempotence", |s| {
            semilattice(s, &any::<u32>(), |a, b| a.wrapping_add(*b), PartialEq::eq)
        }),
        planted("later of two, mine on a tie", "commutativity", |s| {
            semilattice(s, &(0_u8..9, 0_u8..9), later, PartialEq::eq)
        }),
        lawful("greater from 0", |s| {
            bounded_semilattice(s, &any::<u8>(), &0, |a, b| *a.max(b), PartialEq::eq)
        }),
        lawful("and from true", |s| {
            bounded_semilattice(s, &any::<bool>(), &true, |a, b| *a && *b, PartialEq::eq)
        }),
        planted("greater from 0 of signed numbers", "left identity", |s| {
            bounded_semilattice(s, &any::<i8>(), &0, |a, b| *a.max(b), PartialEq::eq)
        }),
        planted("greatest common divisor from 1", "left identity", |s| {
            bounded_semilattice(s, &(1_u32..100), &1, gcd, PartialEq::eq)
        }),
    ]
}

fn lattices() -> Vec<Entry> {
    vec![
        lawful("greater and lesser", |s| {
            let (join, meet) = (|a: &i32, b: &i32| *a.max(b), |a: &i32, b: &i32| *a.min(b));
            lattice(s, &any::<i32>(), join, meet, PartialEq::eq)
        }),
        lawful("multiples and divisors", |s| {
            lattice(s, &(1_u32..50), lcm, gcd, PartialEq::eq)
        }),
        lawful("union and intersection", |s| {
            lattice(s, &sets(), union, |a, b| a & b, PartialEq::eq)
        }),
        planted("a meet one too low", "meet absorbs join", |s| {
            let meet = |a: &i32, b: &i32| if a == b { *a } else { *a.min(b) - 1 };
            lattice(s, &(-99_i32..99), |a, b| *a.max(b), meet, PartialEq::eq)
        }),
        planted("multiples and the lesser", "join absorbs meet", |s| {
            lattice(s, &(1_u32..50), lcm, |a, b| *a.min(b), PartialEq::eq)
        }),
    ]
}
