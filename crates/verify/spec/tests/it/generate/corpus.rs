//! Every right implementation passes, every planted fault is found.

use std::fmt::Write as _;

use voidstate_spec::Subject;
use voidstate_spec::generate::{Report, Settings, check};
use voidstate_spec::language::compile;

use super::{functions as f, machines as m};

pub(crate) struct Entry {
    pub(crate) tool: &'static str,
    pub(crate) spec: &'static str,
    pub(crate) make: fn(usize) -> Box<dyn Subject>,
    pub(crate) faults: usize,
}

macro_rules! entries {
    ($($tool:literal $spec:expr, $make:expr, $faults:literal;)*) => {
        [$(Entry { tool: $tool, spec: $spec, make: $make, faults: $faults }),*]
    };
}

/// Name of the tool, spec, implementation, number of planted faults.
pub(crate) const ENTRIES: [Entry; 15] = entries![
    "pattern_matcher" f::PATTERN_MATCHER, f::pattern_matcher, 5;
    "binary_search" f::BINARY_SEARCH, f::binary_search, 5;
    "merge" f::MERGE, f::merge, 5;
    "run_length" f::RUN_LENGTH, f::run_length, 6;
    "clamp" f::CLAMP, f::clamp, 6;
    "median_of" f::MEDIAN, f::median, 5;
    "lookup" f::LOOKUP, f::lookup, 5;
    "overlap" f::OVERLAP, f::overlap, 4;
    "split_evenly" f::SPLIT, f::split, 3;
    "ring_buffer" m::RING, m::ring, 5;
    "lru_cache" m::LRU, m::lru, 5;
    "stack" m::STACK, m::stack, 5;
    "interval_set" m::INTERVALS, m::intervals, 5;
    "rate_limiter" m::LIMITER, m::limiter, 5;
    "counter" m::COUNTER, m::counter, 5;
];

/// Panics of subjects are part of the tests: their messages would drown the rest.
pub(crate) fn quietly<T>(f: impl FnOnce() -> T) -> T {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let result = f();
    QUIET.set(false);
    result
}

thread_local! {
    static QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

pub(crate) fn run(entry: &Entry, fault: usize, settings: &Settings) -> Report {
    let spec = match compile(entry.spec) {
        Ok(spec) => spec,
        Err(why) => panic!("{}", why.render(entry.spec, entry.tool, false)),
    };
    let tool = spec.tool(entry.tool).unwrap();
    quietly(|| check(tool, (entry.make)(fault).as_mut(), settings))
}

#[test]
fn every_right_implementation_passes() {
    for entry in &ENTRIES {
        for seed in 0..10 {
            let report = run(entry, 0, &Settings::seeded(seed));
            assert!(report.passed(), "seed {seed}: {report}");
            assert!(report.cases >= 200, "{report}");
        }
    }
}

#[test]
fn every_clause_of_the_corpus_is_exercised() {
    for entry in &ENTRIES {
        let report = run(entry, 0, &Settings::default());
        let vacuous: Vec<_> = report
            .vacuous()
            .map(|clause| clause.label.clone())
            .collect();
        assert!(vacuous.is_empty(), "{}: {vacuous:?}", entry.tool);
    }
}

/// At least 19 of 20 seeds find each fault; the table of the README.
#[test]
fn planted_faults_are_found() {
    let mut table =
        String::from("| tool | faults | found in 20 seeds each | rejected |\n|---|---|---|---|\n");
    let (mut faults, mut found, mut runs) = (0, 0, 0);
    let mut missed = Vec::new();
    for entry in &ENTRIES {
        let (mut own, mut least) = (0, 20);
        for fault in 1..=entry.faults {
            let hits = (0..20)
                .filter(|seed| !run(entry, fault, &Settings::seeded(*seed)).passed())
                .count();
            if hits < 19 {
                missed.push(format!("{} fault {fault}: {hits} of 20 seeds", entry.tool));
            }
            own += hits;
            least = least.min(hits);
        }
        let rejection = (0..10)
            .map(|seed| run(entry, 0, &Settings::seeded(seed)).rejection())
            .fold(0.0, f64::max);
        faults += entry.faults;
        found += own;
        runs += entry.faults * 20;
        let _ = writeln!(
            table,
            "| {} | {} | {own} of {} | {:.1} % |",
            entry.tool,
            entry.faults,
            entry.faults * 20,
            rejection * 100.0
        );
    }
    let _ = writeln!(table, "| all | {faults} | {found} of {runs} | |");
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(faults >= 40);
    golden("faults.md", &table);
}

/// Holds a text against a committed one; `VOIDSTATE_BLESS=1` writes it.
pub(crate) fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{}: {e}; write it with VOIDSTATE_BLESS=1", path.display()));
    assert_eq!(
        committed,
        text,
        "{}; VOIDSTATE_BLESS=1 takes it over",
        path.display()
    );
}
