//! The same judgement on counted instructions: this binary runs its ignored test under callgrind.

use std::hint::black_box;

use voidstate_language::ast::Bound;
use voidstate_spec::complexity::{
    Callgrind, ComplexityError, Experiment, Planned, Settings, Shape, Verdict, region,
};

use super::routine::{log, n, n_log};

/// Name, claim, whether it is kept, and the work.
type Work = (&'static str, fn() -> Bound, bool, fn(&Planned));

const WORK: [Work; 6] = [
    ("sum", n, true, |p| {
        let v = p.case.shape.numbers(p.case.sizes[0], p.case.seed);
        region(|| black_box(v.iter().sum::<i64>()));
    }),
    ("sort", n_log, true, |p| {
        let mut v = p.case.shape.numbers(p.case.sizes[0], p.case.seed);
        region(|| v.sort_unstable());
    }),
    ("binary search", log, true, |p| {
        let v: Vec<u64> = (0..p.case.sizes[0]).collect();
        region(|| black_box(v.binary_search(&(p.case.seed % p.case.sizes[0]))).is_ok());
    }),
    ("sort as linear", n, false, |p| {
        let mut v = p.case.shape.numbers(p.case.sizes[0], p.case.seed);
        region(|| v.sort_unstable());
    }),
    ("distinct by looking for each", n_log, false, |p| {
        let v = p.case.shape.numbers(p.case.sizes[0], p.case.seed);
        region(|| {
            let mut seen = Vec::new();
            for x in v {
                if !seen.contains(&x) {
                    seen.push(x);
                }
            }
            black_box(seen.len())
        });
    }),
    ("linear search as binary", log, false, |p| {
        let v: Vec<u64> = (0..p.case.sizes[0]).collect();
        region(|| black_box(v.iter().position(|x| *x == p.case.sizes[0] - 1)));
    }),
];

fn experiment(claim: &Bound) -> Experiment<'_> {
    let mut settings = Settings::default();
    settings.size_max = 4000;
    settings.repeats = 3;
    Experiment::new(claim, &["n"])
        .unwrap()
        .settings(settings)
        .shapes(&[Shape::Random])
}

#[test]
#[ignore = "runs under callgrind only, started by the test below"]
fn under_callgrind() {
    for (_, claim, _, work) in WORK {
        for planned in experiment(&claim()).plan() {
            work(&planned);
        }
    }
}

#[test]
fn instructions_tell_the_same_as_operations() {
    let run = Callgrind::new(std::env::current_exe().unwrap())
        .argument("complexity::instructions::under_callgrind")
        .argument("--exact")
        .argument("--ignored");
    let counts = match run.counts() {
        Err(error @ ComplexityError::NoCallgrind { .. }) if std::env::var_os("CI").is_none() => {
            eprintln!("SKIPPED: {error}");
            return;
        }
        counts => counts.unwrap(),
    };
    let mut rest = counts.as_slice();
    for (name, claim, keeps, _) in WORK {
        let claim = claim();
        let experiment = experiment(&claim);
        let plan = experiment.plan();
        let (own, later) = rest.split_at(plan.len());
        rest = later;
        let report = experiment.judge_plan(&plan, own).unwrap();
        let right = match report.verdict {
            Verdict::Within => keeps,
            Verdict::Exceeded { .. } => !keeps,
            _ => false,
        };
        assert!(right, "{name}: {report}\n{:#?}", report.findings);
    }
    assert!(rest.is_empty(), "{} counts too many", rest.len());
}

#[test]
fn a_program_without_regions_is_told() {
    let run = Callgrind::new("true");
    match run.counts() {
        Err(ComplexityError::NoCallgrind { .. }) if std::env::var_os("CI").is_none() => {}
        other => assert!(
            matches!(other, Err(ComplexityError::NoCalls { .. })),
            "{other:?}"
        ),
    }
}

#[test]
fn a_plan_needs_as_many_counts() {
    let claim = n();
    let experiment = experiment(&claim);
    let plan = experiment.plan();
    let error = experiment.judge_plan(&plan, &[1]).unwrap_err();
    assert!(
        matches!(error, ComplexityError::Uneven { counted: 1, .. }),
        "{error}"
    );
}
