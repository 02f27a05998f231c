//! `doc`: the documentation, without warnings.

use crate::error::Result;
use crate::shell::Shell;
use crate::verb::{Outcome, Verb, no_arguments};

pub(crate) const VERB: Verb = Verb {
    name: "doc",
    summary: "documentation of the workspace's own crates, warnings denied",
    help: "\
usage: cargo xtask doc

`cargo doc --no-deps` with every feature; a broken link or a missing page is an error.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    no_arguments(args)?;
    // The profile that clippy used, so that what it checked is not checked again.
    let words = "doc --workspace --no-deps --all-features --profile ci --locked";
    shell.run(
        shell
            .cargo(words.split(' '))
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    Ok(Outcome::done("no warnings"))
}
