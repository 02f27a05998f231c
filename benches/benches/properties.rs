//! Law suites, per case.
//!
//! Peer: a `proptest!` test of the same laws written by hand, and quickcheck.

use std::hint::black_box;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use voidstate_benches::{Pair, Plan, pair, plan, report_fact, report_pair};
use voidstate_properties::laws::{self, Settings};

const CASES: u32 = 256;

/// What `proptest!` expands to, with a fixed seed and without files.
fn by_hand<S: Strategy>(values: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let done = TestRunner::new_with_rng(config, rng).run(values, test);
    assert!(black_box(done).is_ok());
}

fn associativity() -> Pair {
    let settings = Settings::default().with_cases(CASES);
    pair(
        plan(Plan::USUAL),
        || {
            let add = |a: &i64, b: &i64| a.wrapping_add(*b);
            let done = laws::semigroup(&settings, &any::<i64>(), add, PartialEq::eq);
            assert!(black_box(done).is_ok());
        },
        || {
            by_hand(&any::<(i64, i64, i64)>(), |(a, b, c)| {
                prop_assert_eq!(
                    a.wrapping_add(b).wrapping_add(c),
                    a.wrapping_add(b.wrapping_add(c))
                );
                Ok(())
            });
        },
    )
}

/// Both identities and associativity of lists, 768 cases.
fn lists() -> Pair {
    let settings = Settings::default().with_cases(CASES);
    let list = vec(any::<u8>(), 0..16);
    let concat = |a: &Vec<u8>, b: &Vec<u8>| [a.as_slice(), b.as_slice()].concat();
    pair(
        plan(Plan::USUAL),
        || {
            let done = laws::monoid(&settings, &list, &Vec::new(), concat, PartialEq::eq);
            assert!(black_box(done).is_ok());
        },
        || {
            by_hand(&list, |a| {
                prop_assert_eq!(concat(&Vec::new(), &a), a);
                Ok(())
            });
            by_hand(&list, |a| {
                prop_assert_eq!(concat(&a, &Vec::new()), a);
                Ok(())
            });
            by_hand(&(&list, &list, &list), |(a, b, c)| {
                prop_assert_eq!(concat(&concat(&a, &b), &c), concat(&a, &concat(&b, &c)));
                Ok(())
            });
        },
    )
}

fn quickcheck_associativity() -> Pair {
    let settings = Settings::default().with_cases(CASES);
    fn law(a: i64, b: i64, c: i64) -> bool {
        a.wrapping_add(b).wrapping_add(c) == a.wrapping_add(b.wrapping_add(c))
    }
    pair(
        plan(Plan::USUAL),
        || {
            let add = |a: &i64, b: &i64| a.wrapping_add(*b);
            let done = laws::semigroup(&settings, &any::<i64>(), add, PartialEq::eq);
            assert!(black_box(done).is_ok());
        },
        || {
            let mut runner = quickcheck::QuickCheck::new().tests(u64::from(CASES));
            let done = runner.quicktest(law as fn(i64, i64, i64) -> bool);
            assert!(black_box(done).is_ok());
        },
    )
}

fn main() {
    let associative = associativity();
    report_pair("properties", "associativity", "proptest", associative);
    let per_case = associative.ours_ns / f64::from(CASES);
    report_fact("properties", "associativity_per_case", per_case, "ns");
    report_pair("properties", "list_monoid", "proptest", lists());
    let quick = quickcheck_associativity();
    report_pair(
        "properties",
        "associativity_quickcheck",
        "quickcheck",
        quick,
    );
}
