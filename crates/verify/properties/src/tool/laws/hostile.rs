//! What no signal may bring about.

use super::{FINDINGS_ARE_SOUND, NEVER_PANICS, heard, ordinary, sound, whole};
use crate::tool::Step;
use crate::tool::check::{Case, Check};
use crate::tool::context::Notes;
use crate::tool::hostile::{crowd, damage, renamed};
use crate::tool::report::LawReport;

/// The case that brings very many series.
const CROWDED: u64 = 2;

/// Ordinary steps of which about one in `once_in` is damaged.
pub(super) fn damaged(check: &Check<'_>, case: Case, seconds: i64, once_in: usize) -> Vec<Step> {
    let steps = ordinary(check, case, seconds);
    damage(steps, &check.foreign, once_in, &mut case.random("damage"))
}

/// From hardly any damage to nothing but damage, as cases go on.
fn hostile(check: &Check<'_>, case: Case) -> Vec<Step> {
    match case.number % 4 {
        0 => damaged(check, case, 120, 4),
        1 => damaged(check, case, 60, 1),
        2 => damaged(check, case, 120, 20),
        _ => damaged(check, case, 90, 2),
    }
}

pub(super) fn never_panics(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| {
        let sampled = check.hooks.first();
        match sampled {
            Some(hook) if case.number == CROWDED && check.settings.crowd > 0 => {
                crowd(hook, check.settings.crowd)
            }
            _ => hostile(check, case),
        }
    };
    let cases = check.settings.cases.max(CROWDED + 1);
    check.law(NEVER_PANICS, cases, &draw, &|check, stream, case, tally| {
        // Words are left out of a crowd: there would be millions.
        let notes = if case.number == CROWDED {
            Notes::Counts
        } else {
            Notes::Words
        };
        let mut run = check.maker.run(stream, case.seed, notes)?;
        run.all()?;
        // An error is allowed, a panic is not.
        let _ = run.save()?;
        run.finish()?;
        let _ = run.save()?;
        run.finish()?;
        heard(run, stream, case, tally).map(drop)
    })
}

pub(super) fn findings_are_sound(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| match case.number % 3 {
        0 => ordinary(check, case, 200),
        1 => renamed(damaged(check, case, 200, 30), &mut case.random("names")),
        _ => damaged(check, case, 200, 4),
    };
    let cases = check.settings.cases.max(3);
    check.law(
        FINDINGS_ARE_SOUND,
        cases,
        &draw,
        &|check, stream, case, tally| sound(&whole(check, stream, case, tally)?),
    )
}
