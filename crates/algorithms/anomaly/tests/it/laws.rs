//! Laws that hold for every input.

use proptest::prelude::*;
use voidstate_anomaly::{Detector, Kind, Verdict};

const SECOND_NS: i64 = 1_000_000_000;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: crate::soak::cases(64),
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(11)),
        ..Default::default()
    }
}

/// Any 64 bits as a value, mixed with ordinary ones.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -100.0..100.0_f64,
        2 => Just(0.0),
        1 => any::<u64>().prop_map(f64::from_bits),
        1 => (0..5_i32).prop_map(f64::from),
    ]
}

fn is_sound(v: &Verdict) -> bool {
    let unit = |x: f64| (0.0..=1.0).contains(&x);
    unit(v.score)
        && unit(v.p_value)
        && unit(v.false_rate)
        && v.expected.is_finite()
        && !v.low.is_nan()
        && !v.high.is_nan()
        && v.low <= v.high
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_verdict_is_sound(values in prop::collection::vec((value(), any::<i16>()), 1..400)) {
        let mut detector = Detector::default();
        let mut time = 0_i64;
        for (value, step) in values {
            time += i64::from(step).max(-3) * SECOND_NS / 4;
            let verdict = detector.observe(time, value);
            prop_assert!(is_sound(&verdict), "{value} {verdict:?}");
        }
    }

    #[test]
    fn runs_are_deterministic(values in prop::collection::vec(value(), 1..300)) {
        let (mut a, mut b) = (Detector::default(), Detector::default());
        for (t, v) in values.iter().enumerate() {
            prop_assert_eq!(a.observe(t as i64, *v), b.observe(t as i64, *v));
        }
    }

    /// Powers of two scale exactly, so every probability must be the same.
    #[test]
    fn scores_do_not_depend_on_the_unit(values in prop::collection::vec(0.01..100.0_f64, 30..300), power in -20..20_i32) {
        let factor = f64::from(power).exp2();
        let (mut a, mut b) = (Detector::default(), Detector::default());
        for (t, v) in values.iter().enumerate() {
            let (x, y) = (a.observe(t as i64, v + 0.123_456), b.observe(t as i64, (v + 0.123_456) * factor));
            prop_assert!((x.p_value - y.p_value).abs() < 1e-6, "{t} {x:?} {y:?}");
        }
    }

    #[test]
    fn sign_changes_only_the_direction(values in prop::collection::vec(-50.0..50.0_f64, 30..300)) {
        let (mut a, mut b) = (Detector::default(), Detector::default());
        for (t, v) in values.iter().enumerate() {
            let (x, y) = (a.observe(t as i64, *v), b.observe(t as i64, -v));
            prop_assert_eq!(matches!(x.kind, Kind::Learning { .. }), matches!(y.kind, Kind::Learning { .. }));
            prop_assert!(is_sound(&y));
        }
    }
}

#[test]
fn state_stays_below_16_kib() {
    for world in crate::worlds::World::ALL {
        let (mut detector, mut stream) =
            (Detector::default(), crate::worlds::Stream::new(world, 1));
        for t in 0..20_000 {
            detector.observe(t * SECOND_NS, stream.draw());
        }
        assert!(
            detector.state_bytes() <= 16 * 1024,
            "{world:?}: {}",
            detector.state_bytes()
        );
    }
}
