//! Declared costs against measured ones.

use proptest::prelude::*;
use voidstate_dependent::{Budget, Cost, Declared, Error, Plan, Spent};

use crate::allocator::ThreadMeter;

/// An hour: time is not what these tests are about.
const HOUR_NS: u64 = 3_600_000_000_000;

#[test]
fn an_honest_declaration_is_confirmed_by_the_allocator() {
    let copy = Declared::<_, 8000, HOUR_NS>(|n: usize| vec![1_u64; n]);
    let add = Declared::<_, 0, HOUR_NS>(|v: Vec<u64>| v.iter().sum::<u64>());
    let mut plan = Plan::<_, Budget<8000, { 2 * HOUR_NS }>>::new(copy.then(add));
    let (sum, used, honest) = plan.measure(&mut ThreadMeter::new(), 1000);
    assert_eq!((sum, used.ram_bytes, honest), (1000, 8000, Ok(())));
}

#[test]
fn a_lying_declaration_is_caught_by_the_allocator() {
    let lie = Declared::<_, 7999, HOUR_NS>(|n: usize| vec![1_u64; n].len());
    let mut plan = Plan::<_, Budget<8000, HOUR_NS>>::new(lie);
    let (len, _, honest) = plan.measure(&mut ThreadMeter::new(), 1000);
    let over = Error::OverBudget {
        what: "bytes",
        limit: 7999,
        spent: 8000,
    };
    assert_eq!((len, honest), (1000, Err(over)));
}

#[test]
fn a_plan_runs_its_steps_in_order() {
    let steps = Declared::<_, 1, 1>(|x: i32| x + 1)
        .then(Declared::<_, 1, 1>(|x: i32| x * 10))
        .then(Declared::<_, 1, 1>(|x: i32| format!("{x}")));
    let mut plan = Plan::<_, Budget<3, 3>>::new(steps);
    assert_eq!(plan.run(2), "30");
    assert_eq!(plan.cost(), Spent::limit::<Budget<3, 3>>());
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn spending_is_associative_or_overflows(
        a in any::<(u64, u64)>(), b in any::<(u64, u64)>(), c in any::<(u64, u64)>(),
    ) {
        let spent = |(ram_bytes, latency_ns)| Spent { ram_bytes, latency_ns };
        let (a, b, c) = (spent(a), spent(b), spent(c));
        let left = a.then(b).and_then(|ab| ab.then(c));
        let right = b.then(c).and_then(|bc| a.then(bc));
        prop_assert_eq!(left.as_ref().ok(), right.as_ref().ok());
        let exact = |f: fn(&Spent) -> u64| [a, b, c].iter().map(|s| u128::from(f(s))).sum::<u128>();
        let fits = exact(|s| s.ram_bytes) <= u128::from(u64::MAX)
            && exact(|s| s.latency_ns) <= u128::from(u64::MAX);
        prop_assert_eq!(left.is_ok(), fits);
    }

    #[test]
    fn more_never_fits_where_less_does_not(a in any::<u64>(), b in any::<u64>(), limit in any::<u64>()) {
        let spent = |n| Spent { ram_bytes: n, latency_ns: n };
        if spent(a.max(b)).within(spent(limit)).is_ok() {
            prop_assert!(spent(a.min(b)).within(spent(limit)).is_ok());
        }
        prop_assert_eq!(spent(a).within(spent(limit)).is_ok(), a <= limit);
    }
}
