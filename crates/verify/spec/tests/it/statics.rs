//! Planted mistakes are found by the right rule, good specs are left alone.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use voidstate_language::{Checked, Severity, compile};
use voidstate_spec::smt::{Problem, Solver, Verdict};
use voidstate_spec::statics::{Checks, Rule, Settings, check};

fn folder(name: &str) -> BTreeMap<String, String> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "it", name]
        .iter()
        .collect();
    let files = std::fs::read_dir(path).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|e| e == "spec"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn compiled(name: &str, source: &str) -> Checked {
    match compile(source) {
        Ok(checked) => checked,
        Err(diagnostics) => panic!("{}", diagnostics.render(source, name, false)),
    }
}

/// Without the solver.
fn bounded() -> Settings {
    let mut settings = Settings::default();
    settings.solver = None;
    settings
}

/// With it; `None` on a machine that has none, which CI must have.
#[expect(
    clippy::print_stderr,
    reason = "a skip is told to whoever runs the tests"
)]
fn solving() -> Option<Settings> {
    let settings = Settings::default();
    if settings.solver.is_none() {
        assert!(std::env::var_os("CI").is_none(), "z3 is missing");
        eprintln!("SKIPPED: no z3 is installed; search and order alone");
        return None;
    }
    Some(settings)
}

fn shown(checks: &Checks, name: &str, source: &str) -> String {
    checks.diagnostics().render(source, name, false)
}

/// What no part of this crate can tell without the solver.
const NEEDS_SOLVER: [&str; 3] = [
    "requires_element",
    "requires_product",
    "ensures_for_some_input",
];

fn planted(settings: &Settings, without_solver: bool) {
    let specs = folder("planted");
    assert!(specs.len() >= 30, "{}", specs.len());
    let mut wrong = Vec::new();
    for (name, source) in &specs {
        let (first, _) = source.split_once('\n').unwrap();
        let rule = first.trim_start_matches("// ");
        let checks = check(&compiled(name, source), settings);
        let found = checks.findings.iter().any(|f| f.rule.name() == rule);
        let expected = !(without_solver && NEEDS_SOLVER.contains(&name.as_str()));
        if found != expected {
            wrong.push(format!(
                "{name}: {rule} expected\n{}{:?}",
                shown(&checks, name, source),
                checks.unknown
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_planted_mistake_is_found() {
    if let Some(settings) = solving() {
        planted(&settings, false);
    }
}

#[test]
fn without_a_solver_few_are_missed() {
    planted(&bounded(), true);
}

#[test]
fn nothing_else_is_found_in_the_planted_ones() {
    let Some(settings) = solving() else { return };
    for (name, source) in &folder("planted") {
        let rule = source.split_once('\n').unwrap().0.trim_start_matches("// ");
        let checks = check(&compiled(name, source), &settings);
        let others: Vec<_> = checks
            .findings
            .iter()
            .filter(|f| f.rule.name() != rule)
            .collect();
        assert!(
            others.is_empty(),
            "{name}: {}",
            shown(&checks, name, source)
        );
    }
}

fn good(settings: &Settings) {
    let specs = folder("corpus");
    assert!(specs.len() >= 20, "{}", specs.len());
    for (name, source) in &specs {
        let checks = check(&compiled(name, source), settings);
        assert!(
            checks.findings.is_empty(),
            "{name}:\n{}",
            shown(&checks, name, source)
        );
    }
}

#[test]
fn good_specs_are_left_alone() {
    good(&bounded());
    if let Some(settings) = solving() {
        good(&settings);
    }
}

#[test]
fn a_contradiction_names_its_clauses_and_their_places() {
    let source = "tool t { input x: int\n output y: int\n requires \"large\": x > 10\n requires \"odd\": x % 2 == 1\n requires \"small\": x < 5\n ensures \"y\": y == x }";
    let checks = check(&compiled("t", source), &bounded());
    let [finding] = checks.findings.as_slice() else {
        panic!("{}", shown(&checks, "t", source))
    };
    assert_eq!(finding.rule, Rule::ContradictoryRequires);
    assert!(
        finding.message.contains("\"large\"") && finding.message.contains("\"small\""),
        "{}",
        finding.message
    );
    assert!(!finding.message.contains("\"odd\""), "{}", finding.message);
    let text = shown(&checks, "t.spec", source);
    assert!(
        text.contains("x < 5") && text.contains("t.spec:5"),
        "{text}"
    );
    assert!(checks.has_errors());
    assert_eq!(checks.diagnostics().as_slice()[0].severity, Severity::Error);
}

#[test]
fn the_checks_are_deterministic() {
    let source = &folder("corpus")["window"];
    let once = check(&compiled("window", source), &bounded());
    assert_eq!(once, check(&compiled("window", source), &bounded()));
    assert!(once.questions > 0);
}

#[test]
fn the_problem_can_be_exported() {
    let source = &folder("planted")["requires_element"];
    let checked = compiled("requires_element", source);
    let text = voidstate_spec::smt::text(&checked, "t", "t").unwrap();
    assert!(
        text.contains("(check-sat)") && text.contains("forall") && text.contains(":named c1"),
        "{text}"
    );
    assert!(voidstate_spec::smt::text(&checked, "t", "nothing").is_none());
    assert!(voidstate_spec::smt::text(&checked, "nothing", "t").is_none());
}

#[test]
fn the_solver_answers_or_says_that_it_cannot() {
    let Some(settings) = solving() else { return };
    let solver: Solver = settings.solver.unwrap();
    assert_eq!(solver.solve(&Problem::default()), Verdict::Satisfiable);
}

#[test]
fn hostile_specs_end() {
    let chain = vec!["x > y"; 100].join(" <=> ");
    let branches = (0..40).fold("x > 0".to_owned(), |inner, k| {
        format!("(if x > {k} then {inner} else y > {k})")
    });
    let nots = format!("{}x > 0{}", "not (".repeat(60), ")".repeat(60));
    let lets = (0..40).fold("x".to_owned(), |body, _| {
        format!("(let a = {body} in a + a)")
    });
    let defines: String = (1..30)
        .map(|k| {
            format!(
                "define d{k}(v: int): int = if v > {k} then d{p}(v) else d{p}(v + 1)\n",
                p = k - 1
            )
        })
        .collect();
    let long = "all(0..100000, |i| all(0..100000, |j| i + j != x))";
    for clause in [
        &*chain,
        &branches,
        &nots,
        &format!("{lets} > y"),
        "d29(x) > y",
        long,
    ] {
        let source = format!(
            "define d0(v: int): int = v\n{defines}tool t {{\n input x: int\n input y: int\n output z: int\n \
             requires \"a\": {clause}\n requires \"b\": x < y\n ensures \"z\": z == x and ({clause}) }}"
        );
        let checked = compiled("hostile", &source);
        let checks = check(&checked, &bounded());
        assert!(checks.questions > 0);
        let text = voidstate_spec::smt::text(&checked, "t", "t").unwrap();
        assert!(text.len() < 4_000_000, "{}", text.len());
    }
}
