//! Builds, checks and measures the workspace: `cargo xtask VERB`.
//!
//! One file per verb; it knows no crate of the workspace and builds in seconds. `cargo xtask help` lists the verbs.

#![forbid(unsafe_code)]

mod bench;
mod build;
mod card;
mod ci;
mod deny;
mod doc;
mod edges;
mod error;
mod example;
mod gates;
mod layers;
mod lint;
mod mutate;
mod names;
mod new;
mod notices;
mod perf;
mod pick;
mod rooms;
mod scaffold;
mod shell;
mod signatures;
mod soak;
mod spec;
mod test;
mod text_rules;
mod verb;
mod ways_round;
mod workspace;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use error::{Error, Result};
use shell::Shell;
use verb::{Outcome, Verb};

const VERBS: [&Verb; 14] = [
    &ci::VERB,
    &build::VERB,
    &layers::VERB,
    &rooms::VERB,
    &lint::VERB,
    &test::VERB,
    &spec::VERB,
    &doc::VERB,
    &bench::VERB,
    &perf::VERB,
    &soak::VERB,
    &deny::VERB,
    &pick::VERB,
    &new::VERB,
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "error: {error}"));
            ExitCode::from(error.code())
        }
    }
}

fn dispatch(mut args: Vec<String>) -> Result<()> {
    let root = match verb::option(&mut args, "--root")? {
        Some(root) => std::path::absolute(&root).map_err(Error::io("find", &root))?,
        None => find_root()?,
    };
    let shell = Shell::new(root);
    if args.is_empty() {
        shell.say(help());
        return Ok(());
    }
    let name = args.remove(0);
    let find = |name: &str| {
        VERBS
            .into_iter()
            .find(|v| v.name == name)
            .ok_or_else(|| Error::Usage(format!("no verb `{name}`")))
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        match args.first() {
            Some(of) => shell.say(find(of)?.help),
            None => shell.say(help()),
        }
        return Ok(());
    }
    let verb = find(&name)?;
    if args.iter().any(|a| a == "--help" || a == "-h") {
        shell.say(verb.help);
        return Ok(());
    }
    let Outcome { note, skipped } = (verb.run)(&shell, &args)?;
    // The closing line of `test` and `ci` stays the last.
    if !note.is_empty() && !["test", "ci"].contains(&verb.name) {
        shell.say(format_args!(
            "{}: {}{note}",
            verb.name,
            if skipped { "SKIPPED IN PART: " } else { "" }
        ));
    }
    Ok(())
}

fn help() -> String {
    let mut text = String::from(
        "usage: cargo xtask VERB [ARGUMENTS]   (`cargo xtask help VERB` tells more)\n",
    );
    for verb in VERBS {
        text.push_str(&format!("\n  {:7} {}", verb.name, verb.summary));
    }
    text + "\n\n--root DIR works on another checkout."
}

/// The nearest directory above that holds this program's manifest.
fn find_root() -> Result<PathBuf> {
    let here = std::env::current_dir().map_err(Error::io("find", "the current directory"))?;
    let root = here
        .ancestors()
        .find(|d| d.join("xtask/Cargo.toml").is_file());
    root.map(PathBuf::from)
        .ok_or_else(|| Error::Usage("not inside the workspace; `--root DIR` names it".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_documented() {
        let names: Vec<_> = VERBS.iter().map(|v| v.name).collect();
        let plan = "ci build layers rooms lint test spec doc bench perf soak deny pick new";
        assert_eq!(names.join(" "), plan);
        for verb in VERBS {
            assert!(
                verb.help
                    .starts_with(&format!("usage: cargo xtask {}", verb.name)),
                "{}",
                verb.name
            );
            assert!(help().contains(verb.summary));
        }
    }

    #[test]
    fn an_unknown_verb_is_a_usage_error() {
        assert_eq!(dispatch(vec!["dance".to_owned()]).unwrap_err().code(), 2);
        assert_eq!(
            dispatch(vec!["help".to_owned(), "dance".to_owned()])
                .unwrap_err()
                .code(),
            2
        );
    }
}
