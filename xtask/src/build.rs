//! `build`: the app, as CI builds it.

use crate::error::Result;
use crate::shell::Shell;
use crate::verb::{Outcome, Verb, flag, no_arguments};

pub(crate) const VERB: Verb = Verb {
    name: "build",
    summary: "build the app with the profile `ci`",
    help: "\
usage: cargo xtask build [--release]

Builds the default members (the app) with `[profile.ci]`, or with the release profile.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let profile = if flag(&mut args, "--release") {
        "release"
    } else {
        "ci"
    };
    no_arguments(&args)?;
    shell.run(&mut shell.cargo(["build", "--locked", "--profile", profile]))?;
    Ok(Outcome::done(format!("profile {profile}")))
}
