//! Checks spec files and protocols: `voidstate-spec FILE|DIR… [--html DIR] [--reports DIR] [--smt DIR]`.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use voidstate_language::{Checked, Diagnostics, check, format, parse};
use voidstate_spec::generate::Report;
use voidstate_spec::pages::{self, Page, ProtocolVerdict};
use voidstate_spec::statics;

/// Parses, checks and judges specs, and writes pages of them.
#[derive(Debug, Parser)]
#[command(name = "voidstate-spec", version)]
struct Arguments {
    /// Spec files (`.spec`) and protocols (`.vsp`), or directories of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Writes a page per file and an index into this directory.
    #[arg(long, value_name = "DIR")]
    html: Option<PathBuf>,
    /// Reads reports of generated tests (`NAME.json`) from this directory.
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Fails when a tool has no report.
    #[arg(long, requires = "reports")]
    all_run: bool,
    /// Fails when the solver z3 is not installed.
    #[arg(long)]
    solver: bool,
    /// Writes the files in the formatter's layout first.
    #[arg(long)]
    format: bool,
}

/// One file and all that was found out about it.
struct File {
    name: String,
    source: String,
    /// Its layout is not the formatter's.
    unformatted: bool,
    /// Questions that nobody could answer.
    unknown: Vec<String>,
    checked: Option<Checked>,
    diagnostics: Diagnostics,
    reports: Vec<Report>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            drop(writeln!(io::stderr(), "error: {message}"));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut reports = match &arguments.reports {
        Some(dir) => reports(dir)?,
        None => BTreeMap::new(),
    };
    let settings = statics::Settings::default();
    if settings.solver.is_none() {
        if arguments.solver {
            return Err("the solver z3 is not installed; install the package `z3`".to_owned());
        }
        drop(writeln!(
            io::stderr(),
            "note: z3 is not installed, so clauses are judged by bounded search alone"
        ));
    }
    let mut files = Vec::new();
    let mut scripts = Vec::new();
    for path in spec_files(&arguments.paths)? {
        if arguments.format {
            write_formatted(&path)?;
        }
        if is_script(&path) {
            scripts.push(read_script(&path)?);
        } else {
            files.push(read(&path, &mut reports, &settings)?);
        }
    }
    if files.is_empty() && scripts.is_empty() {
        return Err(
            "no .spec or .vsp file in what was named; name a file or a directory of them"
                .to_owned(),
        );
    }
    let mut good = true;
    for file in &files {
        if !file.diagnostics.is_empty() {
            let color = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            drop(writeln!(
                io::stderr(),
                "{}",
                file.diagnostics.render(&file.source, &file.name, color)
            ));
        }
        for unknown in &file.unknown {
            drop(writeln!(
                io::stderr(),
                "note: {}: unknown: {unknown}",
                file.name
            ));
        }
        if file.unformatted {
            drop(writeln!(
                io::stderr(),
                "error: {} is not in the formatter's layout; `voidstate-spec --format {}` writes it so",
                file.name,
                file.name
            ));
        }
        good &= file.checked.is_some() && !file.diagnostics.has_errors() && !file.unformatted;
        good &= file.reports.iter().all(Report::passed);
    }
    let pages: Vec<Page<'_>> = files.iter().map(page).collect();
    let unrun = table(&pages);
    if arguments.all_run && !unrun.is_empty() {
        drop(writeln!(
            io::stderr(),
            "error: nothing was held against {}; write a test that calls `generate::check` for it, with preconditions that \
             inputs can be found for",
            unrun.join(", ")
        ));
        good = false;
    }
    let protocols = protocols(&files, &scripts);
    good &= protocol_table(&protocols);
    for script in scripts.iter().filter(|s| !s.formatted) {
        drop(writeln!(
            io::stderr(),
            "error: {} is not in the formatter's layout; `voidstate-spec --format {}` writes it so",
            script.name,
            script.name
        ));
        good = false;
    }
    for (tool, _) in reports {
        drop(writeln!(
            io::stderr(),
            "error: a report of `{tool}` belongs to no spec here; remove it or name its spec"
        ));
        good = false;
    }
    if let Some(dir) = &arguments.html {
        write_pages(dir, &pages, &scripts, &protocols)?;
    }
    Ok(good)
}

fn write_formatted(path: &Path) -> Result<(), String> {
    let shown = path.display();
    let source = std::fs::read_to_string(path).map_err(|e| format!("cannot read {shown}: {e}"))?;
    let text = if is_script(path) {
        pages::formatted(&source)
    } else {
        parse(&source).ok().map(|document| format(&document))
    };
    let Some(text) = text else { return Ok(()) };
    if text == source {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|e| format!("cannot write {shown}: {e}"))
}

/// A file of protocols and what they are worth.
struct Script {
    name: String,
    source: String,
    formatted: bool,
    verdicts: Vec<ProtocolVerdict>,
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "vsp")
}

fn read_script(path: &Path) -> Result<Script, String> {
    let name = path.display().to_string();
    let source = std::fs::read_to_string(path).map_err(|e| format!("cannot read {name}: {e}"))?;
    let (verdicts, formatted) = pages::judge_text(&name, &source);
    if verdicts.is_empty() {
        return Err(format!(
            "{name} holds no protocol; write one or remove the file"
        ));
    }
    Ok(Script {
        name,
        source,
        formatted,
        verdicts,
    })
}

/// Every protocol of specs and scripts, with its file.
fn protocols(files: &[File], scripts: &[Script]) -> Vec<(String, ProtocolVerdict)> {
    let mut all = Vec::new();
    for file in files {
        let texts = file
            .checked
            .iter()
            .flat_map(|c| &c.protocols)
            .cloned()
            .collect::<Vec<_>>();
        all.extend(
            pages::judge_items(&file.name, &texts)
                .into_iter()
                .map(|v| (file.name.clone(), v)),
        );
    }
    for script in scripts {
        all.extend(
            script
                .verdicts
                .iter()
                .map(|v| (script.name.clone(), v.clone())),
        );
    }
    all
}

/// Prints a line per protocol, and what is wrong; whether nothing is.
fn protocol_table(protocols: &[(String, ProtocolVerdict)]) -> bool {
    if protocols.is_empty() {
        return true;
    }
    let mut out = io::stdout().lock();
    drop(writeln!(
        out,
        "{:28} {:20} {:>10} {:>8} {:>14}  verdict",
        "file", "protocol", "roles", "states", "configurations"
    ));
    for (file, v) in protocols {
        drop(writeln!(
            out,
            "{file:28} {:20} {:>10} {:>8} {:>14}  {}",
            v.name, v.roles, v.states, v.configurations, v.verdict
        ));
        if !v.passed() {
            drop(writeln!(io::stderr(), "{}", v.remarks));
        }
    }
    protocols.iter().all(|(_, v)| v.passed())
}

fn page(file: &File) -> Page<'_> {
    Page {
        file: &file.name,
        source: &file.source,
        checked: file.checked.as_ref(),
        diagnostics: &file.diagnostics,
        reports: &file.reports,
    }
}

fn read(
    path: &Path,
    reports: &mut BTreeMap<String, Report>,
    settings: &statics::Settings,
) -> Result<File, String> {
    let name = path.display().to_string();
    let source = std::fs::read_to_string(path).map_err(|e| format!("cannot read {name}: {e}"))?;
    let document = parse(&source);
    let unformatted = document
        .as_ref()
        .is_ok_and(|document| format(document) != source);
    let (checked, diagnostics, unknown) = match document.and_then(|document| check(&document)) {
        Ok(checked) => {
            let found = statics::check(&checked, settings);
            (Some(checked), found.diagnostics(), found.unknown)
        }
        Err(diagnostics) => (None, diagnostics, Vec::new()),
    };
    let tools = checked.iter().flat_map(|c| &c.tools);
    let reports = tools
        .filter_map(|tool| reports.remove(&tool.name))
        .collect();
    Ok(File {
        name,
        source,
        unformatted,
        unknown,
        checked,
        diagnostics,
        reports,
    })
}

/// The files named, and those in the directories named, in order.
fn spec_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path)
                .map_err(|e| format!("cannot list {}: {e}", path.display()))?;
            for entry in entries {
                let entry = entry.map_err(|e| format!("cannot list {}: {e}", path.display()))?;
                if entry
                    .path()
                    .extension()
                    .is_some_and(|e| e == "spec" || e == "vsp")
                {
                    files.push(entry.path());
                }
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// Every report in the directory, by tool.
fn reports(dir: &Path) -> Result<BTreeMap<String, Report>, String> {
    let mut found = BTreeMap::new();
    let entries =
        std::fs::read_dir(dir).map_err(|e| format!("cannot list {}: {e}", dir.display()))?;
    for entry in entries {
        let path = entry
            .map_err(|e| format!("cannot list {}: {e}", dir.display()))?
            .path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let shown = path.display();
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("cannot read {shown}: {e}"))?;
        let report: Report = serde_json::from_str(&text)
            .map_err(|e| format!("{shown} is no report of generated tests: {e}"))?;
        found.insert(report.tool.clone(), report);
    }
    Ok(found)
}

/// Prints a line per tool; gives the tools that nothing was run against.
fn table(pages: &[Page<'_>]) -> Vec<String> {
    let mut out = io::stdout().lock();
    let mut unrun = Vec::new();
    drop(writeln!(
        out,
        "{:28} {:20} {:>10} {:>8} {:>8} {:>9}  verdict",
        "file", "tool", "operations", "clauses", "cases", "rejected"
    ));
    for page in pages {
        let Some(checked) = page.checked else {
            drop(writeln!(out, "{:28} {:20}", page.file, "cannot be read"));
            continue;
        };
        for tool in &checked.tools {
            let row = pages::row(tool, page);
            if matches!(row.verdict, "not run" | "not tried") {
                unrun.push(format!("{}: {}", page.file, tool.name));
            }
            drop(writeln!(
                out,
                "{:28} {:20} {:>10} {:>8} {:>8} {:>9}  {}",
                page.file,
                tool.name,
                row.operations,
                row.clauses,
                row.cases,
                row.rejected,
                row.verdict
            ));
        }
    }
    unrun
}

fn write_pages(
    dir: &Path,
    pages: &[Page<'_>],
    scripts: &[Script],
    protocols: &[(String, ProtocolVerdict)],
) -> Result<(), String> {
    let write = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
    };
    std::fs::create_dir_all(dir).map_err(|e| format!("cannot create {}: {e}", dir.display()))?;
    for page in pages {
        write(&page.file_name(), &pages::page(page))?;
    }
    for script in scripts {
        let page = pages::protocols_page(&script.name, &script.source, &script.verdicts);
        write(&pages::page_name(&script.name), &page)?;
    }
    write("index.html", &pages::index(pages, protocols))?;
    drop(writeln!(
        io::stdout(),
        "{} pages in {}",
        pages.len() + scripts.len() + 1,
        dir.display()
    ));
    Ok(())
}
