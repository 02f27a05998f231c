//! `deny`: licences, bans, sources, advisories, and the notices page.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::notices;
use crate::shell::{self, Shell};
use crate::verb::{Outcome, Verb, flag, no_arguments};

const INSTALL: &str = "cargo install cargo-deny --version 0.20.2 --locked";

pub(crate) const VERB: Verb = Verb {
    name: "deny",
    summary: "licences, bans, sources (deny.toml); `--notices` writes the third-party page",
    help: "\
usage: cargo xtask deny [--notices]

Checks licences, bans and sources after deny.toml with cargo-deny 0.20. Advisories need a database from
outside: they are checked where one has been fetched (below the cargo home's advisory-dbs), and are
skipped, visibly, where not. Without cargo-deny all of it is skipped, visibly; with CI=true that is a
failure. Install: cargo install cargo-deny --version 0.20.2 --locked (about 200 CPU seconds).
--notices writes THIRD-PARTY-NOTICES.md from what the app is built from, and checks nothing.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let write = flag(&mut args, "--notices");
    no_arguments(&args)?;
    if write {
        return Ok(Outcome::done(format!(
            "{} packages in the notices",
            notices::write(shell)?
        )));
    }
    let Ok(version) = shell.read(&mut shell.cargo(["deny", "--version"])) else {
        return missing(shell::in_ci());
    };
    let version = version.trim().to_owned();
    if !version.contains(" 0.20.") {
        return Err(Error::malformed(
            "cargo-deny",
            format!("`{version}` is not 0.20, for which deny.toml is written; {INSTALL}"),
        ));
    }
    shell.run(
        &mut shell.cargo("deny --all-features --locked check licenses bans sources".split(' ')),
    )?;
    let Some(database) = advisory_database() else {
        return Ok(Outcome::skipped(format!(
            "{version}: licences, bans, sources ok; advisories skipped: no database here"
        )));
    };
    shell.say(format_args!("advisories from {}", database.display()));
    shell.run(
        &mut shell.cargo("deny --all-features --offline --locked check advisories".split(' ')),
    )?;
    Ok(Outcome::done(format!(
        "{version}: licences, bans, sources, advisories"
    )))
}

fn missing(must: bool) -> Result<Outcome> {
    if must {
        return Err(Error::malformed(
            "cargo-deny",
            format!("is not installed, and CI checks all or nothing; {INSTALL}"),
        ));
    }
    Ok(Outcome::skipped(format!(
        "cargo-deny is not installed, nothing was checked; {INSTALL}"
    )))
}

/// A database that cargo-deny fetched earlier.
fn advisory_database() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let databases = std::fs::read_dir(home.join("advisory-dbs")).ok()?;
    databases
        .flatten()
        .map(|e| e.path())
        .find(|p| p.join("crates").is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_checker_is_a_failure_in_ci_and_a_visible_skip_elsewhere() {
        assert!(
            missing(true)
                .unwrap_err()
                .to_string()
                .contains("cargo install cargo-deny")
        );
        let outcome = missing(false).unwrap();
        assert!(outcome.skipped && outcome.note.contains("nothing was checked"));
    }
}
