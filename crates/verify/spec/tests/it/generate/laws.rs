//! What a report says is true.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use voidstate_spec::generate::{FailureKind, Settings, check};
use voidstate_spec::language::{Value, compile};
use voidstate_spec::{Called, Subject};

use super::support::{Functions, gave, int, list, refused};

const PART: &str = r#"tool t { input n: int; output m: int; requires "small": 0 <= n <= 100; fails "odd": n % 2 == 1; ensures "same": m == n }"#;

#[test]
fn only_what_is_promised_is_called() {
    let spec = compile(PART).unwrap();
    let mut subject = Functions(|_: usize, inputs: &[Value]| {
        let n = int(&inputs[0]);
        if n.rem_euclid(2) == 1 && n % 2 == 1 {
            return refused("odd");
        }
        assert!((0..=100).contains(&n), "called with {n}");
        gave(Value::Int(n))
    });
    for seed in 0..20 {
        let report = check(
            spec.tool("t").unwrap(),
            &mut subject,
            &Settings::seeded(seed),
        );
        assert!(report.passed(), "{report}");
        assert!(report.operations[0].refused > 20, "{report}");
    }
}

/// Where no input can be found nothing is called, and that does not count as kept.
#[test]
fn what_was_never_tried_is_told() {
    let source = r#"tool t { input x: int; output y: int; requires "never": x * x == 2; ensures "same": y == x }"#;
    let spec = compile(source).unwrap();
    let mut subject = Functions(|_: usize, _: &[Value]| -> Called { panic!("called") });
    let report = check(&spec.tools[0], &mut subject, &Settings::default());
    assert!(report.passed() && report.cases == 0, "{report}");
    assert_eq!(report.untried().count(), 1, "{report}");
    assert!(report.to_string().contains("never tried: t"), "{report}");

    let spec = compile(PART).unwrap();
    let mut subject = Functions(|_: usize, inputs: &[Value]| match int(&inputs[0]) {
        n if n % 2 == 1 => refused("odd"),
        n => gave(Value::Int(n)),
    });
    let report = check(&spec.tools[0], &mut subject, &Settings::default());
    assert_eq!(report.untried().count(), 0, "{report}");
}

#[cfg(feature = "cli")]
#[test]
fn a_page_calls_nothing_held_that_was_not() {
    use voidstate_spec::language::Diagnostics;
    use voidstate_spec::pages::{Page, row};

    let verdict = |source: &str, run: bool| {
        let checked = compile(source).unwrap();
        let mut subject = Functions(|_: usize, inputs: &[Value]| gave(inputs[0].clone()));
        let reports: Vec<_> = run
            .then(|| check(&checked.tools[0], &mut subject, &Settings::default()))
            .into_iter()
            .collect();
        let page = Page {
            file: "t.spec",
            source,
            checked: Some(&checked),
            diagnostics: &Diagnostics::default(),
            reports: &reports,
        };
        row(&checked.tools[0], &page).verdict
    };
    let of = |requires: &str| {
        format!(
            "tool t {{ input x: int; output y: int; requires \"r\": {requires}; ensures \"e\": y == x }}"
        )
    };
    assert_eq!(verdict(&of("x > 0"), true), "holds");
    assert_eq!(verdict(&of("x * x == 2"), true), "not tried");
    assert_eq!(verdict(&of("x > 0"), false), "not run");
    let observes =
        |effects: &str| format!("tool t {{ {effects} operation observe {{ input x: int }} }}");
    assert_eq!(verdict(&observes("effects none"), false), "contract");
    assert_eq!(verdict(&observes(""), false), "not run");
}

/// What asks for too much is given up, in bounded time and memory.
#[test]
fn preconditions_out_of_reach_end() {
    let deep = format!("{}int{}", "[".repeat(25), "]".repeat(25));
    for (input, requires) in [
        ("[int]", "len(v) >= 1_000_000_000_000"),
        ("text", "len(v) >= 1_000_000_000_000"),
        ("bytes", "len(v) == int_max"),
        ("{int: int}", "len(v) > 5_000_000_000"),
        (
            "[[int]]",
            "all(v, |x| len(x) > 1_000_000_000) and len(v) > 1_000_000_000",
        ),
        ("int", "v * v == int_max and v % 1_000_003 == 7"),
        ("int", "v > int_max - 1 and v < int_min + 1"),
        ("real", "v * v < 0.0 or v != v"),
        ("text", "v in [] or lower(v) != lower(v)"),
        (deep.as_str(), "len(v) > 0"),
    ] {
        let source = format!("tool t {{ input v: {input}; requires \"r\": {requires} }}");
        let spec = compile(&source).unwrap_or_else(|e| panic!("{}", e.render(&source, "t", false)));
        let mut subject = Functions(|_: usize, _: &[Value]| Called::Returned(Vec::new()));
        let start = std::time::Instant::now();
        let report = check(&spec.tools[0], &mut subject, &Settings::default());
        assert!(report.passed(), "{source}: {report}");
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{source} took {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn boundaries_of_an_interval_are_called() {
    let spec = compile(r#"tool t { input n: int; requires "small": -7 <= n <= 100 }"#).unwrap();
    let seen = std::rc::Rc::new(std::cell::RefCell::new(std::collections::BTreeSet::new()));
    let into = std::rc::Rc::clone(&seen);
    let mut subject = Functions(move |_: usize, inputs: &[Value]| {
        into.borrow_mut().insert(int(&inputs[0]));
        Called::Returned(Vec::new())
    });
    let report = check(
        spec.tool("t").unwrap(),
        &mut subject,
        &Settings::default().cases(60),
    );
    assert!(report.passed());
    for n in [-7, -6, -1, 0, 1, 99, 100] {
        assert!(seen.borrow().contains(&n), "{n}");
    }
    assert_eq!(
        report.operations[0].boundaries.reached,
        report.operations[0].boundaries.of
    );
}

#[test]
fn hostile_reals_are_called_where_the_spec_allows_them() {
    let spec = compile("tool t { input x: real }").unwrap();
    let seen = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let into = std::rc::Rc::clone(&seen);
    let mut subject = Functions(move |_: usize, inputs: &[Value]| {
        if let Value::Real(x) = inputs[0] {
            into.borrow_mut().push(x);
        }
        Called::Returned(Vec::new())
    });
    check(spec.tool("t").unwrap(), &mut subject, &Settings::default());
    let seen = seen.borrow();
    for wanted in [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(
            seen.iter().any(|x| x.to_bits() == f64::to_bits(wanted)),
            "{wanted}"
        );
    }
    assert!(seen.iter().any(|x| x.is_nan()));
    assert!(seen.iter().any(|x| x.is_subnormal()));
}

#[test]
fn clauses_that_say_nothing_are_reported() {
    let spec = compile(
        r#"tool t { input n: int; output m: int; requires "small": 0 <= n <= 3; ensures "never looked at": n > 5 => m == 0; ensures "same": m == n }"#,
    )
    .unwrap();
    let mut subject = Functions(|_: usize, inputs: &[Value]| gave(inputs[0].clone()));
    let report = check(spec.tool("t").unwrap(), &mut subject, &Settings::default());
    assert!(report.passed());
    let vacuous: Vec<_> = report.vacuous().map(|c| c.label.as_str()).collect();
    assert_eq!(vacuous, ["never looked at"]);
}

#[test]
fn values_that_do_not_fit_are_failures() {
    let spec =
        compile(r#"tool t { input n: int; output m: int; ensures "same": m == n }"#).unwrap();
    for outputs in [
        vec![],
        vec![Value::text("1")],
        vec![Value::Int(1), Value::Int(1)],
    ] {
        let mut subject = Functions(move |_: usize, _: &[Value]| Called::Returned(outputs.clone()));
        let report = check(spec.tool("t").unwrap(), &mut subject, &Settings::default());
        assert_eq!(report.failure.unwrap().kind, FailureKind::Shape);
    }
}

#[test]
fn refusing_without_need_is_a_failure() {
    let spec = compile(PART).unwrap();
    let mut subject = Functions(|_: usize, inputs: &[Value]| match int(&inputs[0]) {
        n if n % 2 == 1 || n > 50 => refused("no"),
        n => gave(Value::Int(n)),
    });
    let report = check(spec.tool("t").unwrap(), &mut subject, &Settings::default());
    let failure = report.failure.unwrap();
    assert_eq!(failure.kind, FailureKind::ShouldSucceed);
    assert_eq!(failure.calls, ["t(n: 52)"]);
}

#[test]
fn an_evaluation_error_is_a_breach_with_its_reason() {
    let spec = compile(r#"tool t { input xs: [int]; output i: int; ensures "there": xs[i] == 0 }"#)
        .unwrap();
    let mut subject = Functions(|_: usize, _: &[Value]| gave(Value::Int(3)));
    let report = check(spec.tool("t").unwrap(), &mut subject, &Settings::default());
    let failure = report.failure.unwrap();
    assert_eq!(failure.kind, FailureKind::Ensures);
    assert_eq!(failure.calls, ["t(xs: [])"]);
}

#[test]
fn clauses_too_costly_to_check_are_counted_and_no_breach() {
    let spec = compile(
        r#"tool t { input n: int; output m: int; requires "small": 0 <= n <= 2; ensures "costly": all(0..100_000, |i| i + m >= m) }"#,
    )
    .unwrap();
    let mut settings = Settings::default().cases(10);
    settings.evaluation = 1000;
    let mut subject = Functions(|_: usize, inputs: &[Value]| gave(inputs[0].clone()));
    let report = check(spec.tool("t").unwrap(), &mut subject, &settings);
    assert!(report.passed());
    assert!(report.operations[0].clauses[1].too_costly > 0);
}

#[test]
fn reports_are_written_where_they_are_asked_for() {
    let spec = compile("tool t { input n: int }").unwrap();
    let mut subject = Functions(|_: usize, _: &[Value]| Called::Returned(Vec::new()));
    let report = check(
        spec.tool("t").unwrap(),
        &mut subject,
        &Settings::default().cases(5),
    );
    let directory = std::env::temp_dir().join(format!("voidstate-spec-{}", std::process::id()));
    let path = report.write_into(&directory).unwrap();
    assert!(path.ends_with("t.json"));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        report.to_json().unwrap()
    );
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(
        report
            .write_into(std::path::Path::new("/proc/no such place"))
            .is_err()
    );
}

/// A slow call is waited for; that it is reported is seen by running the tests of this module by hand.
#[test]
fn slow_calls_are_waited_for() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    struct Slow;
    impl Subject for Slow {
        fn reset(&mut self) {}
        fn call(&mut self, _: usize, _: &[Value]) -> Called {
            if CALLS.fetch_add(1, Ordering::Relaxed) == 0 {
                std::thread::sleep(Duration::from_millis(60));
            }
            gave(list([]))
        }
        fn state(&self) -> Option<Vec<Value>> {
            None
        }
    }
    let spec = compile("tool t { input n: int; output xs: [int] }").unwrap();
    let settings = Settings::default()
        .cases(3)
        .patience(Some(Duration::from_millis(20)));
    assert!(check(spec.tool("t").unwrap(), &mut Slow, &settings).passed());
}
