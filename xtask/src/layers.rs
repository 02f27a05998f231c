//! `layers`: who may know whom, checked from the manifests and from the public signatures.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use crate::card;
use crate::edges;
use crate::error::{Error, Result, none_found};
use crate::shell::{self, Shell};
use crate::signatures;
use crate::verb::{Outcome, Verb, no_arguments};
use crate::workspace::{Layer, Workspace};

pub(crate) const VERB: Verb = Verb {
    name: "layers",
    summary: "who may know whom: dependencies, public signatures, bincode, the card's packages",
    help: "\
usage: cargo xtask layers

Fails when
  - a normal or build dependency goes where the layer table of the house plan does not allow it;
  - a development dependency goes further than that, except to verify/* and distributed/simulation,
    given by path without a version;
  - somebody but its owner depends on a `-macros` crate;
  - a public signature outside the app names another layer's type (core and codec excepted):
    functions, fields, variants, trait items, aliases, re-exports and impl headers of the sources are
    read; code that macros generate is not seen;
  - `bincode` is a dependency of, or named in the source of, any crate but codec;
  - a package of the card is no crate's direct dependency, unless every room that will use it is still
    to be built: those are listed as pending.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    no_arguments(args)?;
    let ws = Workspace::load(shell)?;
    let mut problems = edges::forbidden(&ws);
    problems.extend(signatures::leaks(&ws)?);
    problems.extend(bincode_users(&ws)?);
    let card = card::check(&ws);
    problems.extend(card.missing);
    for line in &card.pending {
        shell.say(format_args!("pending: {line}"));
    }
    none_found(VERB.name, problems)?;
    let edges: usize = ws
        .packages
        .iter()
        .map(|p| {
            p.dependencies
                .iter()
                .filter(|d| ws.package(&d.name).is_some())
                .count()
        })
        .sum();
    Ok(Outcome::done(format!(
        "{} crates, {edges} inner edges, {} of the card pending",
        ws.packages.len(),
        card.pending.len()
    )))
}

/// Every use of bincode outside codec.
fn bincode_users(ws: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in ws.crates().filter(|p| p.layer != Layer::Codec) {
        if package.dependencies.iter().any(|d| d.name == "bincode") {
            problems.push(format!(
                "{} depends on bincode; only codec may",
                package.room
            ));
        }
        for path in rust_files(&package.dir)? {
            if names_ident(&shell::read_file(&path)?, "bincode")
                .map_err(|e| Error::malformed(path.display().to_string(), e))?
            {
                problems.push(format!("{} names bincode; only codec may", path.display()));
            }
        }
    }
    Ok(problems)
}

/// Whether the source names `ident` outside comments and literals.
fn names_ident(source: &str, ident: &str) -> std::result::Result<bool, proc_macro2::LexError> {
    fn any(stream: proc_macro2::TokenStream, ident: &str) -> bool {
        stream.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(i) => i == ident,
            proc_macro2::TokenTree::Group(g) => any(g.stream(), ident),
            _ => false,
        })
    }
    Ok(any(proc_macro2::TokenStream::from_str(source)?, ident))
}

/// Every Rust source below a directory, except build output and sources that are meant not to compile.
pub(crate) fn rust_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else {
            continue;
        };
        for entry in entries {
            let entry = entry.map_err(Error::io("list", &dir))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(Error::io("read", &path))?;
            if kind.is_dir() {
                if !["target", "ui"].iter().any(|n| path.ends_with(n)) {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bincode_is_seen_in_code_and_not_in_prose() {
        assert!(names_ident("fn f() { let _ = bincode::config::standard(); }", "bincode").unwrap());
        assert!(names_ident("use bincode as b;", "bincode").unwrap());
        assert!(
            !names_ident(
                "//! Not bincode.\n/// bincode\nfn f() { g(\"bincode\") }",
                "bincode"
            )
            .unwrap()
        );
    }
}
