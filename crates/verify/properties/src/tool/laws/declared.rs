//! What a tool says that it does, beside what it was seen to do under all other laws.

use voidstate_core::{Action, Effect, EffectSet};

use super::{
    DECLARED_EFFECTS_ARE_USED, PERMISSIONS_ARE_KEPT, USED_EFFECTS_ARE_DECLARED, never_spoke,
};
use crate::tool::check::{Check, Tally, stopped};
use crate::tool::context::Notes;
use crate::tool::report::{Law, LawReport, Outcome, Violation};
use crate::tool::run::{Fault, guarded};
use crate::tool::shrink::shrink;
use crate::tool::stream::Stream;

pub(super) fn used_are_declared(check: &mut Check<'_>) -> LawReport {
    let before = check.before();
    let law = USED_EFFECTS_ARE_DECLARED;
    if check.goes_on(law, 0).is_break() {
        return check.report(law, stopped(), 0, before);
    }
    if let Some(message) = misdeclared(check) {
        let violation = Violation {
            message,
            case: 0,
            steps: Vec::new(),
            steps_drawn: 0,
        };
        return check.report(law, Outcome::Violated(violation), 1, before);
    }
    let Some((effect, case, steps, steps_drawn)) = check.tally.undeclared.take() else {
        return check.report(law, Outcome::Holds, 1, before);
    };
    let message = |effect: Effect| {
        let declared = words(check.meta.effects);
        format!("it uses {effect} without declaring it; declared: {declared}")
    };
    let mut fails = |steps: &[crate::tool::Step]| {
        if check.tell(law, case, true).is_break() {
            return None;
        }
        let stream = Stream::new(steps.to_vec());
        let used = || -> Result<Option<(usize, Effect)>, Fault> {
            let mut run = check
                .maker
                .run(&stream, check.settings.seed, Notes::Words)?;
            run.all()?;
            run.finish()?;
            Ok(run.end()?.undeclared)
        };
        used().ok().flatten().map(|(_, effect)| message(effect))
    };
    let (steps, message) = shrink(steps, message(effect), &mut fails);
    let violation = Violation {
        message,
        case,
        steps,
        steps_drawn,
    };
    check.report(law, Outcome::Violated(violation), 1, before)
}

/// What the types of the tool say, where that is not what its metadata says.
fn misdeclared(check: &Check<'_>) -> Option<String> {
    let tool = check.maker.make().ok()?;
    let said = guarded("saying its effects", || tool.effects());
    // What else may be wrong with it is for other laws to say.
    let _ = guarded("being dropped", || drop(tool));
    match said {
        Ok(Some(types)) if types != check.meta.effects => Some(format!(
            "its types allow {}, its metadata says {}; the engine refuses it",
            words(types),
            words(check.meta.effects)
        )),
        Ok(_) => None,
        Err(Fault::Panic(message) | Fault::Breach(message) | Fault::Unfit(message)) => {
            Some(message)
        }
    }
}

fn words(effects: EffectSet) -> String {
    if effects.is_empty() {
        "none".to_owned()
    } else {
        effects.to_string()
    }
}

pub(super) fn declared_are_used(check: &mut Check<'_>) -> LawReport {
    let before = check.before();
    let law = DECLARED_EFFECTS_ARE_USED;
    if check.goes_on(law, 0).is_break() {
        return check.report(law, stopped(), 0, before);
    }
    let Tally { used, signals, .. } = check.tally;
    let unused = check.meta.effects.iter().filter(|e| !used.contains(*e));
    let mut notes: Vec<String> = unused
        .map(|effect| format!("{effect} is declared and was not seen used in {signals} signals"))
        .collect();
    notes.extend(never_spoke(check.meta, check.tally.counts.findings));
    warned(check, law, notes, before)
}

fn warned(
    check: &Check<'_>,
    law: Law,
    notes: Vec<String>,
    before: (u64, Option<std::time::Duration>),
) -> LawReport {
    let outcome = if notes.is_empty() {
        Outcome::Holds
    } else {
        Outcome::Warned
    };
    let report = check.report(law, outcome, 1, before);
    LawReport { notes, ..report }
}

pub(super) fn permissions(check: &mut Check<'_>) -> LawReport {
    let before = check.before();
    let law = PERMISSIONS_ARE_KEPT;
    if check.goes_on(law, 0).is_break() {
        return check.report(law, stopped(), 0, before);
    }
    let files = &check.tally.files;
    if let Some((path, _)) = files.iter().find(|(_, permitted)| !permitted) {
        let violation = Violation {
            message: format!("it asks for the file {path:?}, which none of its permissions names"),
            case: 0,
            steps: Vec::new(),
            steps_drawn: 0,
        };
        return check.report(law, Outcome::Violated(violation), 1, before);
    }
    let reads = |path: &str, glob: &voidstate_core::Glob| {
        glob.matches(&path.trim_matches('/').replace('/', "."))
    };
    let mut notes = Vec::new();
    for permission in &check.meta.permissions {
        let glob = &permission.resource;
        match permission.action {
            Action::ReadFile if !files.iter().any(|(path, _)| reads(path, glob)) => {
                notes.push(format!("the permission to read {glob} was not seen used"));
            }
            Action::ReadSeries => {
                notes.push(format!(
                    "whether it reads series of {glob} only is not checked"
                ));
            }
            _ => {}
        }
    }
    warned(check, law, notes, before)
}
