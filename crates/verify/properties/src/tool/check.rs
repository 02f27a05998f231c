//! Leads a tool through the cases of every law.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::Duration;

use voidstate_core::{Attributes, Config, Effect, EffectSet, HookName, ToolFactory, ToolMeta};

use super::context::{Counts, Heard};
use super::meter::Meter;
use super::random::Random;
use super::report::{Law, LawReport, Outcome, Report, Violation};
use super::run::{Fault, Maker};
use super::shrink::shrink;
use super::stream::Stream;
use super::{Settings, Step, hooks, laws};

/// How far a check is, for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Name of the law that is being tried.
    pub law: &'static str,
    /// Which law that is, from 0.
    pub number: usize,
    /// How many laws there are.
    pub laws: usize,
    /// Case that begins, from 0.
    pub case: u64,
    /// Whether the case has failed and is being made small.
    pub is_shrinking: bool,
}

/// Called before every case and every attempt to make one small; [`ControlFlow::Break`] ends the check, which then says
/// that it was cut short.
pub type OnProgress<'a> = &'a dyn Fn(Progress) -> ControlFlow<()>;

/// What all laws share.
pub(crate) struct Check<'a> {
    pub(crate) maker: Maker<'a>,
    pub(crate) meta: &'a ToolMeta,
    pub(crate) settings: &'a Settings,
    pub(crate) meter: &'a dyn Meter,
    pub(crate) hooks: Vec<HookName>,
    pub(crate) foreign: Vec<HookName>,
    /// What was heard over all laws so far.
    pub(crate) tally: Tally,
    progress: OnProgress<'a>,
    number: usize,
    pub(crate) cut_short: Cell<bool>,
}

/// Sums over everything heard.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) signals: u64,
    pub(crate) counts: Counts,
    pub(crate) used: EffectSet,
    pub(crate) files: std::collections::BTreeSet<(String, bool)>,
    pub(crate) undeclared: Option<(Effect, u64, Vec<Step>, usize)>,
}

impl Tally {
    /// Takes in what was heard over a stream in case `case`.
    pub(crate) fn add(&mut self, heard: &Heard, stream: &Stream, case: u64) {
        self.signals += stream.signals();
        self.counts.findings += heard.counts.findings;
        self.counts.outputs += heard.counts.outputs;
        self.counts.metrics += heard.counts.metrics;
        self.counts.errors += heard.counts.errors;
        self.used = self.used.union(heard.used);
        self.files.extend(heard.files.iter().cloned());
        if let Some((at, effect)) = heard.undeclared
            && self.undeclared.is_none()
        {
            let until = (at + 1).min(stream.steps.len());
            let steps = stream.steps.iter().take(until).cloned().collect();
            self.undeclared = Some((effect, case, steps, stream.steps.len()));
        }
    }
}

/// One case of one law.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) number: u64,
    pub(crate) seed: u64,
}

impl Case {
    /// A generator for the part `name` of the case.
    pub(crate) fn random(self, name: &str) -> Random {
        Random::part(self.seed, name, self.number)
    }
}

/// Draws the steps of a case.
pub(crate) type Draw<'d> = &'d dyn Fn(&Check<'_>, Case) -> Vec<Step>;
/// Puts the tool through them.
pub(crate) type Test<'t> = &'t dyn Fn(&Check<'_>, &Stream, Case, &mut Tally) -> Result<(), Fault>;

impl Check<'_> {
    /// Tries a law on `cases` drawn cases, and makes the first one that fails small.
    pub(crate) fn law(
        &mut self,
        law: Law,
        cases: u64,
        draw: Draw<'_>,
        test: Test<'_>,
    ) -> LawReport {
        let before = (self.tally.signals, self.meter.cpu_time());
        let mut outcome = Outcome::Holds;
        let mut tried = 0;
        for number in 0..cases {
            if self.goes_on(law, number).is_break() {
                if number == 0 {
                    outcome = stopped();
                }
                break;
            }
            tried += 1;
            let case = Case {
                number,
                seed: self.settings.seed,
            };
            let stream = Stream::new(draw(self, case));
            let mut tally = std::mem::take(&mut self.tally);
            let result = test(self, &stream, case, &mut tally);
            self.tally = tally;
            if let Err(fault) = result {
                outcome = self.violated(law, stream, fault, case, test);
                break;
            }
        }
        self.report(law, outcome, tried, before)
    }

    /// The report of a law, with what it cost since `before`.
    pub(crate) fn report(
        &self,
        law: Law,
        outcome: Outcome,
        cases: u64,
        before: (u64, Option<Duration>),
    ) -> LawReport {
        let now = self.meter.cpu_time();
        LawReport {
            law,
            outcome,
            cases,
            signals: self.tally.signals - before.0,
            cpu: now
                .zip(before.1)
                .map(|(now, then)| now.saturating_sub(then)),
            notes: Vec::new(),
            figures: Vec::new(),
        }
    }

    pub(crate) fn before(&self) -> (u64, Option<Duration>) {
        (self.tally.signals, self.meter.cpu_time())
    }

    /// Tells how far it is; whether the check goes on.
    pub(crate) fn goes_on(&self, law: Law, case: u64) -> ControlFlow<()> {
        self.tell(law, case, false)
    }

    /// As [`goes_on`](Self::goes_on), for an attempt to make a case small.
    pub(crate) fn tell(&self, law: Law, case: u64, is_shrinking: bool) -> ControlFlow<()> {
        if self.cut_short.get() {
            return ControlFlow::Break(());
        }
        let told = (self.progress)(Progress {
            law: law.name,
            number: self.number,
            laws: laws::COUNT,
            case,
            is_shrinking,
        });
        self.cut_short.set(told.is_break());
        told
    }

    fn violated(
        &self,
        law: Law,
        stream: Stream,
        fault: Fault,
        case: Case,
        test: Test<'_>,
    ) -> Outcome {
        let message = match fault {
            Fault::Unfit(reason) => return Outcome::NotChecked { reason },
            Fault::Panic(message) | Fault::Breach(message) => message,
        };
        let steps_drawn = stream.steps.len();
        let mut fails = |steps: &[Step]| {
            // Once it is stopped, the case stays as large as it is.
            if self.tell(law, case.number, true).is_break() {
                return None;
            }
            let stream = Stream::new(steps.to_vec());
            match test(self, &stream, case, &mut Tally::default()) {
                Err(Fault::Panic(message) | Fault::Breach(message)) => Some(message),
                Ok(()) | Err(Fault::Unfit(_)) => None,
            }
        };
        let (steps, message) = shrink(stream.steps, message, &mut fails);
        Outcome::Violated(Violation {
            message,
            case: case.number,
            steps,
            steps_drawn,
        })
    }
}

/// What a law that was never reached says.
pub(crate) fn stopped() -> Outcome {
    Outcome::NotChecked {
        reason: "the check was stopped before".to_owned(),
    }
}

/// Tries all laws.
pub(crate) fn run(
    factory: &dyn ToolFactory,
    settings: &Settings,
    meter: &dyn Meter,
    progress: OnProgress<'_>,
) -> Report {
    let meta = factory.meta();
    let mut unmatched = Vec::new();
    let hooks = hooks::of(meta, &mut unmatched);
    let checked = Config::checked(&meta.config, &Attributes::new());
    let config = checked.as_ref().ok().cloned().unwrap_or_default();
    let mut check = Check {
        maker: Maker {
            factory,
            config: &config,
        },
        meta,
        settings,
        meter,
        foreign: hooks::foreign(meta),
        hooks,
        tally: Tally::default(),
        progress,
        number: 0,
        cut_short: Cell::new(false),
    };
    let mut reports = vec![laws::metadata(&mut check, unmatched)];
    if !reports.iter().any(LawReport::is_violated) {
        for law in laws::ALL {
            check.number += 1;
            reports.push(law(&mut check));
        }
        panics_first(&mut reports);
        let silent = laws::never_spoke(meta, check.tally.counts.findings);
        let findings = reports
            .iter_mut()
            .find(|r| r.law == laws::FINDINGS_ARE_SOUND);
        if let (Some(report), Some(note)) = (findings, silent) {
            if report.outcome == Outcome::Holds {
                report.outcome = Outcome::Warned;
            }
            report.notes.push(note);
        }
    }
    Report {
        tool: meta.id.clone(),
        version: meta.version.clone(),
        seed: settings.seed,
        signals: check.tally.signals,
        findings: check.tally.counts.findings,
        cut_short: check.cut_short.get(),
        laws: reports,
    }
}

/// A panic on the way of another law breaks the law that there is none, and leaves that other law open.
fn panics_first(reports: &mut [LawReport]) {
    let panicked = |report: &LawReport| match &report.outcome {
        Outcome::Violated(violation) if violation.message.starts_with(laws::PANICKED) => {
            Some(violation.clone())
        }
        _ => None,
    };
    let mut first = None;
    for report in reports.iter_mut() {
        if report.law.name == laws::NEVER_PANICS.name {
            continue;
        }
        if let Some(violation) = panicked(report) {
            let reason = format!("it panicked on the way; see {}", laws::NEVER_PANICS.name);
            report.outcome = Outcome::NotChecked { reason };
            first.get_or_insert(violation);
        }
    }
    let never = reports
        .iter_mut()
        .find(|r| r.law.name == laws::NEVER_PANICS.name);
    if let (Some(never), Some(violation)) = (never, first)
        && !never.is_violated()
    {
        never.outcome = Outcome::Violated(violation);
    }
}
