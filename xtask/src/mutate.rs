//! `spec mutate`: plants faults in a crate and sees which of them the tests generated from its specs find.

mod faults;
mod instrument;
mod known;
mod report;
mod run;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::layers::rust_files;
use crate::shell::{self, Shell};
use crate::verb::{Outcome, option};
use crate::workspace::{Package, Workspace};

/// A place in the workspace whose sources are changed.
struct Target<'a> {
    package: &'a Package,
    /// Directory of the sources, below the root.
    sources: PathBuf,
    /// Root module that gets the chooser, below the root.
    root_module: PathBuf,
    filter: String,
    /// What an earlier run said; only the faults that its lines name are tried again.
    again: Option<String>,
}

pub(crate) fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let files = option(&mut args, "--files")?;
    let filter = option(&mut args, "--filter")?.unwrap_or_else(|| "spec::".to_owned());
    let again = option(&mut args, "--again")?
        .map(|log| shell::read_file(Path::new(&log)))
        .transpose()?;
    let floor: f64 = match option(&mut args, "--floor")? {
        Some(text) => percent(&text)?,
        None => 95.0,
    };
    let [name] = args.as_slice() else {
        return Err(Error::Usage(
            "which crate? `cargo xtask spec mutate CRATE`".to_owned(),
        ));
    };
    let ws = Workspace::load(shell)?;
    let package = ws
        .crates()
        .find(|p| p.short() == name || p.name == *name)
        .ok_or_else(|| Error::Usage(format!("no crate `{name}` in the workspace")))?;
    let mut target = target(shell.root(), package, files.as_deref(), filter)?;
    target.again = again;
    let known = known::load(shell.root(), package.short())?;
    let found = run::run(shell, &target)?;
    let floor = target.again.is_none().then_some(floor);
    report::tell(shell, package.short(), &found, &known, floor)
}

/// A share that can be reached and missed.
fn percent(text: &str) -> Result<f64> {
    text.parse()
        .ok()
        .filter(|floor| (0.0..=100.0).contains(floor))
        .ok_or_else(|| Error::Usage(format!("`--floor {text}` is no percentage from 0 to 100")))
}

fn target<'a>(
    root: &Path,
    package: &'a Package,
    files: Option<&str>,
    filter: String,
) -> Result<Target<'a>> {
    let below = |path: &Path| {
        path.strip_prefix(root)
            .map(Path::to_path_buf)
            .map_err(|_| Error::malformed(path.display().to_string(), "is outside the workspace"))
    };
    let sources = package.dir.join(files.unwrap_or("src"));
    if !sources.is_dir() {
        return Err(Error::Usage(format!(
            "`{}` is no directory",
            sources.display()
        )));
    }
    let root_module = match files {
        Some(f) if f.starts_with("tests/it") => package.dir.join("tests/it/main.rs"),
        _ => package.dir.join("src/lib.rs"),
    };
    Ok(Target {
        package,
        sources: below(&sources)?,
        root_module: below(&root_module)?,
        filter,
        again: None,
    })
}

/// Texts by path below the root.
type Sources = Vec<(PathBuf, String)>;

/// The sources with every fault but the refused ones, by path below the root.
fn instrumented(
    root: &Path,
    target: &Target<'_>,
    refused: &BTreeSet<usize>,
) -> Result<(Sources, Vec<instrument::Mutant>)> {
    let (mut texts, mut mutants, mut next) = (Vec::new(), Vec::new(), 1);
    let mut files = rust_files(&root.join(&target.sources))?;
    let root_module = root.join(&target.root_module);
    if !files.contains(&root_module) {
        files.push(root_module.clone());
    }
    files.sort();
    for path in files {
        let below = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
        let source = shell::read_file(&path)?;
        let shown = below.display().to_string();
        let mut text = if path.starts_with(root.join(&target.sources)) {
            let (text, found) = instrument::instrument(&shown, &source, &mut next, refused)
                .map_err(|e| Error::malformed(&shown, e))?;
            mutants.extend(found);
            text
        } else {
            source
        };
        if path == root_module {
            text.push_str(instrument::CHOOSER);
        }
        texts.push((below, text));
    }
    Ok((texts, mutants))
}

#[cfg(test)]
mod tests;
