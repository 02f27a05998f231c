//! What is saved and restored, and the ends of a tool's life.

use std::cell::Cell;

use super::{
    BAD_STATE_CHANGES_NOTHING, LIFECYCLE_HOLDS, STATE_ROUND_TRIPS, heard, ordinary, sound, whole,
};
use crate::tool::check::{Case, Check};
use crate::tool::context::Notes;
use crate::tool::random::Random;
use crate::tool::report::{LawReport, Outcome};
use crate::tool::run::{Fault, Run};
use crate::tool::stream::Stream;

fn saved(run: &Run<'_>) -> Result<Vec<u8>, Fault> {
    match run.save()? {
        Ok(bytes) => Ok(bytes),
        Err(error) => Fault::breach(format!("its state cannot be saved: {error}")),
    }
}

pub(super) fn round_trips(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| ordinary(check, case, 120);
    let cases = check.settings.cases.div_ceil(2);
    check.law(STATE_ROUND_TRIPS, cases, &draw, &|check, stream, case, tally| {
        let length = stream.steps.len();
        let mut cuts = [0, case.random("cuts").below(length + 1), length];
        cuts.sort_unstable();
        let mut run = check.maker.run(stream, case.seed, Notes::Counts)?;
        let mut at = 0;
        for cut in cuts {
            run.steps(at..cut)?;
            at = cut;
            let first = saved(&run)?;
            let mut other = check.maker.run(stream, case.seed, Notes::Counts)?;
            if let Err(error) = other.with("restore", |tool| tool.restore(&first))? {
                return Fault::breach(format!(
                    "saved before step {}, it refuses what it saved itself: {error}",
                    cut + 1
                ));
            }
            let second = saved(&other)?;
            if let Some(byte) = difference(&first, &second) {
                return Fault::breach(format!(
                    "saved before step {}, restored and saved again, its {} bytes of state are {} and differ from byte {byte}",
                    cut + 1,
                    first.len(),
                    second.len()
                ));
            }
        }
        heard(run, stream, case, tally).map(drop)
    })
}

/// The first byte at which they differ.
fn difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let common = a.iter().zip(b).position(|(a, b)| a != b);
    common.or_else(|| (a.len() != b.len()).then(|| a.len().min(b.len())))
}

/// States that are none: cut, changed, lengthened, foreign, and no state at all.
fn spoilt(state: &[u8], random: &mut Random) -> Vec<(String, Vec<u8>)> {
    let mut found = vec![
        (
            "32 bytes of noise".to_owned(),
            (0..32)
                .flat_map(|_| random.bits().to_le_bytes())
                .take(32)
                .collect(),
        ),
        ("bytes of ones".to_owned(), vec![0xff; 40]),
        ("a text".to_owned(), b"{\"version\":1}".to_vec()),
        // A record of the house, of another kind.
        (
            "the state of another tool".to_owned(),
            b"VS\0\x01ELSE\x01\0\0\0\0\0\0\0\0\0".to_vec(),
        ),
    ];
    if state.is_empty() {
        return found;
    }
    let length = state.len();
    for cut in [1, length / 2, length - 1] {
        if cut < length {
            let bytes = state.iter().take(cut).copied().collect();
            found.push((format!("the first {cut} bytes of its own state"), bytes));
        }
    }
    let mut longer = state.to_vec();
    longer.push(0);
    found.push(("its own state and a byte more".to_owned(), longer));
    for _ in 0..12 {
        let (at, bit) = (random.below(length), random.below(8));
        let mut bytes = state.to_vec();
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << bit;
        }
        found.push((
            format!("its own state with bit {bit} of byte {at} turned"),
            bytes,
        ));
    }
    found
}

pub(super) fn bad_state(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| ordinary(check, case, 60);
    let cases = check.settings.cases.div_ceil(3);
    let (tried, accepted) = (Cell::new(0_u64), Cell::new(0_u64));
    let mut report = check.law(
        BAD_STATE_CHANGES_NOTHING,
        cases,
        &draw,
        &|check, stream, case, tally| {
            let half = stream.steps.len() / 2;
            let twin = whole(check, stream, case, tally)?;
            let mut run = check.maker.run(stream, case.seed, Notes::Words)?;
            run.steps(0..half)?;
            let before = saved(&run)?;
            for (what, bytes) in spoilt(&before, &mut case.random("spoilt")) {
                tried.set(tried.get() + 1);
                if run.with("restore", |tool| tool.restore(&bytes))?.is_err() {
                    let after = saved(&run)?;
                    if after != before {
                        return Fault::breach(format!(
                            "it refuses {what}, and its state has changed"
                        ));
                    }
                    continue;
                }
                accepted.set(accepted.get() + 1);
                unharmed(check, stream, case, &bytes)?;
                run.replace(check.maker.make()?)?;
                if let Err(error) = run.with("restore", |tool| tool.restore(&before))? {
                    return Fault::breach(format!("it refuses what it saved itself: {error}"));
                }
            }
            run.steps(half..stream.steps.len())?;
            run.finish()?;
            let tried = heard(run, stream, case, tally)?;
            if accepted.get() == 0 && tried.words != twin.words {
                return Fault::breach("after states that it refused it says something else");
            }
            Ok(())
        },
    );
    let (tried, accepted) = (tried.get(), accepted.get());
    if accepted > 0 && report.outcome == Outcome::Holds {
        report.outcome = Outcome::Warned;
        report.notes.push(format!(
            "{accepted} of {tried} spoilt states are taken without an error; a checksum would tell them"
        ));
    }
    report
}

/// A state that was taken must not bring the tool down later.
fn unharmed(check: &Check<'_>, stream: &Stream, case: Case, state: &[u8]) -> Result<(), Fault> {
    let mut run = check.maker.run(stream, case.seed, Notes::Words)?;
    let _ = run.with("restore", |tool| tool.restore(state))?;
    run.all()?;
    let _ = run.save()?;
    run.finish()?;
    sound(&run.end()?)
}

pub(super) fn lifecycle(check: &mut Check<'_>) -> LawReport {
    let draw = |check: &Check<'_>, case: Case| {
        let steps = ordinary(check, case, 40);
        let is_tick = |step: &crate::tool::Step| matches!(step, crate::tool::Step::Tick(_));
        match case.number {
            0 => Vec::new(),
            1 => steps.into_iter().filter(is_tick).collect(),
            _ => steps,
        }
    };
    check.law(LIFECYCLE_HOLDS, 3, &draw, &|check, stream, case, tally| {
        let mut run = check.maker.run(stream, case.seed, Notes::Words)?;
        let fresh = saved(&run)?;
        let mut other = check.maker.run(stream, case.seed, Notes::Words)?;
        if let Err(error) = other.with("restore", |tool| tool.restore(&fresh))? {
            return Fault::breach(format!("it refuses the state of a fresh instance: {error}"));
        }
        other.finish()?;
        other.finish()?;
        run.all()?;
        run.finish()?;
        run.finish()?;
        run.all()?;
        sound(&heard(run, stream, case, tally)?)
    })
}
