//! The laws, each with its name, what it says, and the function that tries it.

mod budget;
mod configuration;
mod declared;
mod going_on;
mod hostile;
mod same;
mod state;

use voidstate_core::{Effect, ToolMeta};

use super::Step;
use super::check::{Case, Check, Tally};
use super::context::{Heard, Notes};
use super::ordinary::{self, Plan};
use super::report::{Law, LawReport, Outcome, Violation};
use super::run::{Fault, Run};
use super::stream::Stream;

/// How a message about a panic begins.
pub(super) const PANICKED: &str = "it panicked";

macro_rules! laws {
    ($($constant:ident = $name:literal: $statement:literal;)+) => {
        $(pub(super) const $constant: Law = Law { name: $name, statement: $statement };)+
        /// Every law, in the order in which they are tried.
        pub const LAWS: [Law; COUNT] = [$($constant),+];
        /// How many laws there are.
        pub(super) const COUNT: usize = [$($name),+].len();
    };
}

laws! {
    METADATA_IS_SOUND = "metadata_is_sound":
        "what the tool says about itself passes the core's check, is always the same, and names hooks that can exist";
    NEVER_PANICS = "never_panics":
        "no signal, however hostile, makes it panic, nor does finishing, saving or dropping it";
    FINDINGS_ARE_SOUND = "findings_are_sound":
        "every finding has an author, a sentence, a refutation, an order of start and end, and no NaN in its evidence";
    GOES_ON_AFTER_HOSTILE_SIGNALS = "goes_on_after_hostile_signals":
        "after hostile signals it works on ordinary ones as a fresh instance does: without errors, and not silent";
    GOES_ON_AFTER_REFUSALS = "goes_on_after_refusals":
        "after its context refused calls, it works on ordinary signals as a fresh instance does";
    EPISODES_OPEN_AND_CLOSE_ONCE = "episodes_open_and_close_once":
        "an episode is opened before it is updated, closed once and last, and by finish at the latest";
    IS_DETERMINISTIC = "is_deterministic":
        "the same configuration, signals and answers give the same words and state, later and on another thread, too";
    RESUMES_AS_IF_UNINTERRUPTED = "resumes_as_if_uninterrupted":
        "saved anywhere and restored into a fresh instance, it goes on as if nothing had happened";
    STATE_ROUND_TRIPS = "state_round_trips":
        "what is saved, restored and saved again is the same bytes";
    BAD_STATE_CHANGES_NOTHING = "bad_state_changes_nothing":
        "bytes that are no state of its own are refused and leave it unchanged, or do no harm";
    LIFECYCLE_HOLDS = "lifecycle_holds":
        "it can be ticked, finished, saved and restored before any signal, and finished twice";
    TAKES_EVERY_VALID_CONFIGURATION = "takes_every_valid_configuration":
        "it works with every boundary of every configuration key, and refuses others without a panic";
    REFUSED_CONFIGURATION_CHANGES_NOTHING = "refused_configuration_changes_nothing":
        "a configuration that a running instance refuses leaves it as it was";
    OUTPUTS_KEEP_THEIR_KIND = "outputs_keep_their_kind":
        "an output of one name always holds the same kind of value, and names are not made of data";
    TIME_WITHIN_BUDGET = "time_within_budget":
        "no call takes more CPU time than time_per_signal, the least of several runs counting";
    CORE_SHARE_WITHIN_BUDGET = "core_share_within_budget":
        "at the stated rate of signals it uses no more of a core than core_share";
    MEMORY_WITHIN_BUDGET = "memory_within_budget":
        "it never holds more memory than memory_bytes";
    USED_EFFECTS_ARE_DECLARED = "used_effects_are_declared":
        "every effect that it asks its context for is in its metadata, and its types, where they say, allow the same ones";
    DECLARED_EFFECTS_ARE_USED = "declared_effects_are_used":
        "every effect in its metadata is seen used at least once";
    PERMISSIONS_ARE_KEPT = "permissions_are_kept":
        "every file that it asks for is named by a permission in its metadata";
}

/// The laws after the first, in their order.
pub(super) const ALL: [fn(&mut Check<'_>) -> LawReport; COUNT - 1] = [
    hostile::never_panics,
    hostile::findings_are_sound,
    going_on::after_hostile_signals,
    going_on::after_refusals,
    going_on::episodes,
    same::deterministic,
    same::resumes,
    state::round_trips,
    state::bad_state,
    state::lifecycle,
    configuration::every_valid,
    configuration::refused,
    same::outputs,
    budget::time,
    budget::core_share,
    budget::memory,
    declared::used_are_declared,
    declared::declared_are_used,
    declared::permissions,
];

/// What the tool says about itself.
pub(super) fn metadata(check: &mut Check<'_>, unmatched: Vec<String>) -> LawReport {
    let before = check.before();
    let breach = |message: String| {
        Outcome::Violated(Violation {
            message,
            case: 0,
            steps: Vec::new(),
            steps_drawn: 0,
        })
    };
    let again: &ToolMeta = check.maker.factory.meta();
    let made = check.maker.try_make();
    let outcome = if let Err(error) = check.meta.check() {
        breach(error.to_string())
    } else if again != check.meta {
        breach("two calls of meta() gave different answers".to_owned())
    } else if let Some(pattern) = unmatched.first() {
        breach(format!("no hook can match its subscription {pattern:?}"))
    } else {
        match made {
            Ok(Ok(_)) => Outcome::Holds,
            Ok(Err(error)) => breach(format!("its own defaults are refused: {error}")),
            Err(Fault::Panic(message) | Fault::Breach(message) | Fault::Unfit(message)) => {
                breach(message)
            }
        }
    };
    let mut report = check.report(METADATA_IS_SOUND, outcome, 1, before);
    if !check.meta.dependencies.is_empty() {
        let note = "what its dependencies say is always nothing here".to_owned();
        report.notes.push(note);
    }
    report
}

/// The recording in the first case, where there is one; otherwise a drawn ordinary stream.
fn ordinary(check: &Check<'_>, case: Case, seconds: i64) -> Vec<Step> {
    if case.number == 0 && !check.settings.recording.is_empty() {
        return check.settings.recording.clone();
    }
    ordinary::stream(
        &check.hooks,
        Plan::of(seconds),
        &mut case.random("ordinary"),
    )
}

/// Ordinary signals of series that no other stream holds, a day later.
fn canary(check: &Check<'_>, case: Case) -> Vec<Step> {
    let plan = Plan {
        seconds: 160,
        delay: 100_000,
        name: "canary",
        series: 1,
    };
    ordinary::stream(&check.hooks, plan, &mut case.random("canary"))
}

/// A fresh instance led through the whole stream and finished.
fn whole(
    check: &Check<'_>,
    stream: &Stream,
    case: Case,
    tally: &mut Tally,
) -> Result<Heard, Fault> {
    let mut run = check.maker.run(stream, case.seed, Notes::Words)?;
    run.all()?;
    run.finish()?;
    heard(run, stream, case, tally)
}

/// Ends a run and adds what was heard to the sums.
fn heard(run: Run<'_>, stream: &Stream, case: Case, tally: &mut Tally) -> Result<Heard, Fault> {
    let heard = run.end()?;
    tally.add(&heard, stream, case.number);
    Ok(heard)
}

/// What is wrong with what was heard, if any finding is not sound.
fn sound(heard: &Heard) -> Result<(), Fault> {
    match &heard.unsound {
        Some((at, fault)) => Fault::breach(format!("at step {}: {fault}", at + 1)),
        None => Ok(()),
    }
}

/// Whether a tool that may say findings never said any; then what the laws say of findings was not put to the test.
pub(super) fn never_spoke(meta: &ToolMeta, findings: u64) -> Option<String> {
    let may = meta.effects.contains(Effect::EmitFinding);
    (may && findings == 0).then(|| "it never spoke: findings are not exercised".to_owned())
}
