//! `voidstate analyze`: what is unusual in files.

mod input;
mod run;
mod scores;
mod table;

use std::io::Write;

use jiff::tz::TimeZone;
use serde::Serialize;
use voidstate_core::Finding;

use crate::cli::AnalyzeArgs;
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::problem::{Exit, Problem, chain};
use crate::settings::{Loaded, Told};
use crate::sinks::{self, Board};

pub(crate) use run::Outcome;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Record<'a> {
    Finding {
        file: &'a str,
        finding: &'a Finding,
    },
    Summary {
        file: &'a str,
        summary: &'a run::Numbers,
    },
}

/// Runs the verb. A file that cannot be used is told and the others are still read; the exit code is then 3.
pub(crate) fn run(args: &AnalyzeArgs) -> Result<Exit, Problem> {
    let interrupt = Interrupt::listen()?;
    let isolation = Isolation::of(&args.isolate)?;
    let settings = Loaded::read(args.config.as_deref(), &args.set)?;
    let mut board = Board::default();
    let mut failed = None;
    if let Some(dir) = &args.scores_out {
        scores::check(&args.files, dir)?;
    }
    if let (Some(record), [_, _, ..]) = (&args.record, args.files.as_slice()) {
        return Err(Problem::new(
            Exit::Usage,
            "several files cannot be recorded into one",
            record.display().to_string(),
            format!("{} files are to be analysed", args.files.len()),
            "analyse them one by one, each with a --record of its own",
        ));
    }
    for path in &args.files {
        if interrupt.is_asked() {
            break;
        }
        let tools = isolation.place_all(settings.tools()?);
        match one(args, path, &interrupt, &mut board, tools) {
            Ok(()) => {}
            Err(problem) if problem.exit() == Exit::Input || problem.exit() == Exit::Permission => {
                eprintln!("{problem}");
                failed.get_or_insert(problem.exit());
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(match failed {
        Some(exit) => exit,
        None if board.fails(args.fail_on) => Exit::Finding,
        None => Exit::Ok,
    })
}

fn one(
    args: &AnalyzeArgs,
    path: &std::path::Path,
    interrupt: &Interrupt,
    board: &mut Board,
    tools: Vec<Told>,
) -> Result<(), Problem> {
    let input = input::Input::new(path, interrupt)?;
    let outcome = run::run(&input, interrupt, args.record.as_deref(), tools)?;
    outcome
        .findings
        .iter()
        .for_each(|finding| board.take_in_final(finding));
    print(args, &input.name, &outcome)?;
    if let Some(dir) = &args.scores_out {
        scores::write(&input, dir, interrupt)?;
    }
    outcome.failure(&input.name).map_or(Ok(()), Err)
}

fn print(args: &AnalyzeArgs, name: &str, outcome: &Outcome) -> Result<(), Problem> {
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    let written = if args.json {
        let findings = outcome.findings.iter().map(|finding| Record::Finding {
            file: name,
            finding,
        });
        let records = findings.chain([Record::Summary {
            file: name,
            summary: &outcome.numbers,
        }]);
        let lines: Result<Vec<String>, _> = records.map(|record| sinks::json(&record)).collect();
        let lines = lines.map_err(|error| Problem::internal("a record", chain(&error)))?;
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    } else {
        out.write_all(table::text(name, outcome, &TimeZone::UTC).as_bytes())
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| Problem::output(&error))
}
