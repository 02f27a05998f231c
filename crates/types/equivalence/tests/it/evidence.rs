//! Verdicts say what they rest on.

use proptest::prelude::*;
use voidstate_equivalence::Error;
use voidstate_equivalence::evidence::{
    Distances, Effort, Grade, Verdict, compare, compare_behaviours, compare_opaque, distance,
};
use voidstate_equivalence::generate::{self, Rng};
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_equivalence::rules::Rules;

fn parsed(text: &str) -> Pipeline {
    text.parse().unwrap()
}

fn verdict(a: &str, b: &str) -> Verdict {
    compare(
        &parsed(a),
        &parsed(b),
        Rules::standard(),
        Effort::default(),
        1,
    )
    .unwrap()
}

#[test]
fn each_grade_is_reached_by_its_own_evidence() {
    let proved = verdict("window min 3 | window min 4", "window min 12");
    assert_eq!(proved.grade(), Grade::Proved);
    // No rule says that three conditions at three places leave nothing, but there are eight states.
    let bisimilar = verdict("take 2 | where value > 1 | skip 2", "where false");
    assert_eq!(bisimilar.grade(), Grade::Bisimilar, "{bisimilar}");
    let tested = verdict(
        "running sum | delta | where false or value != value",
        "running sum | delta | where not (value == value)",
    );
    assert_eq!(tested.grade(), Grade::Tested, "{tested}");
    let refuted = verdict("where value > 1", "where value >= 1");
    let Verdict::Refuted(separation) = &refuted else {
        panic!("{refuted}")
    };
    assert_eq!(separation.input, [Sample::new(0, 1.0)]);
    assert_eq!((separation.left.len(), separation.right.len()), (0, 1));
}

#[test]
fn finite_machines_see_what_tests_miss() {
    // Differ first after 599 samples; drawn streams have at most 64.
    let refuted = verdict("every 300", "window last 300 every 299");
    let Verdict::Refuted(separation) = &refuted else {
        panic!("{refuted}")
    };
    assert_eq!(separation.input.len(), 599);
}

#[test]
fn grades_are_ordered_and_a_refutation_is_never_enough() {
    assert!(
        Grade::Refuted < Grade::Tested
            && Grade::Tested < Grade::Bisimilar
            && Grade::Bisimilar < Grade::Proved
    );
    for grade in Grade::ALL {
        assert!(!Grade::Refuted.meets(grade));
        assert_eq!(grade.word().parse(), Ok(grade));
        assert_eq!(Grade::Tested.meets(grade), grade <= Grade::Tested);
    }
    assert!("Proved".parse::<Grade>().is_err());
}

#[test]
fn opaque_code_is_never_above_tested() {
    let pipeline = parsed("where value > 0.5 | map value * 2");
    let same = compare_opaque(
        |s| pipeline.run_batch(s),
        |s| pipeline.run_batch(s),
        &[0.5],
        500,
        3,
    );
    let Verdict::Tested(tests) = &same else {
        panic!("{same}")
    };
    assert_eq!((tests.cases, tests.seed), (500, 3));
    assert!(
        tests.epsilon > 0.0059 && tests.epsilon < 0.006,
        "{}",
        tests.epsilon
    );
    let other = |s: &[Sample]| {
        let kept = s.iter().filter(|s| s.value > 0.5);
        kept.map(|s| Sample::new(s.time_ns, s.value * 2.0))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        compare_opaque(|s| pipeline.run_batch(s), other, &[0.5], 500, 3).grade(),
        Grade::Tested
    );
    let wrong = |s: &[Sample]| {
        other(s)
            .into_iter()
            .filter(|s| s.value.is_finite())
            .collect()
    };
    let refuted = compare_opaque(|s| pipeline.run_batch(s), wrong, &[0.5], 500, 3);
    let Verdict::Refuted(separation) = refuted else {
        panic!("{refuted}")
    };
    assert_eq!(separation.input.len(), 1);
    let by_steps = compare_behaviours(
        &pipeline,
        &parsed("map value * 2 | where value > 1"),
        &[0.5],
        300,
        9,
    );
    assert_eq!(by_steps.grade(), Grade::Tested);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn verdicts_agree_with_what_both_do(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let (a, b) = (generate::pipeline(&mut rng, 2), generate::pipeline(&mut rng, 2));
        let effort = Effort { cases: 200, ..Effort::default() };
        let verdict = compare(&a, &b, Rules::standard(), effort, seed).unwrap();
        match &verdict {
            Verdict::Refuted(s) => {
                prop_assert_eq!(&a.run_batch(&s.input), &s.left);
                prop_assert_eq!(&b.run_batch(&s.input), &s.right);
                prop_assert_ne!(&s.left, &s.right);
            }
            Verdict::Proved(path) => {
                prop_assert!(path.check(Rules::standard()).is_ok());
                prop_assert_eq!((path.from(), path.to()), (&a, &b));
            }
            _ => {}
        }
        if verdict.grade() >= Grade::Bisimilar {
            let near = [generate::constants(&a), generate::constants(&b)].concat();
            for _ in 0..50 {
                let stream = generate::stream(&mut rng, 100, &near);
                prop_assert_eq!(a.run_batch(&stream), b.run_batch(&stream), "{} and {}: {}", a, b, verdict);
            }
        }
    }

    #[test]
    fn a_bisimilar_verdict_holds_of_finite_pipelines(seed in any::<u64>()) {
        use voidstate_equivalence::pipeline::{Comparison, Expr, Pred, Stage, Binary};
        let mut rng = Rng::new(seed);
        let draw = |rng: &mut Rng| {
            let stages = (0..rng.below(4)).map(|_| {
                let n = rng.below(3) as u64;
                match rng.below(5) {
                    0 => Stage::Skip(n),
                    1 => Stage::Take(n + 1),
                    2 => Stage::Every(n + 1),
                    3 => Stage::Where(Pred::value(Comparison::ALL[rng.below(6)], 1.0)),
                    _ => Stage::Map(Expr::binary(Binary::Mul, Expr::Value, Expr::constant(2.0))),
                }
            });
            Pipeline::new(stages.collect()).unwrap()
        };
        let (a, b) = (draw(&mut rng), draw(&mut rng));
        let effort = Effort { cases: 100, ..Effort::default() };
        let verdict = compare(&a, &b, &Rules::none(), effort, seed).unwrap();
        // Without rules nothing but identity is proved, so that the machines decide.
        let is_equal = (0..300).all(|_| {
            let stream = generate::stream(&mut rng, 40, &[1.0, 0.5, 2.0]);
            a.run_batch(&stream) == b.run_batch(&stream)
        });
        prop_assert!(is_equal || verdict.grade() == Grade::Refuted, "{} and {}: {}", a, b, verdict);
        prop_assert!(!is_equal || verdict.grade() != Grade::Refuted || matches!(&verdict, Verdict::Refuted(s) if s.left != s.right));
    }
}

#[test]
fn a_distance_states_its_bounds() {
    let exact = |s: &[Sample]| s.to_vec();
    let rough = |s: &[Sample]| {
        s.iter()
            .map(|s| Sample::new(s.time_ns, (s.value * 10.0).round() / 10.0))
            .collect::<Vec<_>>()
    };
    let draw = |rng: &mut Rng| {
        (0..8)
            .map(|i| Sample::new(i, rng.unit()))
            .collect::<Vec<_>>()
    };
    let how = Distances {
        cases: 2_000,
        tolerance: 0.051,
        cap: 1.0,
        confidence: 0.95,
    };
    let d = distance(exact, rough, draw, how, 4).unwrap();
    assert!(d.greatest > 0.045 && d.greatest <= 0.05 + 1e-12, "{d}");
    assert_eq!(d.exceeded, 0);
    assert!(
        d.exceedance_at_most < 0.0015 && d.mean_at_most > d.mean,
        "{d}"
    );
    let none = distance(exact, |_| Vec::new(), draw, how, 4).unwrap();
    assert!(
        none.greatest.is_infinite() && none.exceeded == 2_000 && none.exceedance_at_most >= 1.0
    );
    for bad in [
        Distances { cases: 0, ..how },
        Distances {
            confidence: 1.0,
            ..how
        },
        Distances {
            tolerance: f64::NAN,
            ..how
        },
        Distances {
            cap: f64::INFINITY,
            ..how
        },
    ] {
        assert!(matches!(
            distance(exact, rough, draw, bad, 4),
            Err(Error::Setting { .. })
        ));
    }
}
