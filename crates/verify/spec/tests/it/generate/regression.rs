//! Failures are made small and printed as tests that can be pasted.

use voidstate_spec::generate::{FailureKind, Settings};

use super::corpus::{ENTRIES, golden, run};

fn entry(tool: &str) -> &'static super::corpus::Entry {
    ENTRIES.iter().find(|entry| entry.tool == tool).unwrap()
}

#[test]
fn an_off_by_one_in_the_pattern_matcher_shrinks_to_one_character() {
    for seed in 0..20 {
        let report = run(entry("pattern_matcher"), 1, &Settings::seeded(seed));
        let failure = report.failure.unwrap();
        // The spec's own example is the first to fail: it stands as it is written.
        assert!(
            matches!(failure.kind, FailureKind::Example | FailureKind::Ensures),
            "{:?}",
            failure.kind
        );
    }
    let without: String = super::functions::PATTERN_MATCHER
        .lines()
        .filter(|line| !line.trim().starts_with("example"))
        .collect::<Vec<_>>()
        .join("\n");
    let spec = voidstate_spec::language::compile(&without).unwrap();
    let tool = spec.tool("pattern_matcher").unwrap();
    for seed in 0..20 {
        let mut subject = super::functions::pattern_matcher(1);
        let report =
            voidstate_spec::generate::check(tool, subject.as_mut(), &Settings::seeded(seed));
        let failure = report.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Ensures);
        assert_eq!(failure.label, "every match is found");
        assert_eq!(
            failure.calls,
            [r#"pattern_matcher(text: "a", pattern: "a")"#]
        );
        if seed == 0 {
            golden("pattern_matcher.rs", &format!("{}\n", failure.rust_test));
            let fails = failure.rust_test.replacen(
                "#[test]",
                "#[test]\n#[should_panic(expected = \"every match is found\")]",
                1,
            );
            golden("pattern_matcher_wrong.rs", &format!("{fails}\n"));
            golden(
                "pattern_matcher.spec",
                &format!("{}\n", failure.spec_example),
            );
        }
    }
}

/// The printed test, pasted: it compiles, passes with the right implementation and fails with the wrong one.
mod pasted {
    use super::super::functions::find;

    mod right {
        fn pattern_matcher(text: &str, pattern: &str) -> Vec<i64> {
            super::find(text, pattern, 0).unwrap()
        }
        include!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/golden/pattern_matcher.rs"
        ));
    }

    mod wrong {
        fn pattern_matcher(text: &str, pattern: &str) -> Vec<i64> {
            super::find(text, pattern, 1).unwrap()
        }

        mod inner {
            use super::pattern_matcher;
            include!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/golden/pattern_matcher_wrong.rs"
            ));
        }
    }
}

#[test]
fn sequences_shrink_to_the_calls_that_matter() {
    for seed in 0..10 {
        let report = run(entry("stack"), 3, &Settings::seeded(seed));
        let failure = report.failure.unwrap();
        // Four pushes, of which two differ, and the pop that takes from the bottom.
        assert_eq!(failure.calls.len(), 6, "{failure}");
        let report = run(entry("counter"), 1, &Settings::seeded(seed));
        let failure = report.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::ShouldRefuse);
        assert!(failure.calls.len() <= 3, "{failure}");
    }
}

#[test]
fn panics_are_failures_with_their_message() {
    let report = run(entry("counter"), 4, &Settings::default());
    let failure = report.failure.unwrap();
    assert_eq!(failure.kind, FailureKind::Panic);
    assert!(
        failure.explanation.contains("attempt to add with overflow"),
        "{failure}"
    );
}

#[test]
fn the_same_seed_gives_the_same_report_byte_for_byte() {
    for entry in &ENTRIES {
        for fault in [0, 1] {
            let settings = Settings::seeded(5);
            let first = run(entry, fault, &settings).to_json().unwrap();
            assert_eq!(first, run(entry, fault, &settings).to_json().unwrap());
            let read = voidstate_spec::generate::Report::from_json(&first).unwrap();
            assert_eq!(read.to_json().unwrap(), first);
        }
    }
}

#[test]
fn reports_of_failures_read_well() {
    let mut text = String::new();
    for (tool, fault) in [
        ("clamp", 5),
        ("overlap", 4),
        ("lru_cache", 1),
        ("ring_buffer", 1),
        ("lookup", 4),
    ] {
        let report = run(entry(tool), fault, &Settings::default());
        text.push_str(&report.to_string());
        text.push_str("\n\n");
    }
    golden("failures.txt", &text);
}
