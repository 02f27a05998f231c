//! Sums of floats, against arithmetic on integers as wide as it takes.

use proptest::prelude::*;
use voidstate_category::{ExactSum, Group, Monoid, Semigroup, fold_map};

fn sum(values: &[f64]) -> f64 {
    fold_map(values.iter().copied(), ExactSum::of).value()
}

/// Every bit pattern, and more of what is near to something.
fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        -1e3..1e3,
        (any::<bool>(), 0_u64..40).prop_map(|(n, b)| f64::from_bits(b | u64::from(n) << 63)),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            f64::EPSILON / 2.0
        ]),
    ]
}

fn is_zero(x: f64) -> bool {
    x.to_bits() << 1 == 0
}

fn same(a: f64, b: f64) -> bool {
    // The sum of zeros is 0 whatever their signs.
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()) || (is_zero(a) && is_zero(b))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4096) })]

    #[test]
    fn one_float_is_itself(x in floats()) {
        prop_assert!(same(sum(&[x]), x), "{x:e}");
    }

    /// The hardware rounds a sum of two once, and so must this.
    #[test]
    fn a_sum_of_two_is_rounded_as_the_hardware_does(x in floats(), y in floats()) {
        prop_assert!(same(sum(&[x, y]), x + y), "{x:e} + {y:e}: {:e}, not {:e}", sum(&[x, y]), x + y);
    }

    #[test]
    fn sums_of_integers_are_rounded_once(values in prop::collection::vec(any::<i64>(), 0..50), scale in -1000..900_i32) {
        let exact: i128 = values.iter().map(|v| i128::from(*v >> 11 << 11)).sum();
        let floats = values.iter().map(|v| (*v >> 11 << 11) as f64);
        // A power of two moves every bit alike.
        let unit = 2.0_f64.powi(scale);
        let sum = fold_map(floats.map(|x| x * unit), ExactSum::of).value();
        prop_assert_eq!(sum.to_bits(), (exact as f64 * unit + 0.0).to_bits());
    }

    #[test]
    fn neither_order_nor_grouping_counts(
        values in prop::collection::vec(floats(), 0..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let all = fold_map(values.iter().copied(), ExactSum::of);
        let mut in_place = ExactSum::empty();
        values.iter().rev().for_each(|v| in_place.add(*v));
        prop_assert_eq!(all, in_place);
        let (left, right) = values.split_at(cut.index(values.len() + 1));
        let parts = [left, right].map(|part| fold_map(part.iter().copied(), ExactSum::of));
        let [left, right] = parts;
        prop_assert_eq!(right.combine(left), all);
        prop_assert_eq!(all.combine(right.inverse()).value().to_bits(), left.value().to_bits());
    }
}

#[test]
fn what_is_no_number_is_kept_apart() {
    assert!(same(sum(&[f64::INFINITY, 1.0]), f64::INFINITY));
    assert!(same(sum(&[f64::NEG_INFINITY, f64::MAX]), f64::NEG_INFINITY));
    assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
    assert!(sum(&[f64::NAN, 1.0]).is_nan());
    let back = ExactSum::of(f64::NAN).combine(ExactSum::of(f64::NAN).inverse());
    assert_eq!(back, ExactSum::empty());
    assert!(same(sum(&[f64::MAX, f64::MAX]), f64::INFINITY));
    assert!(same(sum(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX));
    assert_eq!(sum(&[]).to_bits(), 0);
}
