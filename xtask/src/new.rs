//! `new`: a crate with everything that a room must have.

use crate::error::{Error, Result};
use crate::scaffold::Plan;
use crate::shell::{self, Shell};
use crate::verb::{Outcome, Verb, option, unknown};

pub(crate) const VERB: Verb = Verb {
    name: "new",
    summary: "a crate complete with README, spec page, tests, bench and gate",
    help: "\
usage: cargo xtask new CRATE --layer LAYER

Makes crates/LAYER/CRATE with manifest, README, lib.rs, tests, its page in specs/, its bench and a gate,
and adds it to the workspace, to the benches and to the gates. What it makes works and passes `rooms`,
`layers` and `lint`; write over it. With `--layer tools` it is a tool that tells when a series is above a
limit; in any other layer it is a small library. Nothing that exists is written over.
Layers: types algorithms distributed security observability sources verify tools interfaces.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let layer = option(&mut args, "--layer")?
        .ok_or_else(|| Error::Usage("which layer? `--layer LAYER`".to_owned()))?;
    let plan = match args.as_slice() {
        [name] => Plan::new(name, &layer)?,
        [] => {
            return Err(Error::Usage(
                "which crate? `cargo xtask new CRATE --layer LAYER`".to_owned(),
            ));
        }
        [_, extra, ..] => return Err(unknown(extra)),
    };
    let root = shell.root();
    let mut writes = plan.files();
    if let Some((path, _)) = writes.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(Error::malformed(
            path,
            "is there already; choose another name",
        ));
    }
    if root.join(plan.dir()).exists() {
        return Err(Error::malformed(
            plan.dir(),
            "is there already; choose another name",
        ));
    }
    // Everything is worked out before anything is written.
    let edit = |path: &str| shell::read_file(&root.join(path));
    let manifest = edit("Cargo.toml")?;
    if manifest
        .lines()
        .any(|l| l.starts_with(&format!("{} =", plan.package())))
    {
        return Err(Error::malformed(
            plan.package(),
            "is a package already; choose another name",
        ));
    }
    writes.push(("Cargo.toml".to_owned(), plan.root_manifest(&manifest)?));
    writes.push((
        "benches/Cargo.toml".to_owned(),
        plan.bench_manifest(&edit("benches/Cargo.toml")?)?,
    ));
    writes.push((
        "benches/gates.toml".to_owned(),
        plan.gates(&edit("benches/gates.toml")?),
    ));
    for (path, text) in &writes {
        shell::write_file(&root.join(path), text)?;
        shell.say(path);
    }
    // Line breaks depend on how long the name is.
    shell.run(&mut shell.cargo(["fmt", "--package", &plan.package()]))?;
    for (path, _) in writes
        .iter()
        .filter(|(path, _)| path.starts_with("benches/benches/"))
    {
        let mut rustfmt = std::process::Command::new("rustfmt");
        rustfmt
            .args(["--edition", "2024"])
            .arg(root.join(path))
            .current_dir(root);
        shell.run(&mut rustfmt)?;
    }
    // Both locks learn of the crate.
    for manifest in ["Cargo.toml", "benches/Cargo.toml"] {
        shell.read(&mut shell.cargo([
            "metadata",
            "--format-version",
            "1",
            "--manifest-path",
            manifest,
        ]))?;
    }
    Ok(Outcome::done(format!(
        "{} in {}",
        plan.package(),
        plan.dir()
    )))
}
