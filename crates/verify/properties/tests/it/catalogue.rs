//! Every instance and every breaker of every suite, in one list.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use voidstate_properties::Error;
use voidstate_properties::laws::{Report, Settings};

/// Most characters of a counterexample.
const SIZE_MAX: usize = 150;

type Run = fn(&Settings) -> Result<Report, Error>;

/// One use of a suite; `law` is the law that must be found broken.
pub(crate) struct Entry {
    pub(crate) what: &'static str,
    law: Option<&'static str>,
    run: Run,
}

pub(crate) fn lawful(what: &'static str, run: Run) -> Entry {
    let law = None;
    Entry { what, law, run }
}

pub(crate) fn planted(what: &'static str, law: &'static str, run: Run) -> Entry {
    let law = Some(law);
    Entry { what, law, run }
}

fn all() -> Vec<Entry> {
    let mut all = Vec::new();
    all.extend(crate::algebra::entries());
    all.extend(crate::containers::entries());
    all.extend(crate::optics::entries());
    all.extend(crate::processes::entries());
    all.extend(crate::relations::entries());
    all.extend(crate::codecs::entries());
    all.extend(crate::replicas::entries());
    all
}

#[test]
fn lawful_instances_pass() {
    for entry in all().iter().filter(|e| e.law.is_none()) {
        for seed in [1, 20_261_123] {
            let settings = Settings::default().with_seed(seed);
            let report = (entry.run)(&settings).unwrap_or_else(|e| panic!("{}: {e}", entry.what));
            assert!(report.laws.iter().all(|l| l.exercised > 0), "{report}");
        }
    }
}

#[test]
fn planted_breakers_are_caught() {
    let mut missed = Vec::new();
    for entry in all() {
        let Some(law) = entry.law else { continue };
        for seed in [1, 2, 3, 20_261_123] {
            let settings = Settings::default().with_seed(seed);
            match (entry.run)(&settings) {
                Ok(_) => missed.push(format!("{} with seed {seed}", entry.what)),
                Err(error) if error.violation().is_some_and(|v| v.law == law) => {}
                Err(error) => missed.push(format!("{} with seed {seed}: {error}", entry.what)),
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn answers_are_deterministic() {
    let settings = Settings::default().with_cases(64).with_exercised_min(0);
    for entry in all() {
        assert_eq!(
            (entry.run)(&settings),
            (entry.run)(&settings),
            "{}",
            entry.what
        );
    }
}

/// What was found of each breaker; the list is read by people before it is blessed.
#[test]
fn counterexamples_are_minimal() {
    let mut text = String::new();
    let mut large = Vec::new();
    for entry in all().iter().filter(|e| e.law.is_some()) {
        let Err(error) = (entry.run)(&Settings::default()) else {
            large.push(format!("nothing: {}", entry.what));
            continue;
        };
        let broken = error.violation().unwrap();
        writeln!(text, "{}: {}", broken.suite, entry.what).unwrap();
        writeln!(text, "  {}: {}", broken.law, broken.statement).unwrap();
        for variable in &broken.counterexample {
            writeln!(text, "    {} = {}", variable.name, variable.value).unwrap();
        }
        writeln!(
            text,
            "    left  {}\n    right {}",
            broken.left, broken.right
        )
        .unwrap();
        if broken.size() > SIZE_MAX {
            large.push(format!("{} characters: {error}", broken.size()));
        }
    }
    golden("violations.txt", &text);
    assert!(large.is_empty(), "{}", large.join("\n"));
}

/// The table of the README says what is in the catalogue.
#[test]
fn the_readme_lists_every_suite() {
    let mut suites: BTreeMap<&str, (usize, usize, Vec<&str>)> = BTreeMap::new();
    let once = Settings::default();
    for entry in all() {
        match (entry.run)(&once) {
            Ok(report) => {
                let row = suites.entry(report.suite).or_default();
                row.0 = row.0.max(report.laws.len());
                row.1 += 1;
            }
            Err(error) => {
                let suite = error.violation().unwrap().suite;
                suites.entry(suite).or_default().2.push(entry.what);
            }
        }
    }
    let mut text = String::from("| suite | laws | lawful instances | planted breakers caught |\n");
    text.push_str("|---|---:|---:|---|\n");
    for (suite, (laws, lawful, planted)) in &suites {
        assert!(
            *lawful >= 2 && planted.len() >= 2,
            "{suite}: {lawful} lawful, {planted:?}"
        );
        let planted = planted.join("; ");
        writeln!(text, "| {suite} | {laws} | {lawful} | {planted} |").unwrap();
    }
    assert_eq!(suites.len(), 29);
    golden("suites.md", &text);
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    assert!(
        readme.contains(&text),
        "copy tests/golden/suites.md into the README"
    );
}

#[expect(clippy::unwrap_used, reason = "a helper of tests")]
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let blessed = std::fs::read_to_string(&path).unwrap();
    assert!(blessed == text, "{name} has changed:\n{text}");
}
