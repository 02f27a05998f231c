//! What a tool costs, held against its budget.

use std::rc::Rc;
use std::time::Duration;

use super::{
    CORE_SHARE_WITHIN_BUDGET, MEMORY_WITHIN_BUDGET, TIME_WITHIN_BUDGET, never_spoke, ordinary,
};
use crate::tool::check::{Case, Check, stopped};
use crate::tool::context::Notes;
use crate::tool::hostile::crowd;
use crate::tool::meter::Account;
use crate::tool::report::{Figure, Law, LawReport, Outcome, Violation};
use crate::tool::run::Fault;
use crate::tool::stream::Stream;
use crate::tool::{Step, context::Counts};

/// Runs of which the least counts, so that what else the machine does cannot break the law.
const RUNS: usize = 5;
/// Seconds of ordinary signals that are measured.
const SECONDS: i64 = 300;
/// Signals between two looks at the account.
const LOOK_EVERY: usize = 64;

/// The least CPU time of each step over several runs, in nanoseconds.
fn costs(check: &Check<'_>, stream: &Stream, seed: u64) -> Result<Option<Vec<u64>>, Fault> {
    let mut least: Vec<u64> = vec![u64::MAX; stream.steps.len()];
    for _ in 0..RUNS {
        let mut run = check.maker.run(stream, seed, Notes::Counts)?;
        for (at, least) in least.iter_mut().enumerate() {
            let before = check.meter.cpu_time();
            run.step(at)?;
            let spent = check.meter.cpu_time().zip(before);
            let Some(spent) = spent.map(|(after, before)| after.saturating_sub(before)) else {
                return Ok(None);
            };
            let nanos = u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX);
            *least = nanos.min(*least);
        }
    }
    Ok(Some(least))
}

/// One case that is measured rather than made small.
fn measured(
    check: &mut Check<'_>,
    law: Law,
    measure: impl FnOnce(&mut Check<'_>, &mut LawReport) -> Result<Outcome, Fault>,
) -> LawReport {
    let before = check.before();
    let mut filled = check.report(law, Outcome::Holds, 0, before);
    if check.goes_on(law, 0).is_break() {
        filled.outcome = stopped();
        return filled;
    }
    let outcome = match measure(check, &mut filled) {
        Ok(outcome) => outcome,
        Err(Fault::Panic(message) | Fault::Breach(message)) => over(message, Vec::new()),
        Err(Fault::Unfit(reason)) => Outcome::NotChecked { reason },
    };
    let report = check.report(law, outcome, 1, before);
    LawReport {
        notes: filled.notes,
        figures: filled.figures,
        ..report
    }
}

fn over(message: String, steps: Vec<Step>) -> Outcome {
    Outcome::Violated(Violation {
        message,
        case: 0,
        steps_drawn: steps.len(),
        steps,
    })
}

fn not_measured(what: &str) -> Outcome {
    Outcome::NotChecked {
        reason: format!("not measured: the meter has no {what}"),
    }
}

fn first_case(check: &Check<'_>) -> Case {
    Case {
        number: 0,
        seed: check.settings.seed,
    }
}

fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1e3
}

pub(super) fn time(check: &mut Check<'_>) -> LawReport {
    measured(check, TIME_WITHIN_BUDGET, |check, report| {
        let case = first_case(check);
        let stream = Stream::new(ordinary(check, case, SECONDS));
        let Some(costs) = costs(check, &stream, case.seed)? else {
            return Ok(not_measured("clock"));
        };
        check.tally.signals += stream.signals() * RUNS as u64;
        let is_call =
            |(at, _): &(usize, u64)| !matches!(stream.steps.get(*at), Some(Step::Series(_)) | None);
        let mut sorted: Vec<u64> = costs
            .iter()
            .copied()
            .enumerate()
            .filter(is_call)
            .map(|c| c.1)
            .collect();
        sorted.sort_unstable();
        let at = |share: usize| {
            sorted
                .get(sorted.len().saturating_sub(1) * share / 100)
                .copied()
        };
        let most = costs
            .iter()
            .copied()
            .enumerate()
            .filter(is_call)
            .max_by_key(|(_, nanos)| *nanos);
        let Some((slowest, nanos)) = most else {
            return Ok(Outcome::NotChecked {
                reason: "no hook, so no signal to measure".to_owned(),
            });
        };
        for (name, nanos) in [
            ("cpu_median_us", at(50).unwrap_or(0)),
            ("cpu_p99_us", at(99).unwrap_or(0)),
            ("cpu_max_us", nanos),
        ] {
            let value = micros(nanos);
            report.figures.push(Figure { name, value });
        }
        let budget = check.meta.budget.time_per_signal;
        if Duration::from_nanos(nanos) <= budget {
            return Ok(Outcome::Holds);
        }
        let message = format!(
            "step {} takes {:.1} µs of CPU, the least of {RUNS} runs; the budget is {:.1} µs",
            slowest + 1,
            micros(nanos),
            budget.as_secs_f64() * 1e6
        );
        Ok(over(
            message,
            stream.steps.get(slowest).cloned().into_iter().collect(),
        ))
    })
}

pub(super) fn core_share(check: &mut Check<'_>) -> LawReport {
    measured(check, CORE_SHARE_WITHIN_BUDGET, |check, report| {
        let case = first_case(check);
        let stream = Stream::new(ordinary(check, case, SECONDS));
        let signals = stream.signals();
        if signals == 0 {
            return Ok(Outcome::NotChecked {
                reason: "no hook, so no signal to measure".to_owned(),
            });
        }
        let mut least = Duration::MAX;
        let mut counts = Counts::default();
        for _ in 0..RUNS {
            let mut run = check.maker.run(&stream, case.seed, Notes::Counts)?;
            let before = check.meter.cpu_time();
            run.all()?;
            let Some((after, before)) = check.meter.cpu_time().zip(before) else {
                return Ok(not_measured("clock"));
            };
            least = least.min(after.saturating_sub(before));
            counts = run.end()?.counts;
        }
        check.tally.signals += signals * RUNS as u64;
        let rate = check.settings.signals_per_second;
        let share = least.as_secs_f64() / signals as f64 * rate;
        report.figures.push(Figure {
            name: "core_share",
            value: share,
        });
        report.figures.push(Figure {
            name: "signals_per_second",
            value: rate,
        });
        report
            .notes
            .extend(never_spoke(check.meta, counts.findings));
        let budget = check.meta.budget.core_share;
        if share <= budget {
            return Ok(Outcome::Holds);
        }
        Ok(over(
            format!(
                "at {rate} signals per second it uses {share:.3} of a core, the budget is {budget}"
            ),
            Vec::new(),
        ))
    })
}

/// Bytes held after each part of a run, and the most seen.
fn held(
    check: &Check<'_>,
    account: &Rc<dyn Account>,
    stream: &Stream,
    seed: u64,
) -> Result<(Vec<u64>, u64), Fault> {
    let mut made = None;
    account.inside(&mut || made = Some(check.maker.run(stream, seed, Notes::Counts)));
    let Some(made) = made else {
        return Err(Fault::Unfit(
            "the meter did not call what it measures".to_owned(),
        ));
    };
    let mut run = made?;
    run.ctx.keep_outside(Rc::clone(account));
    let (length, parts) = (stream.steps.len(), 4);
    let (mut after, mut most) = (Vec::new(), account.live_bytes());
    for part in 0..parts {
        let (from, until) = (length * part / parts, length * (part + 1) / parts);
        for from in (from..until).step_by(LOOK_EVERY) {
            let until = (from + LOOK_EVERY).min(until);
            let mut went = Ok(());
            account.inside(&mut || went = run.steps(from..until));
            went?;
            most = most.max(account.live_bytes());
        }
        after.push(account.live_bytes());
    }
    Ok((after, most))
}

pub(super) fn memory(check: &mut Check<'_>) -> LawReport {
    measured(check, MEMORY_WITHIN_BUDGET, |check, report| {
        let case = first_case(check);
        let budget = check.meta.budget.memory_bytes;
        let stream = Stream::new(ordinary(check, case, SECONDS * 2));
        let Some(account) = check.meter.account() else {
            return Ok(not_measured("account"));
        };
        let (after, most) = held(check, &Rc::from(account), &stream, case.seed)?;
        check.tally.signals += stream.signals();
        let mut all = most;
        if let (Some(hook), Some(account)) = (check.hooks.first(), check.meter.account()) {
            let crowd = Stream::new(crowd(hook, check.settings.crowd));
            let (_, crowded) = held(check, &Rc::from(account), &crowd, case.seed)?;
            check.tally.signals += crowd.signals();
            all = all.max(crowded);
            report.figures.push(Figure {
                name: "crowd_bytes",
                value: crowded as f64,
            });
        }
        report.figures.push(Figure {
            name: "held_bytes_max",
            value: most as f64,
        });
        report.notes.extend(growth(check, &stream, &after));
        if all > budget {
            let message = format!("it holds {all} bytes, the budget is {budget}");
            return Ok(over(message, Vec::new()));
        }
        Ok(if report.notes.is_empty() {
            Outcome::Holds
        } else {
            Outcome::Warned
        })
    })
}

/// Says when memory that grows evenly would exceed the budget, if that is within a day.
fn growth(check: &Check<'_>, stream: &Stream, after: &[u64]) -> Option<String> {
    let next = after.iter().skip(1);
    let grown: Vec<u64> = after
        .iter()
        .zip(next)
        .map(|(a, b)| b.saturating_sub(*a))
        .collect();
    let (least, most) = (grown.iter().min()?, grown.iter().max()?);
    let part = stream.signals() as f64 / after.len() as f64;
    // What is learned grows ever slower; what leaks grows evenly.
    if *least == 0 || (*most as f64) > *least as f64 * 1.5 {
        return None;
    }
    let per_signal = *least as f64 / part;
    let left = check.meta.budget.memory_bytes as f64 - *after.last()? as f64;
    let seconds = left / per_signal / check.settings.signals_per_second;
    (seconds < 86_400.0).then(|| {
        format!(
            "it grows evenly by {per_signal:.1} bytes per signal: at {} signals per second it would exceed its budget after {seconds:.0} s",
            check.settings.signals_per_second
        )
    })
}
