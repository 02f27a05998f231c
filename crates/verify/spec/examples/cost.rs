//! What contracts cost: CPU time per call with the contract, beside the same call without.
//!
//! `cargo run --profile ci -p voidstate-spec --features tool --example cost`

#![expect(clippy::print_stdout, reason = "an example talks to people")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use voidstate_core::{
    Ctx, DependencyView, Error, Finding, Firing, HookName, LogLevel, MetricName, Output, Result,
    SeriesId, SeriesInfo, SeriesKey, SignalRef, StoreReader, Timestamp, Tool, ToolId,
};
use voidstate_spec::{implements, without_contracts};

#[implements(
    inline = r#"
tool clamp "brings a number between two others" {
  input x: int
  input low: int
  input high: int
  output clamped: int
  requires "in order": low <= high
  ensures "between": low <= clamped <= high
  ensures "itself where it was": low <= x <= high => clamped == x
}"#,
    always
)]
#[inline(never)]
fn clamp(x: i64, low: i64, high: i64) -> i64 {
    x.max(low).min(high)
}

#[derive(Debug, Default)]
struct Scorer {
    open: Vec<u64>,
    latest: f64,
}

impl Scorer {
    fn open(&self) -> Vec<u64> {
        self.open.clone()
    }
}

#[implements(
    inline = r#"
enum Stage { instant, opened, updated, closed }
record Finding { episode: int, stage: Stage, start: int<ns>, end: int<ns>?, sentence: text }
tool scorer "gives every sample a score" {
  state open: [int]
  effects emit_finding
  operation observe {
    output findings: [Finding]
    output score: real?
    ensures "score": match score { some(s) -> 0.0 <= s <= 1.0, none -> true }
    ensures "opens once": all(findings, |f| f.stage == Stage.opened => not (f.episode in old(open)))
    ensures "ends well": all(findings, |f| match f.end { some(end) -> f.start <= end, none -> true })
    ensures "said": all(findings, |f| len(f.sentence) > 0)
    ensures "known": all(open, |e| e in old(open) or any(findings, |f| f.episode == e))
  }
}"#,
    methods(open: Vec<u64>),
    always
)]
impl Tool for Scorer {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        if let SignalRef::Sample { value, .. } = firing.signal {
            self.latest = value;
            ctx.output(Output {
                name: "score",
                value: 0.5.into(),
            });
        }
        Ok(())
    }
}

/// Nothing is around.
struct Nothing;

fn none<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "everything",
        reason: "this is a measurement",
    })
}

impl Ctx for Nothing {
    fn now(&mut self) -> Result<Timestamp> {
        none()
    }
    fn random(&mut self) -> Result<u64> {
        none()
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        none()
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        none()
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        none()
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        none()
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        none()
    }
    fn emit(&mut self, _: Finding) -> Result<()> {
        none()
    }
    fn output(&mut self, output: Output) {
        black_box(output);
    }
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        none()
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        None
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        none()
    }
}

/// Nanoseconds per call: the least of many short windows.
fn nanos(mut call: impl FnMut()) -> f64 {
    let mut best = Duration::MAX;
    for _ in 0..200 {
        let start = Instant::now();
        for _ in 0..500 {
            call();
        }
        best = best.min(start.elapsed());
    }
    best.as_secs_f64() * 1e9 / 500.0
}

fn main() -> Result<()> {
    let with = nanos(|| {
        black_box(clamp(black_box(5), 0, 10));
    });
    let without = nanos(|| {
        black_box(without_contracts(|| clamp(black_box(5), 0, 10)));
    });
    println!("a function of three integers, 3 clauses: {with:.0} ns with, {without:.0} ns without");

    let mut tool = Scorer::default();
    let hook = HookName::new("host.cpu")?;
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy")?);
    let signal = SignalRef::Sample {
        id: SeriesId(0),
        series: &series,
        time: Timestamp::from_secs(1),
        value: 1.0,
    };
    let firing = Firing {
        hook: &hook,
        signal,
        sequence: 0,
    };
    let with = nanos(|| {
        black_box(tool.observe(&firing, &mut Nothing).is_ok());
    });
    let without = nanos(|| {
        black_box(without_contracts(|| tool.observe(&firing, &mut Nothing)).is_ok());
    });
    println!(
        "a signal of which nothing is said, 5 clauses: {with:.0} ns with, {without:.0} ns without"
    );
    Ok(())
}
