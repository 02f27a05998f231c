//! The runner itself.

use std::cell::Cell;

use proptest::prelude::*;
use voidstate_properties::Error;
use voidstate_properties::laws::{
    Binding, Outcome, Settings, Suite, agree, equivalence, hash_eq_by, metric, operation_crdt,
    prism, semigroup, state_crdt, within,
};

#[test]
fn a_law_never_exercised_is_an_error() {
    let settings = Settings::default();
    let none = |settings: &Settings| {
        let seen = |_: &u8| None::<u8>;
        prism(
            settings,
            &any::<u8>(),
            &any::<u8>(),
            seen,
            |a| *a,
            PartialEq::eq,
            PartialEq::eq,
        )
    };
    // The first law is broken there; a law whose premise never holds stands alone here.
    assert!(none(&settings).unwrap_err().violation().is_some());
    let mut suite = Suite::new("own", &settings).unwrap();
    let vacuous = |_: &u8| Outcome::Vacuous;
    let error = suite
        .law("never", "no ⇒ a", &any::<u8>(), |_| vec![], vacuous)
        .unwrap_err();
    assert_eq!(
        error,
        Error::Vacuous {
            suite: "own",
            law: "never",
            exercised: 0,
            cases: 256,
            wanted: 1
        }
    );
    let lenient = settings.with_exercised_min(0);
    let mut suite = Suite::new("own", &lenient).unwrap();
    suite
        .law("never", "no ⇒ a", &any::<u8>(), |_| vec![], vacuous)
        .unwrap();
    assert_eq!(
        suite.done().law("never").map(|l| (l.cases, l.exercised)),
        Some((256, 0))
    );
}

#[test]
fn panics_are_violations() {
    let op = |a: &u8, b: &u8| {
        if *a == 200 {
            panic!("no room for {a}")
        } else {
            *a.max(b)
        }
    };
    let values = 190_u8..210;
    let error = semigroup(&Settings::default(), &values, op, PartialEq::eq).unwrap_err();
    let broken = error.violation().unwrap();
    assert_eq!(broken.left, "panicked: no room for 200");
    let [a, b, c] = ["a", "b", "c"].map(|v| broken.value_of(v).unwrap());
    assert!([a, b, c].contains(&"200"), "{error}");
    assert_eq!(
        [a, b, c].iter().filter(|v| **v == "190").count(),
        2,
        "{error}"
    );
}

#[test]
fn operations_that_answer_differently_each_time_are_told() {
    let calls = Cell::new(0_u32);
    let moody = |_: &u8, _: &u8| {
        calls.set(calls.get() + 1);
        calls.get() == 3
    };
    let error = equivalence(&Settings::default(), &any::<u8>(), |a, b| !moody(a, b)).unwrap_err();
    let broken = error.violation().unwrap();
    assert_eq!(broken.left, "broken before, holds when run again");
}

#[test]
fn parameters_outside_their_domain_are_refused() {
    let none = Settings::default().with_cases(0);
    let error = equivalence(&none, &any::<u8>(), PartialEq::eq).unwrap_err();
    assert_eq!(
        error.to_string(),
        "equivalence: cases is 0, expected at least 1"
    );
    let settings = Settings::default();
    for tolerance in [-1.0, f64::NAN, f64::INFINITY] {
        let d = |a: &u8, b: &u8| f64::from(a.abs_diff(*b));
        let error = metric(&settings, &any::<u8>(), d, PartialEq::eq, tolerance).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Parameter {
                    name: "tolerance",
                    ..
                }
            ),
            "{error}"
        );
    }
    for replicas in [0, 1, 9] {
        let merge = |a: &u8, b: &u8| *a.max(b);
        let update = |s: &u8, _: usize, n: &u8| *s.max(n);
        let error = state_crdt(
            &settings,
            replicas,
            &any::<u8>(),
            |_| 0,
            update,
            merge,
            u8::eq,
        );
        assert!(matches!(
            error,
            Err(Error::Parameter {
                name: "replicas",
                ..
            })
        ));
        let effect = |s: &u8, n: &u8| *s.max(n);
        let prepare = |_: &u8, _: usize, n: &u8| *n;
        let error = operation_crdt(
            &settings,
            replicas,
            &any::<u8>(),
            |_| 0,
            prepare,
            effect,
            u8::eq,
        );
        assert!(matches!(
            error,
            Err(Error::Parameter {
                name: "replicas",
                ..
            })
        ));
    }
}

#[test]
fn a_strategy_that_gives_nothing_is_an_error() {
    let never = any::<u8>().prop_filter("none will do", |_| false);
    let error = equivalence(&Settings::default(), &never, PartialEq::eq).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Strategy {
                law: "reflexive equality",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn without_steps_the_drawn_case_is_reported() {
    let settings = Settings::default()
        .with_shrink_steps_max(0)
        .with_rivals_max(0);
    let op = |a: &i64, b: &i64| a.wrapping_sub(*b);
    let raw = semigroup(&settings, &any::<i64>(), op, PartialEq::eq).unwrap_err();
    let small = semigroup(&Settings::default(), &any::<i64>(), op, PartialEq::eq).unwrap_err();
    let (raw, small) = (raw.violation().unwrap(), small.violation().unwrap());
    assert_eq!(raw.case, small.case);
    assert_eq!(raw.shrink_steps, 0);
    assert!(raw.size() > small.size(), "{raw}\n{small}");
}

#[test]
fn violations_and_reports_read_well() {
    let op = |a: &u32, b: &u32| a.abs_diff(*b);
    let error = semigroup(&Settings::default(), &(0_u32..9), op, PartialEq::eq).unwrap_err();
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "semigroup: \"associativity\" does not hold: (a·b)·c = a·(b·c)"
    );
    assert!(lines[1].starts_with("  a     = "), "{text}");
    assert!(lines[4].starts_with("  left  = "), "{text}");
    assert!(lines[6].contains(" of 256 with seed 20261123"), "{text}");

    let settings = Settings::default().with_cases(9).with_seed(7);
    let report = equivalence(&settings, &any::<bool>(), PartialEq::eq).unwrap();
    let text = report.to_string();
    assert!(
        text.starts_with("| equivalence | says | cases | exercised |\n|---|"),
        "{text}"
    );
    assert!(
        text.contains("| reflexive equality | a = a | 9 | 9 |"),
        "{text}"
    );
    assert_eq!((report.seed, report.cases()), (7, 27));
}

#[test]
fn premises_are_counted() {
    let settings = Settings::default();
    let same = |a: &u64, b: &u64| a == b;
    let report = hash_eq_by(&settings, &any::<u64>(), same, |a| *a).unwrap();
    let law = report.law("consistency").unwrap();
    assert!((20..200).contains(&law.exercised), "{report}");
}

#[test]
fn equality_within_a_tolerance() {
    let near = within(1e-9);
    assert!(near(&1.0, &(1.0 + 1e-12)) && near(&1e20, &(1e20 + 1e6)) && near(&0.0, &-0.0));
    assert!(near(&f64::INFINITY, &f64::INFINITY) && near(&1e-12, &0.0));
    assert!(!near(&1.0, &1.000_001) && !near(&f64::NAN, &f64::NAN));
    assert!(!near(&f64::INFINITY, &f64::NEG_INFINITY) && !near(&f64::INFINITY, &1.0));
}

proptest! {
    /// A threshold is found exactly, wherever it lies.
    #[test]
    fn shrinking_ends_at_the_boundary(limit in 1_u32..1_000_000) {
        let settings = Settings::default();
        let mut suite = Suite::new("own", &settings).unwrap();
        let below = |a: &u32| agree(PartialEq::eq, &(*a < limit), &true);
        let show = |a: &u32| vec![Binding::new("a", a)];
        let error = suite.law("below", "a < limit", &(0_u32..2_000_000), show, below).unwrap_err();
        let expected = limit.to_string();
        prop_assert_eq!(error.violation().unwrap().value_of("a"), Some(expected.as_str()));
    }
}
