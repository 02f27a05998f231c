use voidstate_spec::implements;

#[implements("specs/pattern_matcher.spec")]
fn wrong_parameter(text: &str, patern: &str) -> Result<Vec<usize>, String> {
    Err(format!("{text}{patern}"))
}

#[implements("specs/pattern_matcher.spec")]
fn missing_parameter(text: &str) -> Result<Vec<usize>, String> {
    Err(text.to_owned())
}

#[implements("specs/pattern_matcher.spec")]
fn cannot_refuse(text: &str, pattern: &str) -> Vec<usize> {
    vec![text.len(), pattern.len()]
}

#[implements("tests/specs/shapes.spec", operation = "longets")]
fn unknown_operation() {}

#[derive(Debug)]
struct Unbound;

#[implements("tests/ui/bad_types.spec")]
fn bad_spec(name: &str) -> usize {
    name.len()
}

#[implements("tests/specs/small.spec", tool = "root")]
async fn has_several_calls<T>(n: T) -> i64 {
    0
}

struct Window;

#[implements("tests/specs/window.spec")]
impl Window {
    fn new(capacity: usize) -> Self {
        Self
    }

    fn push(&mut self, x: i64) -> usize {
        0
    }

    fn capacity(&self) -> usize {
        1
    }
}

struct Grown(Vec<i64>);

#[implements("tests/specs/window.spec", fields(values: Vec<i64>, capacity: usize))]
impl Grown {
    fn new(capacity: usize) -> Self {
        Self(Vec::new())
    }

    fn push(&mut self, x: i64) -> usize {
        0
    }
}

fn main() {}
