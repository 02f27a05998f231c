//! Odd input: the table in the crate documentation, line by line.

use voidstate_anomaly::{Detector, DetectorConfig, Direction, Kind, Reason};

use crate::worlds::Rng;

const SECOND_NS: i64 = 1_000_000_000;

fn trained(samples: i64) -> Detector {
    let (mut detector, mut rng) = (Detector::default(), Rng(3));
    for t in 0..samples {
        detector.observe(t * SECOND_NS, 10.0 + rng.normal());
    }
    detector
}

#[test]
fn invalid_samples_change_nothing_but_their_count() {
    let clean = trained(200);
    let cases = [
        (200, f64::NAN, Reason::NotANumber),
        (200, f64::INFINITY, Reason::Unbounded),
        (200, f64::NEG_INFINITY, Reason::Unbounded),
        (200, 1e200, Reason::Unbounded),
        (199, 10.0, Reason::Duplicate),
        (100, 10.0, Reason::OutOfOrder),
    ];
    for (second, value, reason) in cases {
        let (mut hurt, mut whole) = (clean.clone(), clean.clone());
        let verdict = hurt.observe(second * SECOND_NS, value);
        assert_eq!(verdict.kind, Kind::Invalid(reason));
        assert!(verdict.score == 0.0 && verdict.expected.is_finite());
        assert_eq!(hurt.invalid_count(), 1);
        for t in 200..260 {
            assert_eq!(hurt.observe(t * SECOND_NS, 9.5), whole.observe(t * SECOND_NS, 9.5));
        }
    }
}

#[test]
fn warm_up_counts_up_and_then_ends() {
    let mut detector = Detector::default();
    let mut last = 0;
    for t in 0..20 {
        let Kind::Learning { percent } = detector.observe(t * SECOND_NS, 1.0).kind else { panic!("learning") };
        assert!(percent > last && percent < 100);
        last = percent;
    }
    assert_eq!(detector.observe(20 * SECOND_NS, 1.0).kind, Kind::Normal);
}

#[test]
fn a_clock_set_back_is_followed_after_eight_samples() {
    let mut detector = trained(200);
    let kinds: Vec<Kind> = (0..20).map(|t| detector.observe((t - 5000) * SECOND_NS, 10.0).kind).collect();
    assert!(kinds[..7].iter().all(|k| *k == Kind::Invalid(Reason::OutOfOrder)), "{kinds:?}");
    assert!(kinds[7..].iter().all(|k| *k == Kind::Normal), "{kinds:?}");
}

#[test]
fn a_gap_is_no_anomaly() {
    let mut detector = trained(300);
    for t in 0..50 {
        let verdict = detector.observe((10_000 + t) * SECOND_NS, 10.5);
        assert_eq!(verdict.kind, Kind::Normal, "{t}");
    }
}

#[test]
fn a_constant_series_is_normal_and_scores_nothing() {
    let mut detector = Detector::default();
    for t in 0..5000 {
        let verdict = detector.observe(t * SECOND_NS, 42.5);
        assert!(matches!(verdict.kind, Kind::Normal | Kind::Learning { .. }), "{t} {verdict:?}");
        assert!(verdict.score <= 0.5, "{t} {verdict:?}");
    }
}

#[test]
fn one_odd_sample_of_a_constant_series_scores_but_opens_nothing() {
    let mut detector = Detector::default();
    for t in 0..300 {
        let value = if t == 200 { 43.5 } else { 42.5 };
        let verdict = detector.observe(t * SECOND_NS, value);
        assert!(!matches!(verdict.kind, Kind::Anomaly | Kind::Drift), "{t} {verdict:?}");
        if t == 200 {
            assert!(verdict.score > 0.98 && verdict.direction == Direction::Up, "{verdict:?}");
        }
    }
}

#[test]
fn a_constant_series_that_leaves_for_good_is_noticed() {
    let mut detector = Detector::default();
    let mut noticed = None;
    for t in 0..300 {
        let value = if t >= 200 { 3e8 + t as f64 } else { 0.0 };
        if matches!(detector.observe(t * SECOND_NS, value).kind, Kind::Anomaly | Kind::Drift) {
            noticed = noticed.or(Some(t - 200));
        }
    }
    assert!(noticed.is_some_and(|d| (0..=10).contains(&d)), "{noticed:?}");
}

#[test]
fn toggling_integers_do_not_alarm() {
    let (mut detector, mut rng, mut state) = (Detector::default(), Rng(9), 57.0);
    for t in 0..20_000 {
        if rng.unit() < 0.01 {
            state = if state > 57.5 { 57.0 } else { 58.0 };
        }
        let kind = detector.observe(t * SECOND_NS, state).kind;
        assert!(!matches!(kind, Kind::Anomaly), "{t}");
    }
}

#[test]
fn settings_outside_their_domain_are_refused() {
    let good = DetectorConfig::default();
    for config in [
        DetectorConfig { warmup: 0, ..good },
        DetectorConfig { memory: f64::NAN, ..good },
        DetectorConfig { false_rate: 0.0, ..good },
        DetectorConfig { false_rate: 1.0, ..good },
    ] {
        let error = Detector::new(config).unwrap_err();
        assert!(error.to_string().contains("must lie in"), "{error}");
    }
}
