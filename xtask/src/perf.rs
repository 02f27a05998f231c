//! `perf`: every bench, one table.

use crate::bench;
use crate::error::{Error, Result, none_found};
use crate::gates;
use crate::shell::{self, Shell};
use crate::verb::{Outcome, Verb, flag, no_arguments};
use crate::workspace::Workspace;

pub(crate) const VERB: Verb = Verb {
    name: "perf",
    summary: "all benches; a Markdown table of ratios, limits and results",
    help: "\
usage: cargo xtask perf [--quick]

Runs the bench of every crate that has gates and writes the table crate, figure, ratio, limit, result to
standard output and to target/perf.md. A bench that cannot run does not keep the others from running.
Also runs benches/check_*.sh: promises about machine code that no ratio shows.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let quick = flag(&mut args, "--quick");
    no_arguments(&args)?;
    let gates = gates::load(shell.root())?;
    let ws = Workspace::load(shell)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let is_ours = |bench: &&String| ws.crates().any(|p| p.short() == gates::owner(bench));
    for name in gates.keys().filter(is_ours) {
        match bench::measure(shell, &gates, name, quick) {
            Ok(found) => rows.extend(found),
            Err(error) => problems.push(format!("{name}: {error}")),
        }
    }
    problems.extend(checks(shell)?);
    let table = gates::markdown(&rows);
    shell.say(&table);
    shell::write_file(&shell.root().join("target/perf.md"), &table)?;
    problems.extend(bench::over(&rows));
    none_found(VERB.name, problems)?;
    if rows.is_empty() {
        return Err(Error::malformed(
            "benches/gates.toml",
            "gates no crate of this workspace",
        ));
    }
    Ok(Outcome::done(format!(
        "{} figures{}",
        rows.len(),
        if quick { ", quick" } else { "" }
    )))
}

/// Runs every `benches/check_*.sh`; one line for each that fails.
fn checks(shell: &Shell) -> Result<Vec<String>> {
    let dir = shell.root().join("benches");
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(&dir).map_err(|error| Error::malformed("benches", error))? {
        let name = entry
            .map_err(|error| Error::malformed("benches", error))?
            .file_name();
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("check_") && name.ends_with(".sh") {
            scripts.push(name);
        }
    }
    scripts.sort();
    let mut problems = Vec::new();
    for name in scripts {
        let mut command = std::process::Command::new("sh");
        command.arg(dir.join(&name)).current_dir(shell.root());
        match shell.run(&mut command) {
            Ok(output) => shell.say(format_args!("{name}: {}", output.trim_end())),
            Err(error) => problems.push(format!("{name}: {error}")),
        }
    }
    Ok(problems)
}
