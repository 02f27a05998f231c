//! Tests made of the specs that `right` bears, and of the seeded off-by-one.

use voidstate_spec::complexity::{self, Verdict};
use voidstate_spec::generate::{self, FailureKind, Settings};
use voidstate_spec::{Implements, implements};

use crate::right::{intervals, limiter, median, merging, pattern, ring, runs, searching};

/// Runs the tests made of the spec of `T`; says what failed in full.
fn holds<T: Implements>() {
    let report = generate::check(T::spec().tool(), &mut *T::subject(), &Settings::default());
    if T::spec().path().ends_with(".spec") {
        report.write_if_asked().unwrap();
    }
    assert!(report.passed(), "{report}");
    assert!(report.rejection() <= 0.2, "{report}");
}

#[test]
fn pattern_matcher_keeps_its_spec() {
    holds::<pattern::pattern_matcher>();
}

#[test]
fn first_place_keeps_its_spec() {
    holds::<searching::first_place>();
}

#[test]
fn merge_keeps_its_spec() {
    holds::<merging::merge>();
}

#[test]
fn runs_keep_their_spec() {
    holds::<runs::encode>();
    holds::<runs::decode>();
}

#[test]
fn median_and_clamped_keep_their_spec() {
    holds::<median::median>();
    holds::<median::clamped>();
}

#[test]
fn ring_keeps_its_spec() {
    holds::<ring::Ring>();
}

#[test]
fn limiter_keeps_its_spec() {
    holds::<limiter::Limiter>();
}

#[test]
fn united_keeps_its_spec() {
    holds::<intervals::united>();
}

mod off_by_one {
    use super::implements;

    /// Never looks at the last place.
    #[implements("specs/pattern_matcher.spec")]
    pub(super) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, String> {
        let text: Vec<char> = text.chars().collect();
        let pattern: Vec<char> = pattern.chars().collect();
        if pattern.is_empty() {
            return Err("no pattern".to_owned());
        }
        let places = text.len().saturating_sub(pattern.len());
        let is_match = |at: &usize| text[*at..*at + pattern.len()] == pattern[..];
        Ok((0..places).filter(is_match).collect())
    }
}

#[test]
fn an_off_by_one_yields_a_minimal_counterexample() {
    type Wrong = off_by_one::pattern_matcher;
    for seed in 0..10 {
        let report = generate::check(
            Wrong::spec().tool(),
            &mut *Wrong::subject(),
            &Settings::seeded(seed),
        );
        let failure = report.failure.unwrap();
        assert!(
            matches!(failure.kind, FailureKind::Ensures | FailureKind::Example),
            "{failure:?}"
        );
        assert_eq!(
            failure.calls,
            ["pattern_matcher(text: \"a\", pattern: \"a\")"],
            "seed {seed}"
        );
    }
}

mod slow {
    use voidstate_spec::complexity::Counted;

    use super::implements;

    /// Looks at the whole text again for each place.
    #[implements("specs/pattern_matcher.spec")]
    pub(super) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, String> {
        let text: Vec<Counted<char>> = text.chars().map(Counted).collect();
        let pattern: Vec<Counted<char>> = pattern.chars().map(Counted).collect();
        if pattern.is_empty() {
            return Err("no pattern".to_owned());
        }
        let places = || {
            let windows = text.windows(pattern.len()).enumerate();
            windows.filter(|(_, part)| *part == pattern)
        };
        let count = places().count();
        let nth = |i| places().nth(i).map(|(at, _)| at);
        Ok((0..count).filter_map(nth).collect())
    }
}

fn growth_of<T: Implements>() -> Verdict {
    let operation = &T::spec().tool().operations[0];
    let claim = &operation.complexity[0];
    let mut settings = complexity::Settings::default();
    settings.cost_max = 100_000;
    settings.size_max = 1 << 12;
    let report = complexity::measure(0, claim, &mut *T::subject(), settings, |case| {
        complexity::inputs(operation, claim, case)
    });
    report.unwrap().verdict
}

#[test]
fn pattern_matcher_grows_as_claimed() {
    assert_eq!(growth_of::<pattern::pattern_matcher>(), Verdict::Within);
    type Slow = slow::pattern_matcher;
    let report = generate::check(
        Slow::spec().tool(),
        &mut *Slow::subject(),
        &Settings::default(),
    );
    assert!(report.passed(), "only its growth is wrong: {report}");
    assert!(matches!(growth_of::<Slow>(), Verdict::Exceeded { .. }));
}
