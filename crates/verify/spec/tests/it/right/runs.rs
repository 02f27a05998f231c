//! Runs of equal values, and back.

use voidstate_spec::{SpecValue, implements};

#[derive(Debug, Clone, PartialEq, SpecValue)]
pub(crate) struct Run {
    pub(crate) value: i64,
    pub(crate) times: usize,
}

#[implements(inline = r#"
record Run { value: int, times: int }
tool encode "runs of equal neighbours" {
  input xs: [int]
  output runs: [Run]
  ensures "the same values": flat_map(runs, |r| map(0..r.times, |i| r.value)) == xs
  ensures "no run is empty": all(runs, |r| r.times >= 1)
  ensures "neighbours differ": all(1..len(runs), |i| runs[i - 1].value != runs[i].value)
}"#)]
pub(crate) fn encode(xs: &[i64]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for &value in xs {
        match runs.last_mut() {
            Some(run) if run.value == value => run.times += 1,
            _ => runs.push(Run { value, times: 1 }),
        }
    }
    runs
}

#[implements(inline = r#"
record Run { value: int, times: int }
tool decode "the values of runs" {
  input runs: [Run]
  output xs: [int]
  requires "counts": all(runs, |r| 0 <= r.times <= 1000)
  ensures "as often as said, in order": xs == flat_map(runs, |r| map(0..r.times, |i| r.value))
}"#)]
pub(crate) fn decode(runs: Vec<Run>) -> Vec<i64> {
    let mut xs = Vec::new();
    for run in runs {
        for _ in 0..run.times {
            xs.push(run.value);
        }
    }
    xs
}
