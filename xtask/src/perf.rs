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
standard output and to target/perf.md. A bench that cannot run does not keep the others from running.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let quick = flag(&mut args, "--quick");
    no_arguments(&args)?;
    let gates = gates::load(shell.root())?;
    let ws = Workspace::load(shell)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for package in ws.crates().filter(|p| gates.contains_key(p.short())) {
        match bench::measure(shell, &gates, package.short(), quick) {
            Ok(found) => rows.extend(found),
            Err(error) => problems.push(format!("{}: {error}", package.short())),
        }
    }
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
