//! `lint`: format, text rules, clippy.

use crate::error::{Result, none_found};
use crate::shell::Shell;
use crate::verb::{Outcome, Verb, unknown};
use crate::{text_rules, ways_round};

pub(crate) const VERB: Verb = Verb {
    name: "lint",
    summary: "format, text rules, and clippy with warnings denied",
    help: "\
usage: cargo xtask lint [format|text|clippy]

  format  `cargo fmt --check` over the workspace and the benches
  text    in every committed text: no path of somebody's machine and no registry's host (Cargo.lock and
          deny.toml excepted), no marks of unfinished work, a newline at the end
  clippy  every target and feature of the workspace, warnings denied; the only check pass there is. Before it:
          the clippy.toml of crates/tools, crates/algorithms and crates/types repeat the root's, forbid the same
          ways round effects, and that of the tools every method of core's `Ctx` that has an effect",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let words: Vec<_> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => {
            format(shell)?;
            text(shell)?;
            clippy(shell)
        }
        ["format"] => format(shell),
        ["text"] => text(shell),
        ["clippy"] => clippy(shell),
        [first, ..] => Err(unknown(first)),
    }
}

fn format(shell: &Shell) -> Result<Outcome> {
    shell.run(&mut shell.cargo(["fmt", "--all", "--check", "--", "--color=never"]))?;
    shell.run(&mut shell.cargo(["fmt", "--manifest-path", "benches/Cargo.toml", "--check"]))?;
    Ok(Outcome::done("workspace and benches"))
}

fn text(shell: &Shell) -> Result<Outcome> {
    // Files not yet added are judged too, so that the answer does not change with the commit.
    let listed = shell.read(&mut shell.git(&[
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let (mut problems, mut files) = (Vec::new(), 0);
    for name in listed.split('\0').filter(|n| !n.is_empty()) {
        // A link or a file deleted but not yet committed has no text of its own.
        let Ok(bytes) = std::fs::read(shell.root().join(name)) else {
            continue;
        };
        if let Ok(text) = std::str::from_utf8(&bytes)
            && !text.contains('\0')
        {
            files += 1;
            problems.extend(text_rules::check(name, text));
        }
    }
    none_found("text rules", problems)?;
    Ok(Outcome::done(format!("{files} files")))
}

fn clippy(shell: &Shell) -> Result<Outcome> {
    none_found("ways round effects", ways_round::problems(shell.root())?)?;
    let words =
        "clippy --workspace --all-targets --all-features --profile ci --locked -- -D warnings";
    shell.run(&mut shell.cargo(words.split(' ')))?;
    Ok(Outcome::done("all targets, all features"))
}
