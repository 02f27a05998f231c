//! What this test binary is when it is a tool's process.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use voidstate_core::{
    Config, Ctx, Effect, EffectSet, Firing, LogLevel, MetricName, Placement, Result, Tool,
    ToolFactory, ToolMeta,
};
use voidstate_runtime::process::{end_with_engine, host};

use crate::engine::kit::{error, value_of};
use crate::record::busy::{BusyFactory, Habits};
use crate::sessions::kit::{Notes, asker, teller};

/// Ends this process as an out-of-memory killer would.
pub(crate) fn die() -> ! {
    let _ = kill_process(getpid(), Signal::KILL);
    std::process::abort();
}

/// A tool that counts, and dies where its variant says.
pub(crate) struct Mortal {
    meta: ToolMeta,
}

impl Mortal {
    pub(crate) fn new() -> Self {
        let mut meta = ToolMeta::new("mortal", "host.**", "counts, and dies").unwrap();
        meta.effects = EffectSet::of(&[
            Effect::ReadState,
            Effect::WriteState,
            Effect::EmitMetric,
            Effect::Log,
        ]);
        Self { meta }
    }
}

impl ToolFactory for Mortal {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        let step = std::env::var("DIES").unwrap_or_default();
        let times = std::env::var("MARK").ok();
        // Once for each mark: the process after that lives.
        let first = times.is_none_or(|mark| !std::path::Path::new(&mark).exists());
        let step = if first { step } else { String::new() };
        if step == "after_init" {
            mark();
            die();
        }
        Ok(Box::new(Counter { step, count: 0 }))
    }
}

/// Remembers that somebody died.
fn mark() {
    if let Ok(mark) = std::env::var("MARK") {
        std::fs::write(mark, "").unwrap();
    }
}

struct Counter {
    step: String,
    count: u64,
}

impl Counter {
    fn dies(&self, step: &str) -> bool {
        if self.step == step {
            mark();
        }
        self.step == step
    }
}

impl Tool for Counter {
    #[expect(
        clippy::print_stderr,
        reason = "what a child writes there is looked at"
    )]
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        self.count += 1;
        let is_second = value_of(firing) >= 1.0;
        if is_second && self.dies("in_start") {
            eprintln!("these are my last words");
            die();
        }
        if is_second && self.dies("asks") {
            // The engine's end of this call kills us.
            ctx.read_state("kill")?;
        }
        ctx.read_state("key")?;
        if is_second && self.dies("after_answer") {
            die();
        }
        ctx.write_state("count", &self.count.to_le_bytes())?;
        ctx.metric(&MetricName::new("mortal.count")?, self.count as f64)?;
        if is_second && self.dies("before_complete") {
            die();
        }
        match self.step.as_str() {
            "hangs" if is_second => {
                mark();
                loop {
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
            "panics" if is_second => {
                mark();
                panic!("it was too much");
            }
            "exits" if is_second => {
                mark();
                std::process::exit(3);
            }
            "noise" => {
                for _ in 0..2000 {
                    eprintln!("{}", "noise ".repeat(20));
                }
            }
            "fails" => return Err(error("mortal", "on purpose")),
            "undeclared" => {
                let _ = ctx.now();
            }
            _ => {}
        }
        ctx.log(LogLevel::Info, &format!("count {}", self.count))
    }

    fn save(&self) -> Result<Vec<u8>> {
        if self.dies("in_save") {
            die();
        }
        Ok(self.count.to_le_bytes().to_vec())
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let bytes = state.try_into().map_err(|_| error("mortal", "bad state"))?;
        self.count = u64::from_le_bytes(bytes);
        Ok(())
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if self.step == "in_cancel" {
            die();
        }
    }
}

/// The tools that a child of these tests can be.
pub(crate) fn tools() -> Vec<Arc<dyn ToolFactory>> {
    let mut other = Mortal::new();
    other.meta.id = "changed".parse().unwrap();
    other.meta.version = "0.2.0".to_owned();
    vec![
        Arc::new(Mortal::new()),
        Arc::new(other),
        BusyFactory::new("first", &[], Habits::default()),
        BusyFactory::new("second", &["first"], Habits::default()),
        teller(&Notes::default()),
        asker(&Notes::default()),
    ]
}

#[test]
#[ignore = "a process of its own for the other tests, which start it"]
fn host_entry() {
    let step = std::env::var("DIES").unwrap_or_default();
    if step == "before_init" && !std::path::Path::new(&std::env::var("MARK").unwrap()).exists() {
        mark();
        die();
    }
    let output = std::fs::OpenOptions::new()
        .write(true)
        .open("/proc/self/fd/3")
        .unwrap();
    let input = std::io::stdin();
    match step.as_str() {
        "talks" => {
            (&output).write_all(b"hello, I am no tool at all").unwrap();
            std::thread::sleep(Duration::from_secs(30));
        }
        "deaf" => std::thread::sleep(Duration::from_secs(30)),
        _ => {}
    }
    end_with_engine(&input).unwrap();
    host(&tools(), &input, &output).unwrap();
}
