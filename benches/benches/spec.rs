//! Generated cases per CPU second: drawn from a spec, judged by its clauses.
//!
//! Peer: proptest with strategies and a property written by hand for the same implementation. Its property is compiled
//! Rust and ours is evaluated from the spec's text, so the full figure says what writing no test code costs; `draws`
//! compares the drawing alone, under a precondition that proptest's strategies are shaped for by hand.

use std::hint::black_box;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use voidstate_benches::{Pair, Plan, pair, plan, report_fact, report_pair};
use voidstate_spec::generate::{Settings, check};
use voidstate_spec::language::{Value, compile};
use voidstate_spec::{Called, Subject};

const MATCHER: &str = r#"
tool find {
  input text: text
  input pattern: text
  output positions: [int]
  requires "some pattern": 1 <= len(pattern) <= 4 and len(text) <= 16
  ensures "valid": all(positions, |p| 0 <= p <= len(text) - len(pattern))
  ensures "each is a match": all(positions, |p| text[p..p + len(pattern)] == pattern)
  ensures "every match is found": all(0..len(text) - len(pattern) + 1, |i| text[i..i + len(pattern)] == pattern => i in positions)
}"#;

const SEARCH: &str = r#"
tool search {
  input xs: [int]
  input x: int
  output found: bool
  requires "sorted": is_sorted(xs) and len(xs) <= 16 and all(xs, |y| 0 <= y <= 100) and 0 <= x <= 100
  ensures "there": found <=> x in xs
}"#;

const DRAWS: &str = r#"
tool draws {
  input low: int
  input high: int
  input xs: [int]
  requires "within": 0 <= low <= high <= 1000 and len(xs) <= 16 and all(xs, |x| low <= x <= high)
}"#;

fn find(text: &[char], pattern: &[char]) -> Vec<i64> {
    let windows = text.windows(pattern.len().max(1)).zip(0..);
    windows
        .filter(|(w, _)| *w == pattern)
        .map(|(_, i)| i)
        .collect()
}

struct Bridge(fn(&[Value]) -> Vec<Value>);

impl Subject for Bridge {
    fn reset(&mut self) {}

    fn call(&mut self, _: usize, inputs: &[Value]) -> Called {
        Called::Returned((self.0)(inputs))
    }

    fn state(&self) -> Option<Vec<Value>> {
        None
    }
}

fn matcher(inputs: &[Value]) -> Vec<Value> {
    let [Value::Text(text), Value::Text(pattern)] = inputs else {
        return Vec::new();
    };
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    let found = find(&text, &pattern).into_iter().map(Value::Int);
    vec![Value::list(found.collect::<Vec<_>>())]
}

fn search(inputs: &[Value]) -> Vec<Value> {
    let [Value::List(xs), Value::Int(x)] = inputs else {
        return Vec::new();
    };
    let xs: Vec<i64> = xs
        .iter()
        .filter_map(|v| {
            if let Value::Int(i) = v {
                Some(*i)
            } else {
                None
            }
        })
        .collect();
    vec![Value::Bool(xs.binary_search(x).is_ok())]
}

const CASES: usize = 400;

/// CPU nanoseconds per judged case, ours and proptest's.
fn figure<S: Strategy>(
    name: &str,
    spec: &str,
    subject: fn(&[Value]) -> Vec<Value>,
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError> + Copy,
) {
    let checked = compile(spec).expect("the spec of the bench checks");
    let tool = &checked.tools[0];
    let settings = Settings::seeded(1).cases(CASES).patience(None);
    let judged = check(tool, &mut Bridge(subject), &settings);
    assert!(judged.passed(), "{judged}");
    let cases = u32::try_from(judged.cases).expect("few cases");
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    };
    let found = pair(
        plan(Plan::SLOW),
        || {
            black_box(check(tool, &mut Bridge(subject), &settings));
        },
        || {
            let mut runner = TestRunner::new(config.clone());
            runner.run(&strategy, property).expect("the property holds");
        },
    );
    let per_case = Pair {
        ours_ns: found.ours_ns / f64::from(cases),
        peer_ns: found.peer_ns / f64::from(cases),
        ratio: found.ratio,
    };
    report_pair("spec", name, "proptest", per_case);
    report_fact(
        "spec",
        &format!("{name}_cases_per_cpu_second"),
        1e9 / per_case.ours_ns,
        "1/s",
    );
}

fn main() {
    figure(
        "matcher_case",
        MATCHER,
        matcher,
        ("[ab]{0,16}", "[ab]{1,4}"),
        |(text, pattern)| {
            let (text, pattern): (Vec<char>, Vec<char>) =
                (text.chars().collect(), pattern.chars().collect());
            let found = find(&text, &pattern);
            for start in 0..(text.len() + 1).saturating_sub(pattern.len()) {
                let hit = text[start..start + pattern.len()] == pattern[..];
                prop_assert_eq!(hit, found.contains(&i64::try_from(start).unwrap_or(-1)));
            }
            Ok(())
        },
    );
    figure(
        "search_case",
        SEARCH,
        search,
        (proptest::collection::vec(0_i64..=100, 0..=16), 0_i64..=100),
        |(mut xs, x)| {
            xs.sort_unstable();
            prop_assert_eq!(xs.binary_search(&x).is_ok(), xs.contains(&x));
            Ok(())
        },
    );
    figure(
        "draw",
        DRAWS,
        |_| Vec::new(),
        (0_i64..=1000).prop_flat_map(|low| {
            (low..=1000).prop_flat_map(move |high| {
                (
                    Just(low),
                    Just(high),
                    proptest::collection::vec(low..=high, 0..=16),
                )
            })
        }),
        |(low, high, xs)| {
            prop_assert!(xs.iter().all(|x| (low..=high).contains(x)));
            Ok(())
        },
    );
}
