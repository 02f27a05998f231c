//! Growth: what is linear passes, what is not is flagged, whatever the constants and within the noise.

use proptest::prelude::*;
use voidstate_properties::Error;
use voidstate_properties::growth::{EXPONENT_MAX, Growth, Measured, Tolerance, minimum_of};

const SIZES: [u64; 8] = [1, 2, 5, 10, 20, 40, 70, 100];

fn growth(cost: impl Fn(f64) -> f64) -> Growth {
    let measured = SIZES.map(|size| Measured {
        size,
        cost: cost(size as f64),
    });
    Growth::of(&measured).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_are_linear(fixed in 0.0..1e4_f64, per_unit in 1e-3..1e3_f64) {
        let found = growth(|n| fixed + per_unit * n);
        prop_assert!(found.is_at_most_linear(Tolerance::EXACT), "{:?}", found);
        prop_assert!(found.off_line < 1e-6);
        prop_assert!((found.per_unit / per_unit - 1.0).abs() < 1e-3, "{:?}", found);
    }

    #[test]
    fn what_grows_faster_is_flagged(per_unit in 0.01..100.0_f64, fixed in 0.0..10.0_f64, exponent in 1.5..4.0_f64) {
        let found = growth(|n| per_unit * (fixed + n.powf(exponent)));
        prop_assert!(!found.is_at_most_linear(Tolerance::EXACT), "{:?}", found);
        prop_assert!(!found.is_at_most_linear(Tolerance::TIMED), "{:?}", found);
        prop_assert!((found.exponent - exponent).abs() < 0.02, "{:?}", found);
    }

    /// A quadratic part that is a third of the linear one at the largest size.
    #[test]
    fn a_small_quadratic_part_is_flagged_on_counts(per_unit in 1.0..50.0_f64, share in 0.3..3.0_f64) {
        let found = growth(|n| per_unit * (n + share * n * n / 100.0));
        prop_assert!(!found.is_at_most_linear(Tolerance::EXACT), "{:?}", found);
    }

    #[test]
    fn noise_within_the_tolerance_does_not_flag(
        fixed in 0.0..500.0_f64,
        per_unit in 1.0..50.0_f64,
        noise in prop::collection::vec(0.0..0.12_f64, 8),
    ) {
        let measured: Vec<Measured> = SIZES.iter().zip(&noise).map(|(&size, noise)| Measured {
            size,
            cost: (fixed + per_unit * size as f64) * (1.0 + noise),
        }).collect();
        let found = Growth::of(&measured).unwrap();
        prop_assert!(found.is_at_most_linear(Tolerance::TIMED), "{:?}", found);
    }

    #[test]
    fn any_measurements_give_a_finite_growth_or_an_error(
        measured in prop::collection::vec((any::<u64>(), any::<f64>()), 0..12)
    ) {
        let measured: Vec<Measured> = measured.into_iter().map(|(size, cost)| Measured { size, cost }).collect();
        if let Ok(found) = Growth::of(&measured) {
            prop_assert!((0.0..=EXPONENT_MAX).contains(&found.exponent));
        }
    }
}

#[test]
fn n_log_n_is_told_from_n_on_counts() {
    let found = growth(|n| 30.0 * n * (n + 1.0).log2());
    assert!(!found.is_at_most_linear(Tolerance::EXACT), "{found:?}");
}

#[test]
fn what_does_not_grow_is_at_most_linear() {
    assert!(growth(|_| 3.0).exponent == 0.0);
    assert!(growth(|n| 100.0 - n / 2.0).is_at_most_linear(Tolerance::EXACT));
    assert!(growth(f64::sqrt).is_at_most_linear(Tolerance::EXACT));
    assert!((growth(|n| 2_f64.powf(n / 5.0)).exponent - EXPONENT_MAX).abs() < 0.01);
}

#[test]
fn measurements_that_tell_nothing_are_refused() {
    let refused = |sizes: &[u64], cost: f64| {
        let measured: Vec<Measured> = sizes.iter().map(|&size| Measured { size, cost }).collect();
        match Growth::of(&measured) {
            Err(Error::Measurement { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&[], 1.0), "the number of sizes");
    assert_eq!(refused(&[1, 10, 10, 100], 1.0), "the number of sizes");
    assert_eq!(
        refused(&[1, 2, 4, 7], 1.0),
        "the largest size over the smallest"
    );
    assert_eq!(refused(&[0, 2, 4, 70], 1.0), "a size");
    for cost in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(&SIZES, cost), "a cost");
    }
    assert!(minimum_of(&SIZES, 0, |_| 1.0).is_err());
    assert!(minimum_of(&SIZES, 1, |_| f64::NAN).is_err());
}

/// A clock that is disturbed nine times in ten.
#[test]
fn the_least_of_many_turns_is_kept() {
    let mut turn = 0_u32;
    let measured = minimum_of(&SIZES, 40, |size| {
        turn += 1;
        let disturbed = if (turn * 7).is_multiple_of(10) {
            0.0
        } else {
            f64::from(turn % 13) * 50.0
        };
        10.0 * size as f64 + disturbed
    });
    let found = Growth::of(&measured.unwrap()).unwrap();
    assert!(
        (found.per_unit - 10.0).abs() < 1e-6 && found.off_line < 1e-9,
        "{found:?}"
    );
}
