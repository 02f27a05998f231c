//! `pick`: each library crate in a project that has never heard of the others.

use std::path::Path;

use crate::error::{Error, Result, none_found};
use crate::example::{self, Example};
use crate::shell::{self, Shell};
use crate::verb::{Outcome, Verb};
use crate::workspace::{Package, Workspace};

pub(crate) const VERB: Verb = Verb {
    name: "pick",
    summary: "each library crate alone: its README's example in a project of its own",
    help: "\
usage: cargo xtask pick [CRATE…]

For every library crate (or those named, without `voidstate-`): makes a project in a temporary directory
that depends on that crate alone, by path, with the workspace's lock, and builds and runs the first Rust
example of its README with the default features and with each feature added to them. Without features the
crate is built, and the example runs too when the default features are empty. All projects share the
target directory target/pick. A README without an example fails.",
    run,
};

/// With which features a crate is picked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    label: String,
    features: Vec<String>,
    default_features: bool,
    /// Whether the example is promised to work so.
    example: bool,
}

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let ws = Workspace::load(shell)?;
    let crates: Vec<_> = ws.crates().filter(|p| p.is_library()).collect();
    if let Some(unknown) = args
        .iter()
        .find(|a| !crates.iter().any(|p| p.short() == *a || p.name == **a))
    {
        return Err(Error::Usage(format!("no library crate `{unknown}`")));
    }
    let chosen =
        |p: &&&Package| args.is_empty() || args.iter().any(|a| p.short() == a || p.name == *a);
    let temp = Scratch::new()?;
    let (mut table, mut problems) = (Vec::new(), Vec::new());
    for package in crates.iter().filter(chosen) {
        let readme = shell::read_file(&package.dir.join("README.md"))?;
        let Some(example) = example::first(&readme) else {
            problems.push(format!("{}: README.md has no Rust example", package.room));
            continue;
        };
        for choice in choices(package) {
            let result = pick(shell, temp.path(), package, &choice, &example);
            table.push(format!(
                "{:28} {:24} {}",
                package.name,
                choice.label,
                if result.is_ok() { "ok" } else { "FAILED" }
            ));
            problems.extend(
                result
                    .err()
                    .map(|e| format!("{} with {}: {e}", package.name, choice.label)),
            );
        }
    }
    table.iter().for_each(|line| shell.say(line));
    none_found(VERB.name, problems)?;
    Ok(Outcome::done(format!("{} projects", table.len())))
}

fn choices(package: &Package) -> Vec<Choice> {
    let plain = package.features.get("default").is_none_or(Vec::is_empty);
    let mut choices = vec![Choice {
        label: "no features".to_owned(),
        features: vec![],
        default_features: false,
        example: plain,
    }];
    if !plain {
        choices.push(Choice {
            label: "default".to_owned(),
            features: vec![],
            default_features: true,
            example: true,
        });
    }
    for feature in package.features.keys().filter(|f| *f != "default") {
        let features = vec![feature.clone()];
        choices.push(Choice {
            label: format!("default + {feature}"),
            features,
            default_features: true,
            example: true,
        });
    }
    choices
}

fn pick(
    shell: &Shell,
    temp: &Path,
    package: &Package,
    choice: &Choice,
    example: &Example,
) -> Result<()> {
    shell.say(format_args!("{} with {}", package.name, choice.label));
    let project = temp.join(package.short());
    shell::write_file(&project.join("Cargo.toml"), &manifest(package, choice))?;
    let lib = package.lib.clone().unwrap_or_default();
    let program = if choice.example {
        example.program()
    } else {
        format!("use {lib} as _;\n\nfn main() {{}}\n")
    };
    shell::write_file(&project.join("src/main.rs"), &program)?;
    let lock = shell.root().join("Cargo.lock");
    std::fs::copy(&lock, project.join("Cargo.lock")).map_err(Error::io("copy", &lock))?;
    let verb = if choice.example && example.runs {
        "run"
    } else {
        "build"
    };
    let mut command = shell.cargo([verb, "--quiet"]);
    command
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", shell.root().join("target/pick"));
    shell.run(&mut command).map(drop)
}

fn manifest(package: &Package, choice: &Choice) -> String {
    // Debug output of strings is also TOML's for every path and feature name that cargo accepts.
    format!(
        "[package]\nname = \"pick-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{} = {{ path = {:?}, default-features = {}, features = {:?} }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n",
        package.short(),
        package.name,
        package.dir,
        choice.default_features,
        choice.features,
    )
}

/// A temporary directory that goes when it is dropped.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("voidstate-pick-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn a_crate_is_picked_bare_by_default_and_with_each_feature() {
        let mut json = fixture::package("core", "voidstate-core", vec![]);
        json["features"] = serde_json::json!({"default": ["std"], "std": [], "serde": []});
        let ws = fixture::workspace(vec![json]);
        let found = choices(&ws.packages[0]);
        let labels: Vec<_> = found
            .iter()
            .map(|c| (c.label.as_str(), c.example))
            .collect();
        assert_eq!(
            labels,
            [
                ("no features", false),
                ("default", true),
                ("default + serde", true),
                ("default + std", true)
            ]
        );
        let manifest: toml::Table = manifest(&ws.packages[0], &found[2]).parse().unwrap();
        let line = &manifest["dependencies"]["voidstate-core"];
        assert_eq!(line["features"][0].as_str(), Some("serde"));

        let plain = fixture::workspace(vec![fixture::package("core", "voidstate-core", vec![])]);
        let found = choices(&plain.packages[0]);
        assert!(found.len() == 1 && found[0].example);
    }
}
