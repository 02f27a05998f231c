//! What must be as before when the trouble is over.

use std::collections::BTreeMap;

use voidstate_core::Stage;

use super::hostile::damaged;
use super::{
    EPISODES_OPEN_AND_CLOSE_ONCE, GOES_ON_AFTER_HOSTILE_SIGNALS, GOES_ON_AFTER_REFUSALS, canary,
    heard, ordinary, whole,
};
use crate::tool::check::{Case, Check, Tally};
use crate::tool::context::{Heard, Notes};
use crate::tool::report::LawReport;
use crate::tool::run::Fault;
use crate::tool::stream::Stream;

pub(super) fn after_hostile_signals(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| damaged(check, case, 40, 2);
    let cases = check.settings.cases;
    check.law(
        GOES_ON_AFTER_HOSTILE_SIGNALS,
        cases,
        &draw,
        &|check, stream, case, tally| works_after(check, stream, case, tally, false),
    )
}

pub(super) fn after_refusals(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| ordinary(check, case, 60);
    let cases = check.settings.cases.div_ceil(2);
    check.law(
        GOES_ON_AFTER_REFUSALS,
        cases,
        &draw,
        &|check, stream, case, tally| works_after(check, stream, case, tally, true),
    )
}

/// After `trouble`, the canary must be taken as by a fresh instance.
fn works_after(
    check: &Check<'_>,
    trouble: &Stream,
    case: Case,
    tally: &mut Tally,
    refusing: bool,
) -> Result<(), Fault> {
    let canary = canary(check, case);
    let fresh = whole(check, &Stream::new(canary.clone()), case, tally)?;
    let cut = trouble.steps.len();
    // It has the first half of the canary to come back to itself.
    let half = canary.len() / 2;
    let all: Vec<_> = trouble.steps.iter().cloned().chain(canary).collect();
    let stream = Stream::new(all);
    let mut run = check.maker.run(&stream, case.seed, Notes::Words)?;
    run.ctx.refusals = refusing.then(|| case.random("refusals"));
    run.steps(0..cut)?;
    run.ctx.refusals = None;
    run.steps(cut..stream.steps.len())?;
    run.finish()?;
    let tried = heard(run, &stream, case, tally)?;
    compare(&fresh, &tried, half, cut)
}

fn compare(fresh: &Heard, tried: &Heard, half: usize, cut: usize) -> Result<(), Fault> {
    let errors = |heard: &Heard, from: usize| -> Option<(usize, String)> {
        let mut late = heard.words.iter().filter(|(at, _)| *at >= from);
        late.find(|(_, word)| word.starts_with("error ")).cloned()
    };
    if errors(fresh, half).is_none()
        && let Some((at, error)) = errors(tried, cut + half)
    {
        return Fault::breach(format!(
            "{} ordinary signals and ticks later it still gives an {error}, a fresh instance does not",
            at - cut
        ));
    }
    for what in ["finding ", "output ", "metric "] {
        let said = |heard: &Heard, from: usize| {
            let mut late = heard.words.iter().filter(|(at, _)| *at >= from);
            late.any(|(_, word)| word.starts_with(what))
        };
        if said(fresh, 0) && !said(tried, cut) {
            return Fault::breach(format!(
                "on ordinary signals afterwards it gives no {}at all, a fresh instance does",
                what
            ));
        }
    }
    Ok(())
}

pub(super) fn episodes(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| match case.number % 2 {
        0 => ordinary(check, case, 200),
        _ => damaged(check, case, 200, 20),
    };
    let cases = check.settings.cases.div_ceil(2);
    check.law(
        EPISODES_OPEN_AND_CLOSE_ONCE,
        cases,
        &draw,
        &|check, stream, case, tally| lives(&whole(check, stream, case, tally)?),
    )
}

/// Each episode: a moment, or opened, perhaps updated, closed.
fn lives(heard: &Heard) -> Result<(), Fault> {
    let mut open: BTreeMap<u64, bool> = BTreeMap::new();
    for (at, finding) in &heard.findings {
        let (episode, at) = (finding.episode, at + 1);
        let before = open.get(&episode).copied();
        let is_open = match (finding.stage, before) {
            (Stage::Opened, None) => true,
            (Stage::Updated, Some(true)) => true,
            (Stage::Closed, Some(true)) | (Stage::Instant, None) => false,
            (stage, before) => {
                let was = match before {
                    None => "was never opened",
                    Some(true) => "is open already",
                    Some(false) => "is over",
                };
                return Fault::breach(format!(
                    "at step {at} episode {episode} is said as {stage:?}, and it {was}"
                ));
            }
        };
        open.insert(episode, is_open);
    }
    match open.iter().find(|(_, is_open)| **is_open) {
        Some((episode, _)) => Fault::breach(format!("finish leaves episode {episode} open")),
        None => Ok(()),
    }
}
