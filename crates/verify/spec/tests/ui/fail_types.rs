use voidstate_spec::{SpecValue, implements};

#[implements("specs/pattern_matcher.spec")]
fn wrong_input(text: &str, pattern: &[u8]) -> Result<Vec<usize>, String> {
    Err(format!("{text}{pattern:?}"))
}

#[implements("specs/pattern_matcher.spec", tool = "pattern_matcher")]
fn wrong_output(text: &str, pattern: &str) -> Result<Vec<f64>, String> {
    Err(format!("{text}{pattern}"))
}

#[derive(Clone, SpecValue)]
enum Kind {
    Normal,
    Anomaly(i64),
    Named(String, i64),
}

#[derive(Clone, SpecValue)]
struct Episode {
    start: i64,
    end_ns: Option<i64>,
    peak: f64,
    kind: Kind,
}

#[implements("tests/specs/shapes.spec", operation = "longest")]
fn no_unit(episodes: &[Episode], at_least_ns: i64) -> Option<Episode> {
    episodes.get(at_least_ns as usize).cloned()
}

#[implements("tests/specs/shapes.spec", operation = "split")]
fn three(numbers: &[i64]) -> (Vec<i64>, Vec<i64>, bool) {
    (numbers.to_vec(), Vec::new(), true)
}

struct Opaque;

#[implements("tests/specs/small.spec", tool = "panics")]
fn no_counterpart(n: Opaque) -> u8 {
    let Opaque = n;
    0
}

fn main() {}
