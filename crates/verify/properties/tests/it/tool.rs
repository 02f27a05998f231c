//! The laws of a tool, held against tools that break them and one that does not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod good;
mod planted;

use proptest::prelude::*;
use voidstate_core::{
    HookName, MetricName, Sample, SeriesInfo, SeriesKey, Signal, Timestamp, ToolFactory, Unit,
};
use voidstate_properties::Error;
use voidstate_properties::tool::compare;
use voidstate_properties::tool::{
    LAWS, Outcome, Report, Settings, Step, check, check_with, from_json_lines, to_json_lines,
};

use good::Good;

/// Few cases and no pause, which only a clock in whole seconds needs.
fn settings() -> Settings {
    Settings {
        cases: 4,
        crowd: 1000,
        pause: std::time::Duration::ZERO,
        ..Settings::default()
    }
}

fn report(factory: &dyn ToolFactory) -> Report {
    check(factory, &settings()).unwrap()
}

fn broken(report: &Report) -> Vec<&'static str> {
    report.violations().map(|(law, _)| law.name).collect()
}

#[test]
fn a_correct_tool_passes_every_law() {
    let settings = Settings {
        cases: 16,
        ..settings()
    };
    let report = check(&Good::factory(), &settings).unwrap();
    assert!(report.holds(), "{report}");
    assert!(report.findings > 20, "{report}");
    assert_eq!(report.laws.len(), LAWS.len());
    for (law, expected) in report.laws.iter().zip(LAWS) {
        assert_eq!(law.law, expected);
        let open = matches!(law.outcome, Outcome::NotChecked { .. });
        assert_eq!(open, law.law.name == "memory_within_budget", "{report}");
        assert!(law.outcome != Outcome::Warned, "{report}");
    }
}

#[test]
fn a_check_is_the_same_for_the_same_seed() {
    let without_costs = |mut report: Report| {
        for law in &mut report.laws {
            law.cpu = None;
            law.figures.clear();
        }
        report
    };
    let draw = |seed| {
        let settings = Settings { seed, ..settings() };
        without_costs(check(&planted::forgets(), &settings).unwrap())
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn tools_that_differ_are_told_apart() {
    let none = voidstate_core::Attributes::new();
    let told =
        |factor: f64| voidstate_core::Attributes::from([("factor".to_owned(), factor.into())]);
    let go_on = |_| std::ops::ControlFlow::Continue(());
    let settings = Settings {
        cases: 8,
        ..settings()
    };
    let (good, same) = (Good::factory(), Good::factory());
    let outcome = compare((&good, &none), (&same, &told(0.5)), &settings, &go_on).unwrap();
    assert_eq!((outcome.difference, outcome.cases), (None, 8));
    assert!(outcome.heard > 100, "{}", outcome.heard);
    let outcome = compare((&good, &none), (&same, &told(0.6)), &settings, &go_on).unwrap();
    let difference = outcome.difference.unwrap();
    // One to be told apart by, after the 21 that the tool learns from: fewer cannot do.
    assert_eq!(difference.steps.len(), 22, "{difference:?}");
    assert!(difference.steps_drawn > 100, "{difference:?}");
    assert!(
        difference.message.contains("far ="),
        "{}",
        difference.message
    );
    // The steps are enough to see it.
    let settings = Settings {
        cases: 1,
        recording: difference.steps,
        ..settings
    };
    let again = compare((&good, &none), (&same, &told(0.6)), &settings, &go_on).unwrap();
    assert!(again.difference.is_some());
    let stopped = compare((&good, &none), (&same, &none), &settings, &|_| {
        std::ops::ControlFlow::Break(())
    });
    assert!(stopped.unwrap().is_cut_short);
    assert!(compare((&good, &told(99.0)), (&same, &none), &settings, &go_on).is_err());
    // Whoever is not called at a hook says nothing there.
    let (few, all) = (Good::factory().at("host.cpu"), Good::factory());
    let settings = Settings {
        cases: 4,
        recording: Vec::new(),
        ..settings
    };
    let outcome = compare((&few, &none), (&all, &none), &settings, &go_on).unwrap();
    assert!(outcome.difference.is_some());
}

#[test]
fn a_check_can_be_stopped_and_says_so() {
    let calls = std::cell::Cell::new(0);
    let stop = |_| {
        calls.set(calls.get() + 1);
        match calls.get() {
            4 => std::ops::ControlFlow::Break(()),
            _ => std::ops::ControlFlow::Continue(()),
        }
    };
    let meter = voidstate_properties::tool::ThreadClock;
    let report = check_with(&Good::factory(), &settings(), &meter, &stop).unwrap();
    assert!(report.cut_short && !report.holds());
    assert_eq!(calls.get(), 4, "it is asked no more once it was stopped");
    let last = report.laws.last().unwrap();
    assert!(
        matches!(last.outcome, Outcome::NotChecked { .. }),
        "{report}"
    );
}

#[test]
fn settings_that_cannot_be_worked_with_are_refused() {
    for bad in [
        Settings {
            cases: 0,
            ..settings()
        },
        Settings {
            signals_per_second: f64::NAN,
            ..settings()
        },
        Settings {
            crowd: usize::MAX,
            ..settings()
        },
    ] {
        let refused = check(&Good::factory(), &bad);
        assert!(matches!(refused, Err(Error::Settings { .. })), "{bad:?}");
    }
}

#[test]
fn a_recording_is_what_the_first_cases_show() {
    let hook = HookName::new("host.cpu").unwrap();
    let key = SeriesKey::plain(MetricName::new("only.this").unwrap());
    let recording: Vec<Step> = (0..50)
        .map(|n| Step::Fire {
            hook: hook.clone(),
            signal: Signal::Sample(Sample {
                series: key.clone(),
                time: Timestamp::from_secs(n),
                value: if n == 30 { 666.25 } else { 1.0 },
            }),
            unnumbered: false,
        })
        .collect();
    assert!(report(&planted::panics_at_666()).holds());
    let settings = Settings {
        recording,
        ..settings()
    };
    let report = check(&planted::panics_at_666(), &settings).unwrap();
    assert_eq!(broken(&report), ["never_panics"], "{report}");
    let (_, violation) = report.violations().next().unwrap();
    assert_eq!(violation.steps.len(), 1, "{report}");
}

proptest! {
    #[test]
    fn steps_read_back_as_what_they_were(
        values in prop::collection::vec((any::<f64>(), any::<i64>(), any::<bool>()), 0..20),
    ) {
        let hook = HookName::new("host.cpu").unwrap();
        let key = SeriesKey::plain(MetricName::new("m").unwrap());
        let mut steps = vec![Step::Series(SeriesInfo {
            key: key.clone(),
            hook: hook.clone(),
            unit: Unit::Percent,
            limit: Some(100.0),
        })];
        for (value, nanos, unnumbered) in values {
            let time = Timestamp::from_nanos(nanos);
            let sample = Sample { series: key.clone(), time, value };
            steps.push(Step::Fire { hook: hook.clone(), signal: Signal::Sample(sample), unnumbered });
            steps.push(Step::Tick(time));
        }
        let text = to_json_lines(&steps).unwrap();
        let read = from_json_lines(&text).unwrap();
        // NaN is not equal to itself, its text is.
        prop_assert_eq!(to_json_lines(&read).unwrap(), text);
        prop_assert_eq!(read.len(), steps.len());
    }

    #[test]
    fn a_line_that_is_no_step_is_refused_with_its_number(junk in "[^\\s].{0,40}") {
        let text = format!("\n{{\"tick\":1}}\n{junk}\n");
        match from_json_lines(&text) {
            Err(Error::Recording { line, .. }) => prop_assert_eq!(line, 3),
            Ok(steps) => {
                let is_object = junk.starts_with('{');
                prop_assert!(steps.len() > 1 && is_object);
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
