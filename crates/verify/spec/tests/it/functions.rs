//! Functions: the pattern matcher, right and with an off-by-one, and what may go wrong around a call.

use voidstate_spec::language::Value;
use voidstate_spec::{Called, implements, subject, too_costly, without_contracts};

use crate::breach_of;

#[derive(Debug, PartialEq)]
pub(crate) struct NoPattern;

#[implements("specs/pattern_matcher.spec")]
pub(crate) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, NoPattern> {
    if pattern.is_empty() {
        return Err(NoPattern);
    }
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let windows = text.windows(pattern.len()).enumerate();
    Ok(windows
        .filter(|(_, w)| *w == pattern)
        .map(|(at, _)| at)
        .collect())
}

/// Never looks at the last place.
mod off_by_one {
    use voidstate_spec::implements;

    #[implements("specs/pattern_matcher.spec")]
    pub(crate) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, String> {
        if pattern.is_empty() {
            return Err("no pattern".to_owned());
        }
        let text: Vec<char> = text.chars().collect();
        let pattern: Vec<char> = pattern.chars().collect();
        let places = 0..text.len().saturating_sub(pattern.len());
        Ok(places
            .filter(|at| text[*at..].starts_with(&pattern))
            .collect())
    }
}

/// Forgets to refuse.
mod never_refuses {
    use voidstate_spec::implements;

    #[implements("specs/pattern_matcher.spec")]
    pub(crate) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, String> {
        let _ = (text, pattern);
        Ok(Vec::new())
    }
}

/// Refuses what it must do.
mod always_refuses {
    use voidstate_spec::implements;

    #[implements("specs/pattern_matcher.spec")]
    pub(crate) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, String> {
        Err(format!("{text} and {pattern} are beneath me"))
    }
}

#[test]
fn the_right_pattern_matcher_passes() {
    assert_eq!(pattern_matcher("abab", "ab"), Ok(vec![0, 2]));
    assert_eq!(pattern_matcher("äaä", "ä"), Ok(vec![0, 2]));
    assert_eq!(pattern_matcher("", "a"), Ok(vec![]));
    assert_eq!(pattern_matcher("abc", ""), Err(NoPattern));
}

#[test]
fn an_off_by_one_is_a_breach_that_names_clause_inputs_and_both_sides() {
    assert_eq!(off_by_one::pattern_matcher("aba", "b"), Ok(vec![1]));
    let text = breach_of(|| off_by_one::pattern_matcher("aa", "a"));
    for part in [
        "the implementation of `pattern_matcher` broke its contract",
        "ensures \"every match is found\"",
        "text = \"aa\"",
        "pattern = \"a\"",
        "result.positions = [0]",
        "specs/pattern_matcher.spec:",
        "tests/it/functions.rs:",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn refusals_are_held_both_ways() {
    let text = breach_of(|| never_refuses::pattern_matcher("", ""));
    assert!(
        text.contains("fails \"no pattern\"") && text.contains("it must refuse"),
        "{text}"
    );
    let text = breach_of(|| always_refuses::pattern_matcher("b", "a"));
    assert!(
        text.contains("so it must succeed") && text.contains("beneath me"),
        "{text}"
    );
    assert!(always_refuses::pattern_matcher("b", "").is_err());
}

#[test]
fn a_subject_is_called_with_values_and_without_contracts() {
    let mut subject = subject!(off_by_one::pattern_matcher);
    let inputs = [Value::Text("aa".into()), Value::Text("a".into())];
    let wrong = Value::List(vec![Value::Int(0)].into());
    assert_eq!(subject.call(0, &inputs), Called::Returned(vec![wrong]));
    let empty = [Value::Text("aa".into()), Value::Text("".into())];
    assert!(
        matches!(subject.call(0, &empty), Called::Refused(text) if text.contains("no pattern"))
    );
    assert_eq!(subject.call(1, &inputs), Called::NoInstance);
    assert!(matches!(
        subject.call(0, &[Value::Int(1)]),
        Called::Inexpressible(_)
    ));
    assert_eq!(subject.state(), None);
}

#[implements("tests/specs/small.spec", tool = "root")]
fn root(n: i64) -> i64 {
    let mut root = 0;
    while (root + 1) * (root + 1) <= n {
        root += 1;
    }
    root
}

#[test]
fn the_caller_is_blamed_where_it_calls() {
    assert_eq!(root(17), 4);
    let line = line!() + 1;
    let text = breach_of(|| root(-1));
    assert!(text.contains("the caller of `root`"), "{text}");
    assert!(text.contains("requires \"not negative\""), "{text}");
    assert!(text.contains(&format!("functions.rs:{line}:")), "{text}");
}

#[implements("tests/specs/small.spec", tool = "factorial")]
fn factorial(n: u64) -> u64 {
    if n == 0 { 1 } else { n * factorial(n - 1) }
}

#[test]
fn recursion_is_checked_at_every_level() {
    assert_eq!(factorial(10), 3_628_800);
    assert!(breach_of(|| factorial(21)).contains("the caller of `factorial`"));
}

#[implements("tests/specs/small.spec", tool = "panics")]
fn panics(n: u8) -> u8 {
    assert!(n != 3, "three is too much");
    n
}

struct CallsOnDrop;

impl Drop for CallsOnDrop {
    fn drop(&mut self) {
        // Breaks the contract while the thread unwinds.
        let _ = std::hint::black_box(root(-1));
    }
}

#[test]
fn a_panic_in_the_body_stays_the_only_one() {
    assert_eq!(breach_of(|| panics(3)), "three is too much");
    let text = breach_of(|| {
        let _calls = CallsOnDrop;
        panic!("the first");
    });
    assert_eq!(text, "the first");
    // Contracts go on afterwards.
    assert!(breach_of(|| root(-5)).contains("the caller"));
}

#[implements("tests/specs/small.spec", tool = "no_value")]
fn no_value(xs: &[i64]) -> i64 {
    xs.iter().sum()
}

#[test]
fn a_clause_without_a_value_is_a_breach() {
    assert_eq!(no_value(&[1, 2]), 3);
    let text = breach_of(|| no_value(&[]));
    assert!(
        text.contains("a clause of `no_value` has no value"),
        "{text}"
    );
    assert!(text.contains("is outside"), "{text}");
}

#[test]
fn an_input_outside_the_language_is_said() {
    let text = breach_of(|| factorial(u64::MAX));
    assert!(text.contains("18446744073709551615"), "{text}");
}

#[implements("tests/specs/small.spec", tool = "costly")]
fn costly(n: u32) -> u32 {
    n
}

#[test]
fn what_is_too_costly_is_left_out_and_said_once() {
    assert_eq!(costly(3), 3);
    assert!(too_costly().is_empty() || !too_costly().concat().contains("costly.spec"));
    assert_eq!(costly(1500), 1500);
    assert_eq!(costly(1501), 1501);
    let said = too_costly();
    let ours: Vec<&String> = said
        .iter()
        .filter(|s| s.contains("\"quadratic\""))
        .collect();
    assert_eq!(ours.len(), 1, "{said:?}");
}

#[test]
fn contracts_can_be_switched_off_around_a_call() {
    assert_eq!(without_contracts(|| root(-1)), 0);
    assert!(breach_of(|| root(-1)).contains("the caller"));
    // Also when what is called unwinds.
    let text = breach_of(|| without_contracts(|| panics(3)));
    assert_eq!(text, "three is too much");
    assert!(breach_of(|| root(-1)).contains("the caller"));
}
