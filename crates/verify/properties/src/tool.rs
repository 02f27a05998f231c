//! The laws of every tool, held against one: whatever implements the core's `ToolFactory`.
//!
//! It is *not* a test of what the tool is for: whether a finding is right, its own specification says.
//!
//! ```
//! # use voidstate_core::*;
//! # #[derive(Debug)] struct Counter(ToolMeta);
//! # struct Count(u64);
//! # impl Tool for Count {
//! #     fn observe(&mut self, _: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
//! #         self.0 += 1;
//! #         ctx.metric(&MetricName::new("signals")?, self.0 as f64)
//! #     }
//! # }
//! # impl ToolFactory for Counter {
//! #     fn meta(&self) -> &ToolMeta { &self.0 }
//! #     fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> { Ok(Box::new(Count(0))) }
//! # }
//! use voidstate_properties::tool::{Settings, check};
//!
//! // A counter of signals that forgets to save its count and to declare `emit_metric`.
//! let counter = Counter(ToolMeta::new("counter", "host.**", "counts")?);
//! let report = check(&counter, &Settings { cases: 2, ..Settings::default() }).expect("the settings are sound");
//! let broken: Vec<&str> = report.violations().map(|(law, _)| law.name).collect();
//! assert!(broken.contains(&"used_effects_are_declared"));
//! # Ok::<(), Error>(())
//! ```
//!
//! # Laws
//! [`LAWS`] lists them with what they say. Signals are drawn for the tool's own subscriptions: ordinary ones, in which
//! something steps now and then so that a tool that finds things does find some, and hostile ones. A law that is broken
//! comes with the steps that break it, made as few and as plain as can be, as JSON lines that [`from_json_lines`] reads.
//!
//! # Invariants
//! - Each law catches a tool that breaks it: `each_planted_fault_is_caught_by_the_name_of_its_law`.
//! - A tool that keeps them passes: `a_correct_tool_passes_every_law`.
//! - The same seed gives the same report, costs excepted: `a_check_is_the_same_for_the_same_seed`.
//! - Two tools that differ are told apart by few steps: `tools_that_differ_are_told_apart`.
//! - Steps read back from JSON as what they were: `steps_read_back_as_what_they_were`.
//!
//! # Cost
//! About 25 runs of a few thousand signals for each of [`Settings::cases`]; shrinking at most three million steps more.
//!
//! # Limits
//! A tool that never returns is not ended: run the check on a thread of its own and watch [`Progress`]. What dependencies
//! say is always nothing. Memory is measured only with a [`Meter`] that has an account.

mod check;
mod compare;
mod context;
mod finding;
mod hooks;
mod hostile;
mod laws;
mod meter;
mod ordinary;
mod random;
mod report;
mod run;
mod shrink;
mod step;
mod store;
mod stream;

use std::time::Duration;

use voidstate_core::ToolFactory;

use crate::Error;

pub use check::{OnProgress, Progress};
pub use compare::{Comparison, Difference, compare};
pub use laws::LAWS;
pub use meter::{Account, Meter, ThreadClock};
pub use report::{Figure, Law, LawReport, Outcome, Report, Violation};
pub use step::{Step, from_json_lines, to_json_lines};

/// Most cases per law.
pub const CASES_MAX: u64 = 100_000;
/// Most steps of a recording.
pub const RECORDING_STEPS_MAX: usize = 200_000;

/// How a tool is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Seed from which every case is drawn.
    pub seed: u64,
    /// Cases per law, 1 to [`CASES_MAX`]; laws that need few have fewer.
    pub cases: u64,
    /// Signals per second for which the share of a core is stated.
    pub signals_per_second: f64,
    /// Series in the case with very many of them.
    pub crowd: usize,
    /// Time between two runs that must be the same, so that a clock in whole seconds shows.
    pub pause: Duration,
    /// What the tool is shown in the first case of each law instead of drawn ordinary signals; at most
    /// [`RECORDING_STEPS_MAX`] steps.
    pub recording: Vec<Step>,
}

impl Default for Settings {
    /// Seed 1, 12 cases, 1000 signals per second, a crowd of 100,000 series, a pause of 1.1 s, no recording.
    fn default() -> Self {
        Self {
            seed: 1,
            cases: 12,
            signals_per_second: 1000.0,
            crowd: 100_000,
            pause: Duration::from_millis(1100),
            recording: Vec::new(),
        }
    }
}

impl Settings {
    fn check(&self) -> Result<(), Error> {
        let fail = |setting, value: String, expected| {
            Err(Error::Settings {
                setting,
                value,
                expected,
            })
        };
        if !(1..=CASES_MAX).contains(&self.cases) {
            return fail("cases", self.cases.to_string(), "1 to 100000");
        }
        if !(self.signals_per_second > 0.0 && self.signals_per_second <= 1e9) {
            let value = self.signals_per_second.to_string();
            return fail("signals_per_second", value, "more than 0, at most 1e9");
        }
        if self.crowd > 1_000_000 {
            return fail("crowd", self.crowd.to_string(), "at most 1000000 series");
        }
        if self.pause > Duration::from_secs(60) {
            return fail("pause", format!("{:?}", self.pause), "at most 60 s");
        }
        if self.recording.len() > RECORDING_STEPS_MAX {
            let value = format!("{} steps long", self.recording.len());
            return fail("recording", value, "at most 200000 steps");
        }
        Ok(())
    }
}

/// Holds every law against the tool that `factory` makes, measuring CPU time with [`ThreadClock`] and no memory.
///
/// # Errors
/// [`Error::Settings`] for settings that cannot be worked with. A broken law is no error but part of the report.
pub fn check(factory: &dyn ToolFactory, settings: &Settings) -> Result<Report, Error> {
    let go_on = |_: Progress| std::ops::ControlFlow::Continue(());
    check_with(factory, settings, &ThreadClock, &go_on)
}

/// As [`check`], with a meter of the caller's, who is told of the progress and may stop it.
///
/// # Errors
/// As for [`check`].
pub fn check_with(
    factory: &dyn ToolFactory,
    settings: &Settings,
    meter: &dyn Meter,
    progress: OnProgress<'_>,
) -> Result<Report, Error> {
    settings.check()?;
    Ok(check::run(factory, settings, meter, progress))
}
