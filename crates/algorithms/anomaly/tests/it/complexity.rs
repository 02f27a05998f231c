//! What `specs/anomaly.spec` claims of growth, on counted instructions: this binary runs its ignored test under
//! callgrind.

#![expect(
    clippy::disallowed_methods,
    reason = "the test measures with a program of its own"
)]

use std::hint::black_box;

use voidstate_anomaly::{
    Adwin, AdwinConfig, Control, CounterRate, Detector, DetectorConfig, EpisodeEvent, Panel,
    PanelConfig,
};
use voidstate_spec::Implements;
use voidstate_spec::complexity::{
    Callgrind, ComplexityError, Experiment, Planned, Settings, Shape, Verdict, region,
};
use voidstate_spec::language::ast::Bound;

use crate::spec::{AdwinOfSpec, DetectorOfSpec, PanelOfSpec, control, counter_rate};

const SECOND_NS: i64 = 1_000_000_000;

/// An operation with its claim: largest size, and what calls it once within a region.
struct Entry {
    claim: &'static Bound,
    operation: &'static str,
    size_max: u64,
    call: fn(&Planned),
    /// Whether the growth is seen at these sizes: the same counts exceed a claim of O(1).
    is_seen: bool,
}

fn entry<T: Implements>(operation: &'static str, size_max: u64, call: fn(&Planned)) -> Entry {
    let mut claims = T::spec()
        .tool()
        .operations
        .iter()
        .flat_map(|o| &o.complexity);
    let claim = claims.find(|c| c.operation == operation).unwrap();
    Entry {
        claim: &claim.bound,
        operation,
        size_max,
        call,
        is_seen: matches!(claim.bound, Bound::Variable(_)),
    }
}

fn entries() -> Vec<Entry> {
    vec![
        entry::<counter_rate>("counter_rate", 4000, |p| {
            let counts = p.case.shape.numbers(p.case.sizes[0], p.case.seed);
            region(|| {
                let mut rate = CounterRate::new();
                for (time_ns, count) in (0_i64..).zip(&counts) {
                    black_box(rate.observe(time_ns, count.unsigned_abs()));
                }
            });
        }),
        entry::<control>("control", 4000, |p| {
            let size = size_of(p);
            region(|| {
                let mut control = Control::new(1.0, 0.1).unwrap();
                (0..size).for_each(|at| control.discover(at));
                black_box(control.level(size))
            });
        }),
        // As many items as lie between two checks, so that each count holds one.
        entry::<AdwinOfSpec>("update", 4000, |p| {
            let config = AdwinConfig::default();
            let clock = config.clock;
            let mut adwin = Adwin::new(config).unwrap();
            noise(p).for_each(|value| assert!(!adwin.update(value).unwrap()));
            let next: Vec<f64> = noise(p).cycle().take(clock as usize).collect();
            region(|| next.iter().for_each(|value| drop(adwin.update(*value))));
        }),
        entry::<DetectorOfSpec>("observe", 2000, |p| {
            let mut detector = Detector::new(DetectorConfig::default()).unwrap();
            let mut time_ns = 0;
            for value in noise(p) {
                time_ns += SECOND_NS;
                detector.observe(time_ns, value);
            }
            // Two, for periods are looked for on every second one.
            region(|| {
                black_box(detector.observe(time_ns + SECOND_NS, 0.4));
                black_box(detector.observe(time_ns + 2 * SECOND_NS, 0.6));
            });
        }),
        // A new detector costs more than counting some hundred series.
        Entry {
            is_seen: false,
            ..entry::<PanelOfSpec>("observe", 250, |p| {
                let mut panel = of_series(p, false);
                assert!(region(|| panel.observe(count_of(p), 9, 1.0)).is_ok());
            })
        },
        entry::<PanelOfSpec>("tick", 250, |p| {
            let mut panel = of_series(p, true);
            let closed = region(|| panel.tick(i64::MAX));
            assert!(matches!(closed.as_slice(), [EpisodeEvent::Closed(_)]));
        }),
        entry::<PanelOfSpec>("finish", 250, |p| {
            let mut panel = of_series(p, true);
            let closed = region(|| panel.finish());
            assert!(matches!(closed.as_slice(), [EpisodeEvent::Closed(_)]));
        }),
        entry::<PanelOfSpec>("remove", 250, |p| {
            let mut panel = of_series(p, true);
            assert!(region(|| panel.remove(0)).is_some());
        }),
    ]
}

fn size_of(planned: &Planned) -> i64 {
    planned.case.sizes[0].cast_signed()
}

fn count_of(planned: &Planned) -> usize {
    usize::try_from(planned.case.sizes[0]).unwrap()
}

/// So many values between 0 and 1 in no order.
fn noise(planned: &Planned) -> impl Iterator<Item = f64> + Clone {
    let numbers = Shape::Random.numbers(planned.case.sizes[0], planned.case.seed);
    let span = 4.0 * planned.case.sizes[0] as f64;
    numbers.into_iter().map(move |x| x as f64 / span)
}

/// So many series of one sample each; the first may have an open episode.
fn of_series(planned: &Planned, open: bool) -> Panel {
    let mut panel = Panel::new(PanelConfig::default()).unwrap();
    let mut at = 0;
    while open && panel.open_episodes().next().is_none() {
        at += 1;
        let odd = if at > 200 { 1e3 } else { 0.0 };
        let value = odd + f64::from(at * 7919 % 101) / 101.0;
        panel.observe(0, i64::from(at) * SECOND_NS, value).unwrap();
        assert!(at < 1000, "a burst opens an episode");
    }
    for series in usize::from(open)..count_of(planned) {
        panel.observe(series, i64::MAX, 1.0).unwrap();
    }
    panel
}

fn experiment(entry: &Entry) -> Experiment<'_> {
    let mut settings = Settings::default();
    settings.size_min = 8;
    settings.size_max = entry.size_max;
    settings.repeats = 3;
    let variables: &[&str] = match entry.claim {
        Bound::Constant(_) => &[],
        _ => &["n"],
    };
    Experiment::new(entry.claim, variables)
        .unwrap()
        .settings(settings)
        .shapes(&[Shape::Random])
}

#[test]
#[ignore = "runs under callgrind only, started by the test below"]
fn under_callgrind() {
    for entry in entries() {
        for planned in experiment(&entry).plan() {
            (entry.call)(&planned);
        }
    }
}

#[test]
fn growth_is_as_claimed() {
    let run = Callgrind::new(std::env::current_exe().unwrap())
        .argument("complexity::under_callgrind")
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
    for entry in entries() {
        let experiment = experiment(&entry);
        let plan = experiment.plan();
        let (own, later) = rest.split_at(plan.len());
        rest = later;
        let report = experiment.judge_plan(&plan, own).unwrap();
        assert_eq!(
            report.verdict,
            Verdict::Within,
            "{}: {report}\n{:#?}",
            entry.operation,
            report.findings
        );
        if entry.is_seen {
            let less = Experiment::new(&Bound::Constant(1), &["n"])
                .unwrap()
                .judge_plan(&plan, own)
                .unwrap();
            assert!(
                matches!(less.verdict, Verdict::Exceeded { .. }),
                "{}: {less}",
                entry.operation
            );
        }
    }
    assert!(rest.is_empty(), "{} counts too many", rest.len());
}
