//! `spec`: specs parse, agree with themselves, and what bears them does what they say.

mod entries;

use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result, none_found};
use crate::rooms;
use crate::shell::{self, Shell};
use crate::test;
use crate::verb::{Outcome, Verb, flag, no_arguments};
use crate::workspace::Workspace;

pub(crate) const VERB: Verb = Verb {
    name: "spec",
    summary: "specs parse, are free of contradictions and are kept; `spec mutate CRATE` plants faults",
    help: "\
usage: cargo xtask spec [--texts]
       cargo xtask spec mutate CRATE [--files DIR] [--filter NAME] [--floor PERCENT] [--again LOG]

Without arguments:
  - every JSON schema in specs/schema parses, is an object and names its dialect and title;
  - every crate has a page in specs/ that names at least one test that its sources hold;
  - every tool in crates/tools is an `impl TypedTool for …` that bears #[implements], and every main entry of an
    algorithm crate (listed in its lib.rs under `# Main items`) has a spec that its tests/it/spec.rs bears;
  - the tests named `spec::…` of every crate that uses voidstate-spec pass, and report what they tried;
  - every specs/*.spec parses, has its names and types right, is laid out as the formatter does it, and holds
    no contradiction, no empty promise and no unused input (with the solver z3 where it is installed; with CI=true
    it must be); every tool in them was held against an implementation by generated tests, or is a tool of the
    engine, whose spec is its contract in all its tests;
  - every specs/*.vsp and every protocol in a spec is in the formatter's layout, each of its roles can play its part,
    and the machines of its roles fit together: no deadlock, no orphan message, no unspecified reception, no
    unreachable state, and nothing that nobody knows.
Prints a table and writes pages into target/spec/pages. With --texts only the first three, which build nothing.

spec mutate plants every fault it knows into CRATE's sources (or those in DIR, a directory of the crate such as
tests/it/right), all in one build of a copy below target/mutate; an environment variable chooses one. Then it
runs the tests whose names hold NAME (default `spec::`) once per fault. A fault is killed when a test fails,
crashes or does not end. Faults that no test reaches are counted apart; faults that change nothing anybody could
see are named with the reason in specs/equivalent.toml (function, before, after, why; `place` where several look the
same). Fails when fewer than PERCENT (default 95) of the faults reached are killed. With --again only the faults
that LOG, the output of an earlier run, names as survived or unreached are tried, without a floor.",
    run,
};

/// Where the tests' reports and the pages go, below the root.
const REPORTS: &str = "target/spec/reports";
const PAGES: &str = "target/spec/pages";

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    if let Some((first, rest)) = args.split_first()
        && first == "mutate"
    {
        return crate::mutate::run(shell, rest);
    }
    let mut args = args.to_vec();
    let texts_only = flag(&mut args, "--texts");
    no_arguments(&args)?;
    let ws = Workspace::load(shell)?;
    let root = shell.root();
    let mut problems = Vec::new();
    let mut schemas = 0;
    for path in files(&root.join("specs/schema"), "json")? {
        schemas += 1;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        problems.extend(
            schema(&shell::read_file(&path)?)
                .err()
                .map(|why| format!("specs/schema/{name}: {why}")),
        );
    }
    let mut pages = 0;
    for package in ws.crates().filter(|p| !p.is_macros()) {
        let Some(page) = rooms::spec_page(package, root) else {
            problems.push(format!("{}: no page in specs/", package.room));
            continue;
        };
        pages += 1;
        let mut sources = String::new();
        for file in crate::layers::rust_files(&package.dir)? {
            sources.push_str(&shell::read_file(&file)?);
        }
        problems.extend(
            spec_page(&shell::read_file(&root.join(&page))?, &sources)
                .err()
                .map(|why| format!("{page}: {why}")),
        );
    }
    problems.extend(entries::without_spec(&ws, root)?);
    none_found(VERB.name, problems)?;
    if texts_only {
        return Ok(Outcome::skipped(format!(
            "{schemas} schemas parse, {pages} pages stand; nothing was run"
        )));
    }
    let tests = conformance(shell, &ws)?;
    check(shell)?;
    let specs = files(&root.join("specs"), "spec")?.len();
    let protocols = files(&root.join("specs"), "vsp")?.len();
    Ok(Outcome::done(format!(
        "{specs} specs hold in {tests} tests, {protocols} files of protocols hold, {schemas} schemas parse, {pages} pages stand; {PAGES}/index.html"
    )))
}

/// Runs the tests that hold implementations against specs; gives how many there were.
fn conformance(shell: &Shell, ws: &Workspace) -> Result<u64> {
    let reports = shell.root().join(REPORTS);
    drop(std::fs::remove_dir_all(&reports));
    std::fs::create_dir_all(&reports).map_err(Error::io("create", &reports))?;
    let mut words: Vec<String> = ["test", "--profile", "ci", "--all-features", "--locked"]
        .map(str::to_owned)
        .to_vec();
    let bearers = ws.crates().filter(|p| {
        p.room == "verify/spec" || p.dependencies.iter().any(|d| d.name == "voidstate-spec")
    });
    let before = words.len();
    for package in bearers {
        words.extend(["-p".to_owned(), package.name.clone()]);
    }
    if words.len() == before {
        return Err(Error::malformed("the workspace", "no crate bears a spec"));
    }
    words.extend(["--test", "it", "--", "spec::"].map(str::to_owned));
    let output = shell.run(shell.cargo(words).env("VOIDSTATE_SPEC_REPORT", &reports))?;
    match test::count(&output).passed {
        0 => Err(Error::malformed("tests named `spec::…`", "there are none")),
        passed => Ok(passed),
    }
}

/// Parses and judges the specs, and writes their pages.
fn check(shell: &Shell) -> Result<()> {
    let mut words = vec![
        "run",
        "--quiet",
        "--profile",
        "ci",
        "--all-features",
        "--locked",
        "--package",
        "voidstate-spec",
        "--bin",
        "voidstate-spec",
        "--",
        "specs",
        "--reports",
        REPORTS,
        "--all-run",
        "--html",
        PAGES,
    ];
    if shell::in_ci() {
        words.push("--solver");
    }
    shell.run(&mut shell.cargo(words)).map(drop)
}

fn schema(text: &str) -> std::result::Result<(), String> {
    let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let fields = value.as_object().ok_or("is not an object")?;
    for field in ["$schema", "title"] {
        if !fields.get(field).is_some_and(Value::is_string) {
            return Err(format!("has no `{field}`"));
        }
    }
    Ok(())
}

/// A page names tests in backquotes, by their last path segment or whole.
fn spec_page(page: &str, sources: &str) -> std::result::Result<(), String> {
    if page.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    let names = page
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|n| n.rsplit("::").next().unwrap_or(n));
    let is_ident =
        |n: &str| !n.is_empty() && n.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if names
        .filter(|n| is_ident(n))
        .any(|n| sources.contains(&format!("fn {n}(")))
    {
        return Ok(());
    }
    Err("names no test of the crate in backquotes".to_owned())
}

fn files(dir: &Path, extension: &str) -> Result<Vec<std::path::PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let path = entry.map_err(Error::io("list", dir))?.path();
        if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_says_what_it_is() {
        assert!(schema(r#"{"$schema": "x", "title": "Signal"}"#).is_ok());
        for bad in [
            "",
            "{",
            "[]",
            r#"{"title": "Signal"}"#,
            r#"{"$schema": 1, "title": "x"}"#,
        ] {
            assert!(schema(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_names_a_test_that_exists() {
        let sources = "#[test]\nfn levels_never_fall() {}";
        assert!(spec_page("Never falls (`level::tests::levels_never_fall`).", sources).is_ok());
        assert!(spec_page("Never falls (`levels_never_rise`).", sources).is_err());
        assert!(spec_page("  \n", sources).is_err());
    }
}
