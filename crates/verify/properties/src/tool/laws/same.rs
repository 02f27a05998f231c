//! What must be the same: a second time, on another thread, after a pause, under every input.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::hostile::damaged;
use super::{
    IS_DETERMINISTIC, OUTPUTS_KEEP_THEIR_KIND, RESUMES_AS_IF_UNINTERRUPTED, heard, ordinary, whole,
};
use crate::tool::check::{Case, Check, Tally};
use crate::tool::context::{Heard, Notes};
use crate::tool::report::LawReport;
use crate::tool::run::{Fault, Maker};
use crate::tool::stream::{Numbering, Stream};

/// Names of outputs beyond which they must be made of data.
const NAMES_MAX: usize = 256;
/// Streams of at most so many steps are cut everywhere.
const CUT_EVERYWHERE: usize = 12;

/// What was said and what is left.
struct Trace {
    heard: Heard,
    state: Result<Vec<u8>, String>,
}

fn trace(maker: Maker<'_>, stream: &Stream, seed: u64) -> Result<Trace, Fault> {
    let mut run = maker.run(stream, seed, Notes::Words)?;
    run.all()?;
    let state = run.save()?.map_err(|error| error.to_string());
    run.finish()?;
    Ok(Trace {
        heard: run.end()?,
        state,
    })
}

pub(super) fn deterministic(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| match case.number % 2 {
        0 => ordinary(check, case, 120),
        _ => damaged(check, case, 60, 10),
    };
    let paused = Cell::new(false);
    let cases = check.settings.cases;
    check.law(
        IS_DETERMINISTIC,
        cases,
        &draw,
        &|check, stream, case, tally| {
            let first = trace(check.maker, stream, case.seed)?;
            if !paused.replace(true) {
                std::thread::sleep(check.settings.pause);
            }
            let again = trace(check.maker, stream, case.seed)?;
            let (maker, seed) = (check.maker, case.seed);
            let elsewhere = std::thread::scope(|scope| {
                let other = scope.spawn(move || trace(maker, stream, seed));
                // What panics on that thread is caught there.
                other
                    .join()
                    .unwrap_or_else(|_| Fault::breach("the thread ended early"))
            })?;
            tally.add(&first.heard, stream, case.number);
            for (when, other) in [("a second time", again), ("on another thread", elsewhere)] {
                same_words(&first.heard.words, &other.heard.words, when)?;
                if first.state != other.state {
                    return Fault::breach(format!("{when} the same signals leave another state"));
                }
            }
            Ok(())
        },
    )
}

/// Where the words differ first.
fn same_words(
    first: &[(usize, String)],
    second: &[(usize, String)],
    when: &str,
) -> Result<(), Fault> {
    let nothing = (usize::MAX, "nothing".to_owned());
    let longer = first.len().max(second.len());
    for at in 0..longer {
        let (a, b) = (
            first.get(at).unwrap_or(&nothing),
            second.get(at).unwrap_or(&nothing),
        );
        if a != b {
            let step = a.0.min(b.0) + 1;
            let said = |word: &(usize, String)| -> String {
                if word.0 == step - 1 {
                    word.1.chars().take(300).collect()
                } else {
                    "nothing".to_owned()
                }
            };
            return Fault::breach(format!(
                "at step {step} it says {:?}, {when} {:?}",
                said(a),
                said(b)
            ));
        }
    }
    Ok(())
}

pub(super) fn resumes(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| match case.number % 3 {
        2 => damaged(check, case, 100, 15),
        _ => ordinary(check, case, 150),
    };
    let cases = check.settings.cases;
    check.law(
        RESUMES_AS_IF_UNINTERRUPTED,
        cases,
        &draw,
        &|check, stream, case, tally| {
            let uninterrupted = whole(check, stream, case, tally)?;
            let length = stream.steps.len();
            let mut random = case.random("cuts");
            let cuts: Vec<usize> = if length <= CUT_EVERYWHERE {
                (0..=length).collect()
            } else {
                (0..3).map(|_| random.below(length + 1)).collect()
            };
            for cut in cuts {
                for numbering in [Numbering::Coming, Numbering::Backwards] {
                    let parts = interrupted(check, stream, case, tally, (cut, numbering))?;
                    match numbering {
                        Numbering::Coming => {
                            let when = format!("interrupted before step {}", cut + 1);
                            same_words(&uninterrupted.words, &parts.words, &when)?;
                        }
                        Numbering::Backwards => {
                            let when = format!(
                                "interrupted before step {} and with series numbered anew, as after a restart,",
                                cut + 1
                            );
                            let (a, b) = (by_step(&uninterrupted), by_step(&parts));
                            same_words(&a, &b, &when)?;
                        }
                    }
                }
            }
            Ok(())
        },
    )
}

/// The words in an order that does not depend on the order within a step, which may follow series numbers.
fn by_step(heard: &Heard) -> Vec<(usize, String)> {
    let mut words = heard.words.clone();
    words.sort();
    words
}

/// As if the engine had stopped before step `cut` and another one gone on.
fn interrupted(
    check: &Check<'_>,
    stream: &Stream,
    case: Case,
    tally: &mut Tally,
    (cut, numbering): (usize, Numbering),
) -> Result<Heard, Fault> {
    let mut run = check.maker.run(stream, case.seed, Notes::Words)?;
    run.steps(0..cut)?;
    let saved = match run.save()? {
        Ok(saved) => saved,
        Err(error) => return Fault::breach(format!("its state cannot be saved: {error}")),
    };
    run.replace(check.maker.make()?)?;
    if let Err(error) = run.with("restore", |tool| tool.restore(&saved))? {
        return Fault::breach(format!("it refuses what it saved itself: {error}"));
    }
    run.ctx.numbering = numbering;
    run.steps(cut..stream.steps.len())?;
    run.finish()?;
    heard(run, stream, case, tally)
}

pub(super) fn outputs(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| match case.number % 2 {
        0 => ordinary(check, case, 60),
        _ => damaged(check, case, 60, 4),
    };
    let cases = check.settings.cases.div_ceil(2);
    check.law(
        OUTPUTS_KEEP_THEIR_KIND,
        cases,
        &draw,
        &|check, stream, case, tally| {
            let heard = whole(check, stream, case, tally)?;
            let kinds: &BTreeMap<_, _> = &heard.outputs;
            if let Some((name, kinds)) = kinds.iter().find(|(_, kinds)| kinds.len() > 1) {
                let kinds: Vec<&str> = kinds.iter().copied().collect();
                return Fault::breach(format!("the output {name:?} holds {}", kinds.join(" and ")));
            }
            if kinds.len() > NAMES_MAX {
                return Fault::breach(format!("it has {} outputs of different names", kinds.len()));
            }
            Ok(())
        },
    )
}
