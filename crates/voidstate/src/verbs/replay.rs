//! `voidstate replay`: a recording lived through again, and compared with what was said then.

use std::io::Write;
use std::sync::Arc;

use jiff::tz::TimeZone;
use voidstate_core::{Attributes, Finding, ToolFactory, ToolId};
use voidstate_runtime::{Ending, Replay, Replayed};
use voidstate_tool_pipeline::{SERIES, STEPS};

use crate::cli::ReplayArgs;
use crate::problem::{Exit, Problem, chain};
use crate::settings::Line;
use crate::sinks::{self, Record};
use crate::words::count;
use crate::{lines, recording, wiring};

/// Runs the verb.
pub(crate) fn run(args: &ReplayArgs) -> Result<Exit, Problem> {
    let tools = chosen(&args.tool)?;
    let mut replay = Replay::of(recording::open(&args.file)?);
    if let Some(until) = args.until {
        replay = replay.until(until);
    }
    let replayed = if args.recorded {
        replay.recorded()
    } else {
        replay.tools(wiring::tools()?).otherwise(pipeline).run()
    };
    let replayed = replayed.map_err(|error| recording::unusable(&args.file, &error))?;
    all_known(&tools, &replayed)?;
    let is_wanted = |finding: &&Finding| tools.is_empty() || tools.contains(&finding.tool);
    print(args, replayed.findings.iter().filter(is_wanted))?;
    Ok(tell(args, &replayed))
}

/// The tool of a pipeline that was recorded: what it does stands in its configuration.
fn pipeline(id: &ToolId, config: &Attributes) -> Option<Arc<dyn ToolFactory>> {
    let keys: Vec<_> = config.keys().map(String::as_str).collect();
    let is_one = keys == [SERIES, STEPS];
    is_one.then(|| Line::factory(id.as_str()).ok()).flatten()
}

fn chosen(ids: &[String]) -> Result<Vec<ToolId>, Problem> {
    let chosen: Result<Vec<_>, _> = ids.iter().map(|id| ToolId::new(id)).collect();
    chosen.map_err(|error: voidstate_core::Error| {
        let next = "name tools as `voidstate tools` lists them";
        Problem::new(
            Exit::Usage,
            "no tool can have this name",
            "--tool",
            chain(&error),
            next,
        )
    })
}

/// A name that neither this program nor the recording knows would print nothing, as if nothing had been found.
fn all_known(chosen: &[ToolId], replayed: &Replayed) -> Result<(), Problem> {
    let mut known: Vec<String> = wiring::tools()?
        .iter()
        .map(|tool| tool.meta().id.as_str().to_owned())
        .chain(replayed.findings.iter().map(|f| f.tool.as_str().to_owned()))
        .chain(["engine".to_owned()])
        .collect();
    known.sort();
    known.dedup();
    let stranger = chosen
        .iter()
        .find(|id| !known.iter().any(|k| k == id.as_str()));
    match stranger {
        None => Ok(()),
        Some(id) => Err(Problem::new(
            Exit::Usage,
            "there is no such tool",
            format!("--tool {id}"),
            "neither this program nor the recording has a tool of that name",
            format!("name one of these: {}", known.join(", ")),
        )),
    }
}

fn print<'a>(
    args: &ReplayArgs,
    findings: impl Iterator<Item = &'a Finding>,
) -> Result<(), Problem> {
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    for finding in findings {
        let line = if args.json {
            sinks::json(&Record::Finding(finding))
                .map_err(|error| Problem::internal("a finding", chain(&error)))?
        } else {
            // The same in every time zone, so that two outputs can be compared.
            lines::finding(
                finding,
                finding.end.unwrap_or(finding.start),
                &TimeZone::UTC,
            )
        };
        writeln!(out, "{line}").map_err(|error| Problem::output(&error))?;
    }
    out.flush().map_err(|error| Problem::output(&error))
}

/// The verdict, on standard error: standard output holds the findings alone.
fn tell(args: &ReplayArgs, replayed: &Replayed) -> Exit {
    let findings = count(replayed.findings.len() as u64, "finding");
    let signals = count(replayed.signals, "signal");
    if replayed.ending != Ending::Whole {
        eprintln!("note: {}", replayed.ending);
    }
    if replayed.dropped > 0 {
        eprintln!(
            "note: {} had been dropped",
            count(replayed.dropped, "signal")
        );
    }
    if args.recorded {
        eprintln!("{findings} recorded over {signals}");
        return Exit::Ok;
    }
    if let Some(divergence) = &replayed.divergence {
        eprintln!("different: {divergence}");
        return Exit::Finding;
    }
    if let Some((at, recorded, now)) = replayed.first_difference() {
        let text = |finding: Option<&Finding>| match finding {
            Some(finding) => {
                sinks::json(&Record::Finding(finding)).unwrap_or_else(|error| error.to_string())
            }
            None => "nothing".to_owned(),
        };
        eprintln!("different: finding {at}");
        eprintln!("  recorded: {}", text(recorded));
        eprintln!("  replayed: {}", text(now));
        return Exit::Finding;
    }
    eprintln!("identical to the recorded findings: {findings} over {signals}");
    Exit::Ok
}
