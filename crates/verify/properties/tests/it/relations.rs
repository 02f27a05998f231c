//! Equalities, orders, hashes and distances.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use voidstate_properties::laws::{
    comparator, equivalence, hash_eq, hash_eq_by, metric, ord, partial_ord, partial_order,
    total_order,
};

use crate::catalogue::{Entry, lawful, planted};

pub(crate) fn entries() -> Vec<Entry> {
    let mut all = equalities();
    all.extend(orders());
    all.extend(standard_orders());
    all.extend(hashes());
    all.extend(metrics());
    all
}

fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -9.0_f64..9.0, 1 => prop::sample::select(vec![f64::NAN, 0.0, -0.0, f64::INFINITY])]
}

#[expect(
    clippy::float_cmp,
    reason = "the equality of numbers is what is tested"
)]
fn same_number(a: &f64, b: &f64) -> bool {
    a == b
}

fn equalities() -> Vec<Entry> {
    vec![
        lawful("equal modulo 7", |s| {
            equivalence(s, &any::<u8>(), |a, b| a % 7 == b % 7)
        }),
        lawful("equal but for case", |s| {
            equivalence(s, &"[aAbB]{0,2}", |a, b| a.eq_ignore_ascii_case(b))
        }),
        planted("at most one apart", "transitive equality", |s| {
            equivalence(s, &(0_u8..6), |a, b| a.abs_diff(*b) <= 1)
        }),
        planted("numbers with NaN", "reflexive equality", |s| {
            equivalence(s, &floats(), same_number)
        }),
        planted("starts with", "symmetric equality", |s| {
            equivalence(s, &"[ab]{0,3}", |a, b| a.starts_with(b.as_str()))
        }),
    ]
}

fn sets() -> impl Strategy<Value = BTreeSet<u8>> {
    btree_set(0_u8..4, 0..4)
}

fn orders() -> Vec<Entry> {
    vec![
        lawful("divides", |s| {
            partial_order(s, &(1_u32..30), |a, b| b % a == 0, PartialEq::eq)
        }),
        lawful("part of", |s| {
            partial_order(s, &sets(), BTreeSet::is_subset, PartialEq::eq)
        }),
        planted("strictly less", "reflexivity", |s| {
            partial_order(s, &any::<u8>(), |a, b| a < b, PartialEq::eq)
        }),
        planted("no longer than", "antisymmetry", |s| {
            partial_order(s, &"[ab]{0,3}", |a, b| a.len() <= b.len(), PartialEq::eq)
        }),
        planted("beaten by, round a circle", "transitivity", |s| {
            let le = |a: &u8, b: &u8| a == b || (a + 1) % 3 == *b;
            partial_order(s, &(0_u8..3), le, PartialEq::eq)
        }),
        lawful("numbers", |s| {
            total_order(s, &any::<i32>(), |a, b| a <= b, PartialEq::eq)
        }),
        lawful("texts", |s| {
            total_order(s, &"[ab]{0,3}", |a, b| a <= b, PartialEq::eq)
        }),
        planted("part of", "totality", |s| {
            total_order(s, &sets(), BTreeSet::is_subset, PartialEq::eq)
        }),
        planted("numbers with NaN", "reflexivity", |s| {
            total_order(s, &floats(), |a, b| a <= b, same_number)
        }),
        lawful("total order of numbers", |s| {
            comparator(s, &floats(), f64::total_cmp)
        }),
        lawful("shorter first", |s| {
            comparator(s, &"[ab]{0,3}", |a, b| {
                a.len().cmp(&b.len()).then_with(|| a.cmp(b))
            })
        }),
        planted(
            "what cannot be compared counts as equal",
            "substitution",
            |s| {
                comparator(s, &floats(), |a, b| {
                    a.partial_cmp(b).unwrap_or(Ordering::Equal)
                })
            },
        ),
        planted(
            "sign of a difference that overflows",
            "transitive order",
            |s| {
                // No two of them are 128 apart, so that the order is at least reversed by exchange.
                let values = (-42_i8..=42).prop_map(|n| n * 3);
                comparator(s, &values, |a, b| a.wrapping_sub(*b).cmp(&0))
            },
        ),
    ]
}

/// Equality and order, each as a breaker needs it.
macro_rules! ordered {
    ($name:ident, eq: $eq:expr, cmp: $cmp:expr, partial: $partial:expr $(, $method:item)?) => {
        #[derive(Debug, Clone, Copy)]
        struct $name(u8);
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $eq(self.0, other.0)
            }
        }
        impl Eq for $name {}
        #[expect(clippy::non_canonical_partial_ord_impl, reason = "that it differs is the fault")]
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                $partial(self.0, other.0)
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                $cmp(self.0, other.0)
            }
            $($method)?
        }
    };
}

/// 3 and 4 are ordered alike but not equal.
fn cmp_but_for_one_pair(a: u8, b: u8) -> Ordering {
    let flat = |n: u8| if n == 4 { 3 } else { n };
    flat(a).cmp(&flat(b))
}

ordered!(OnePair,
    eq: |a: u8, b: u8| a == b,
    cmp: cmp_but_for_one_pair,
    partial: |a, b| Some(cmp_but_for_one_pair(a, b)));
ordered!(TwoOrders,
    eq: |a: u8, b: u8| a == b,
    cmp: |a: u8, b: u8| a.cmp(&b),
    partial: |a: u8, b: u8| Some(if a == 0 && b > 0 { Ordering::Greater } else { a.cmp(&b) }));
ordered!(WrongMax,
eq: |a: u8, b: u8| a == b,
cmp: |a: u8, b: u8| a.cmp(&b),
partial: |a: u8, b: u8| Some(a.cmp(&b)),
fn max(self, other: Self) -> Self {
    if other.0 == 2 { self } else { Self(self.0.max(other.0)) }
});

/// Equal in both fields, ordered by the first.
#[derive(Debug, Clone, PartialEq)]
struct ByKey(u8, bool);

impl PartialOrd for ByKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

/// `<` also where equal.
#[derive(Debug, Clone, PartialEq)]
struct LooseLess(u8);

impl PartialOrd for LooseLess {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }

    fn lt(&self, other: &Self) -> bool {
        self.0 <= other.0
    }
}

fn standard_orders() -> Vec<Entry> {
    vec![
        lawful("numbers with NaN", |s| partial_ord(s, &floats())),
        lawful("options", |s| partial_ord(s, &any::<Option<i8>>())),
        planted(
            "ordered by less than what is compared",
            "partial equality",
            |s| partial_ord(s, &(0_u8..9, any::<bool>()).prop_map(|(k, f)| ByKey(k, f))),
        ),
        planted("less where equal", "operators", |s| {
            partial_ord(s, &any::<u8>().prop_map(LooseLess))
        }),
        lawful("texts", |s| ord(s, &"[ab]{0,3}")),
        lawful("pairs", |s| ord(s, &any::<(bool, u8)>())),
        planted("one unequal pair ordered alike", "equality", |s| {
            ord(s, &(0_u8..6).prop_map(OnePair))
        }),
        planted("two orders that differ at zero", "partial agrees", |s| {
            ord(s, &any::<u8>().prop_map(TwoOrders))
        }),
        planted("a maximum that overlooks 2", "extremes", |s| {
            ord(s, &(0_u8..5).prop_map(WrongMax))
        }),
    ]
}

/// A name whose origin does not matter.
#[derive(Debug, Clone)]
struct Name {
    text: u8,
    origin: u8,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.text, self.origin).hash(state);
    }
}

fn hash_of(a: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    a.hash(&mut hasher);
    hasher.finish()
}

fn hashes() -> Vec<Entry> {
    vec![
        lawful("pairs", |s| hash_eq(s, &any::<(u8, bool)>())),
        lawful("texts but for case", |s| {
            let hash = |a: &String| hash_of(&a.to_ascii_lowercase());
            hash_eq_by(s, &"[aAbB]{0,2}", |a, b| a.eq_ignore_ascii_case(b), hash)
        }),
        planted(
            "a hash that looks at what equality ignores",
            "consistency",
            |s| {
                let names = (0_u8..9, 0_u8..9);
                hash_eq(s, &names.prop_map(|(text, origin)| Name { text, origin }))
            },
        ),
        planted("numbers hashed by their bits", "consistency", |s| {
            let numbers = prop_oneof![Just(0.0_f64), Just(-0.0), -9.0_f64..9.0];
            hash_eq_by(s, &numbers, same_number, |a| hash_of(&a.to_bits()))
        }),
        planted("lists equal as sets, hashed in order", "consistency", |s| {
            let set = |a: &Vec<u8>| a.iter().copied().collect::<BTreeSet<_>>();
            hash_eq_by(s, &vec(0_u8..2, 0..4), |a, b| set(a) == set(b), hash_of)
        }),
    ]
}

fn dots() -> impl Strategy<Value = (f64, f64)> {
    (-1e3_f64..1e3, -1e3_f64..1e3)
}

fn differing(a: &[u8; 4], b: &[u8; 4]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(a, b)| f64::from(u8::from(a != b)))
        .sum()
}

/// Edits that make one text the other.
#[expect(clippy::ptr_arg, reason = "the suites hand over what was drawn")]
fn edits(a: &String, b: &String) -> f64 {
    let mut row: Vec<u32> = (0..).take(b.len() + 1).collect();
    for (i, x) in (1..).zip(a.bytes()) {
        let mut diagonal = std::mem::replace(&mut row[0], i);
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + u32::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    f64::from(row[b.len()])
}

fn metrics() -> Vec<Entry> {
    vec![
        lawful("straight line", |s| {
            let d = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
            let same =
                |a: &(f64, f64), b: &(f64, f64)| same_number(&a.0, &b.0) && same_number(&a.1, &b.1);
            metric(s, &dots(), d, same, 1e-9)
        }),
        lawful("places that differ", |s| {
            metric(s, &any::<[u8; 4]>(), differing, PartialEq::eq, 0.0)
        }),
        lawful("edits", |s| {
            metric(s, &"[ab]{0,4}", edits, PartialEq::eq, 0.0)
        }),
        planted("squared difference", "triangle", |s| {
            let d = |a: &i32, b: &i32| f64::from(a - b).powi(2);
            metric(s, &(-99_i32..99), d, PartialEq::eq, 1e-9)
        }),
        planted("one road that is a detour", "triangle", |s| {
            let d = |a: &u8, b: &u8| {
                let closed = (*a.min(b), *a.max(b)) == (0, 5);
                if closed {
                    7.0
                } else {
                    f64::from(a.abs_diff(*b))
                }
            };
            metric(s, &(0_u8..6), d, PartialEq::eq, 0.0)
        }),
        planted("uphill counts twice", "symmetry", |s| {
            let d = |a: &i8, b: &i8| f64::from(a.abs_diff(*b)) * if b > a { 2.0 } else { 1.0 };
            metric(s, &any::<i8>(), d, PartialEq::eq, 1e-9)
        }),
        planted("angle from a point at the origin", "finite", |s| {
            let d = |a: &(i8, i8), b: &(i8, i8)| {
                let [a, b] = [a, b].map(|p| (f64::from(p.0), f64::from(p.1)));
                let dot = a.0 * b.0 + a.1 * b.1;
                1.0 - dot / (a.0.hypot(a.1) * b.0.hypot(b.1))
            };
            metric(s, &(-9_i8..9, -9_i8..9), d, PartialEq::eq, 1e-9)
        }),
        planted("difference of squares", "indiscernibles", |s| {
            let d = |a: &i32, b: &i32| f64::from((a * a - b * b).abs());
            metric(s, &(-9_i32..9), d, PartialEq::eq, 1e-9)
        }),
    ]
}
