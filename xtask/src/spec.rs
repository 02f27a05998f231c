//! `spec`: the pages and schemas in `specs/`.

use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result, none_found};
use crate::rooms;
use crate::shell::{self, Shell};
use crate::verb::{Outcome, Verb, no_arguments};
use crate::workspace::Workspace;

pub(crate) const VERB: Verb = Verb {
    name: "spec",
    summary: "every crate's spec page stands, every schema parses",
    help: "\
usage: cargo xtask spec

Checks that every JSON schema in specs/schema parses, is an object and names its dialect and title, and
that every crate has a spec page that is not empty and names at least one test that its sources hold.
What a page promises is checked by those tests; the pages themselves are not executed.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    if let Some((first, rest)) = args.split_first()
        && first == "mutate"
    {
        return crate::mutate::run(shell, rest);
    }
    no_arguments(args)?;
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
    none_found(VERB.name, problems)?;
    Ok(Outcome::done(format!(
        "{schemas} schemas parse, {pages} pages stand; pages are not executed"
    )))
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
