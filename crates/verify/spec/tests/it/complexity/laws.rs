//! What the judgement keeps to, whatever is measured.

use proptest::prelude::*;
use voidstate_language::ast::Bound;
use voidstate_spec::complexity::{
    Case, Cost, Experiment, Measured, Point, Report, Series, Settings, Shape, Verdict, judge,
};

use super::routine::{cube, log, n, n_log, one, square};

/// A claim with its value at a size.
type Claim = (fn() -> Bound, fn(f64) -> f64);

const CLAIMS: [Claim; 6] = [
    (one, |_| 1.0),
    (log, |n| n.max(2.0).log2()),
    (n, |n| n),
    (n_log, |n| n * n.max(2.0).log2()),
    (square, |n| n * n),
    (cube, |n| n * n * n),
];

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x5eed_c057),
        ..ProptestConfig::default()
    }
}

/// What an operation of that cost is found to do.
fn measure(claim: Claim, cost: impl Fn(f64, f64) -> f64) -> Report {
    let mut settings = Settings::default();
    settings.cost_max = 30_000_000;
    let bound = (claim.0)();
    Experiment::new(&bound, &["n"])
        .unwrap()
        .settings(settings)
        .shapes(&[Shape::Random])
        .run(|case: &Case| {
            let size = case.sizes[0] as f64;
            // Between -1 and 1, from the seed alone.
            let noise = (case.seed % 2001) as f64 / 1000.0 - 1.0;
            let cost = cost(size, noise).round().max(0.0);
            Measured {
                cost: Cost::Exactly(cost as u64),
                variables: vec![size],
            }
        })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn constants_and_lower_terms_are_no_breach(
        claim in prop::sample::select(CLAIMS.to_vec()),
        scale in 1.0..60.0_f64,
        start in 0.0..3000.0_f64,
        below in -0.9..3.0_f64,
        noise in 0.0..0.1_f64,
    ) {
        let report = measure(claim, |n, r| {
            let g = (claim.1)(n);
            (scale * (g + below * g.sqrt()) + start) * (1.0 + noise * r)
        });
        prop_assert_eq!(report.verdict.clone(), Verdict::Within, "{:#?}", report.findings);
    }

    #[test]
    fn a_further_factor_is_a_breach(
        claim in prop::sample::select(CLAIMS.to_vec()),
        factor in prop::sample::select(vec![
            (|n: f64| n.max(2.0).log2()) as fn(f64) -> f64, |n| n.sqrt(), |n| n,
        ]),
        scale in 1.0..60.0_f64,
        start in 0.0..3.0_f64,
        noise in 0.0..0.03_f64,
    ) {
        let report = measure(claim, |n, r| {
            let g = (claim.1)(n);
            scale * (g * (factor(n) + start) + 1.0) * (1.0 + noise * r)
        });
        let caught = matches!(report.verdict, Verdict::Exceeded { .. });
        prop_assert!(caught, "{report}\n{:#?}", report.findings);
    }

    #[test]
    fn any_points_are_judged(
        points in prop::collection::vec((0_usize..9, any::<f64>(), any::<f64>(), any::<bool>()), 0..60),
    ) {
        let points: Vec<Point> = points
            .into_iter()
            .map(|(level, size, cost, stopped)| Point { level, size, variables: vec![size], cost, stopped })
            .collect();
        let hostile = points.iter().any(|p| !p.stopped && (!p.size.is_finite() || !p.cost.is_finite() || p.size < 0.0 || p.cost < 0.0));
        let report = judge(&n(), &["n"], vec![Series { name: "growing n, random".to_owned(), points }]);
        if hostile {
            let unclear = matches!(report.verdict, Verdict::Unclear { .. });
            prop_assert!(unclear, "{report}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let run = || measure(CLAIMS[3], |n, r| n * 20.0 * (1.0 + 0.1 * r));
    assert_eq!(run(), run());
}

#[test]
fn too_little_is_unclear() {
    let nothing = judge(&n(), &["n"], Vec::new());
    assert!(matches!(nothing.verdict, Verdict::Unclear { .. }));
    let mut settings = Settings::default();
    settings.size_max = 5;
    let short = Experiment::new(&n(), &["n"])
        .unwrap()
        .settings(settings)
        .run(|case| case.count(|| {}));
    let Verdict::Unclear { reason } = &short.verdict else {
        panic!("{short}")
    };
    assert!(reason.contains("sizes"), "{reason}");
}

#[test]
fn a_cost_that_is_due_every_so_often_is_no_breach() {
    // Every thousandth size costs all of it.
    let report = measure(CLAIMS[0], |n, _| if n % 50.0 < 1.0 { n } else { 3.0 });
    assert_eq!(report.verdict, Verdict::Within, "{:#?}", report.findings);
}

#[test]
fn an_endless_call_ends() {
    let mut settings = Settings::default();
    settings.cost_max = 10_000;
    let bound = n();
    let experiment = Experiment::new(&bound, &["n"]).unwrap().settings(settings);
    let report = experiment.run(|case| {
        case.count(|| {
            loop {
                voidstate_spec::complexity::tick(1);
            }
        })
    });
    assert!(
        matches!(report.verdict, Verdict::Unclear { .. }),
        "{report}"
    );
}

#[test]
fn an_unknown_variable_is_an_error() {
    let error = Experiment::new(&n(), &["m"]).unwrap_err();
    assert!(error.to_string().contains("`n`"), "{error}");
}
