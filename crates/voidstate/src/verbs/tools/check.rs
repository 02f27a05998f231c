//! `voidstate tools check`: the laws of every tool, held against one.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::Serialize;
use voidstate_core::ToolFactory;
use voidstate_properties::tool::{Progress, Report, Settings, check_with};

use super::meter::ProgramMeter;
use super::spec::SpecFile;
use super::{signals, subject, table};
use crate::cli::CheckArgs;
use crate::interrupt::Interrupt;
use crate::problem::{Exit, Problem, chain};
use crate::settings::Loaded;

/// How quickly Ctrl-C is noticed.
const STEP: Duration = Duration::from_millis(50);
/// A tool that does not come back for so long hangs.
const HANGS_AFTER: Duration = Duration::from_secs(120);
/// Time between two words on standard error.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// The shape of `--json`.
#[derive(Serialize)]
struct Outcome<'a> {
    holds: bool,
    spec: Option<&'a SpecFile>,
    reports: &'a [Report],
}

/// Runs the verb.
pub(super) fn run(args: &CheckArgs, loaded: &Loaded) -> Result<Exit, Problem> {
    let interrupt = Interrupt::listen()?;
    let subject = subject::find(&args.subject, &loaded.factories()?)?;
    let recording = args.signals.as_deref().map(signals::read).transpose()?;
    let settings = Settings {
        seed: args.seed,
        cases: args.cases,
        recording: recording.unwrap_or_default(),
        ..Settings::default()
    };
    if let Some(spec) = &subject.spec
        && !args.json
    {
        print(&table::spec(spec))?;
    }
    let mut reports = Vec::new();
    for tool in &subject.tools {
        if interrupt.is_asked() {
            break;
        }
        let report = one(tool, &settings, &interrupt)?;
        if !args.json {
            print(&table::text(&report))?;
        }
        reports.push(report);
    }
    let spec = subject.spec.as_ref();
    let is_broken = spec.is_some_and(SpecFile::differs)
        || reports
            .iter()
            .any(|report| report.violations().next().is_some());
    let is_whole = reports.len() == subject.tools.len() && reports.iter().all(|r| !r.cut_short);
    if args.json {
        let outcome = Outcome {
            holds: is_whole && !is_broken,
            spec,
            reports: &reports,
        };
        let text = serde_json::to_string_pretty(&outcome);
        print(&(text.map_err(|error| Problem::internal("the report", chain(&error)))? + "\n"))?;
    }
    if !is_whole {
        eprintln!("stopped before the end; what was checked until then is told");
    }
    Ok(if is_broken { Exit::Finding } else { Exit::Ok })
}

fn print(text: &str) -> Result<(), Problem> {
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Problem::output(&error))
}

/// Checks one tool on a thread of its own, which is left behind when the tool does not come back.
fn one(
    tool: &Arc<dyn ToolFactory>,
    settings: &Settings,
    interrupt: &Interrupt,
) -> Result<Report, Problem> {
    let id = tool.meta().id.to_string();
    let asked = Arc::new(AtomicBool::new(false));
    let (tell, told) = channel();
    let (factory, settings, stop) = (Arc::clone(tool), settings.clone(), Arc::clone(&asked));
    let work = move || {
        let progress = move |progress: Progress| {
            // Nobody listens any more: the tool was given up.
            let is_heard = tell.send(progress).is_ok();
            if stop.load(Ordering::Relaxed) || !is_heard {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        check_with(factory.as_ref(), &settings, &ProgramMeter, &progress)
    };
    // A panic of the tool is caught, counted and told in the report; its message has no place on the terminal.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let spawned = std::thread::Builder::new()
        .name("tools check".to_owned())
        .spawn(work);
    let outcome = spawned
        .map_err(|error| Problem::internal("starting a thread", error))
        .and_then(|thread| {
            wait(&id, &told, interrupt, &asked)?;
            thread
                .join()
                .map_err(|_| Problem::internal(&id, "the check itself panicked"))
        });
    std::panic::set_hook(hook);
    outcome?.map_err(|error| {
        Problem::new(
            Exit::Usage,
            "the check cannot be run",
            id,
            chain(&error),
            "see `voidstate tools check --help`",
        )
    })
}

/// Until the thread is done; tells how far it is, passes Ctrl-C on, and gives up on a tool that hangs.
fn wait(
    id: &str,
    told: &Receiver<Progress>,
    interrupt: &Interrupt,
    asked: &AtomicBool,
) -> Result<(), Problem> {
    let is_watched = std::io::stderr().is_terminal();
    let mut last: Option<Progress> = None;
    let (mut heard, mut next) = (Instant::now(), Instant::now() + TELL_EVERY);
    loop {
        match told.recv_timeout(STEP) {
            Ok(progress) => {
                (last, heard) = (Some(progress), Instant::now());
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if interrupt.is_asked() {
            asked.store(true, Ordering::Relaxed);
        }
        if heard.elapsed() > HANGS_AFTER {
            return Err(hangs(id, last));
        }
        if let Some(progress) = last
            && is_watched
            && Instant::now() >= next
        {
            next = Instant::now() + TELL_EVERY;
            eprintln!("{id}: {}", words(progress));
        }
    }
}

fn words(progress: Progress) -> String {
    let doing = if progress.is_shrinking {
        "is broken, making the case small"
    } else {
        "holds so far"
    };
    format!(
        "law {} of {}, {}, case {}: {doing} (Ctrl-C tells what was checked)",
        progress.number + 1,
        progress.laws,
        progress.law,
        progress.case
    )
}

fn hangs(id: &str, last: Option<Progress>) -> Problem {
    let place = last.map_or_else(
        || id.to_owned(),
        |progress| format!("{id}, law {}, case {}", progress.law, progress.case),
    );
    Problem::new(
        Exit::Finding,
        "the tool hangs",
        place,
        format!("it did not come back for {} s", HANGS_AFTER.as_secs()),
        "look for a loop that does not end on these signals; the same --seed and --cases bring it about again",
    )
}
