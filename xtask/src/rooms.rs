//! `rooms`: every crate has what a room must have.

use std::path::Path;

use crate::error::{Error, Result, none_found};
use crate::gates::{self, Gates};
use crate::notices;
use crate::shell::{self, Shell};
use crate::verb::{Outcome, Verb, no_arguments};
use crate::workspace::{Layer, Package, Workspace};

/// Longest table of contents that is still one.
const LIB_LINES_MAX: usize = 120;

pub(crate) const VERB: Verb = Verb {
    name: "rooms",
    summary: "what every crate must have: README, spec page, short lib.rs, bench with a peer and a gate",
    help: "\
usage: cargo xtask rooms

<short> is the package's name without `voidstate-`. Fails when a crate below crates/
  - bears another name than its directory gives it;
  - has no README.md;
  - has no specs/<short>.spec or specs/<short>.md (a `-macros` crate stands on its owner's page);
  - has a lib.rs of more than 120 lines (the app excepted);
  - is a library without benches/benches/<short>.rs that is named in benches/Cargo.toml with
    `harness = false`, says `//! Peer: …` and has at least one gate in benches/gates.toml.
    `[package.metadata.voidstate] bench = \"reason\"` excuses a crate; the reasons are printed.
Fails too when benches/gates.toml gates a crate that does not exist, and when THIRD-PARTY-NOTICES.md is
not what `cargo xtask deny --notices` would write.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    no_arguments(args)?;
    let ws = Workspace::load(shell)?;
    let root = shell.root();
    let gates = gates::load(root)?;
    let benches = bench_targets(&shell::read_file(&root.join("benches/Cargo.toml"))?)?;
    let mut problems = Vec::new();
    for package in ws.crates() {
        problems.extend(room(package, &ws, root)?);
        match &package.bench_exemption {
            Some(why) if !why.trim().is_empty() => {
                shell.say(format_args!("{}: no bench: {why}", package.room))
            }
            _ if package.is_library() => problems.extend(bench(package, root, &gates, &benches)),
            _ => {}
        }
    }
    for krate in gates.keys() {
        if !ws.crates().any(|p| p.short() == gates::owner(krate)) {
            problems.push(format!(
                "benches/gates.toml: `{krate}` is no crate's short name"
            ));
        }
    }
    if let Err(error) = notices::check(shell) {
        problems.push(error.to_string());
    }
    none_found(VERB.name, problems)?;
    Ok(Outcome::done(format!(
        "{} crates, {} gates",
        ws.crates().count(),
        gates.values().map(|g| g.len()).sum::<usize>()
    )))
}

/// What every room must have.
fn room(package: &Package, ws: &Workspace, root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut say = |what: String| problems.push(format!("{}: {what}", package.room));
    if package.name != package.expected_name() {
        say(format!(
            "package is called `{}`; this room's is `{}`",
            package.name,
            package.expected_name()
        ));
    }
    if !package.dir.join("README.md").is_file() {
        say("no README.md".to_owned());
    }
    if let Some(owner) = package.owner_room() {
        if !ws.has_room(owner) {
            say(format!("macros without their crate `{owner}`"));
        }
    } else if spec_page(package, root).is_none() {
        say(format!(
            "no specs/{0}.spec or specs/{0}.md",
            package.short()
        ));
    }
    let lib = package.dir.join("src/lib.rs");
    if package.layer != Layer::App {
        let lines = shell::read_file(&lib)?.lines().count();
        if lines > LIB_LINES_MAX {
            say(format!(
                "src/lib.rs has {lines} lines; {LIB_LINES_MAX} are enough for a table of contents"
            ));
        }
    }
    Ok(problems)
}

/// The crate's page in `specs/`, below the root.
pub(crate) fn spec_page(package: &Package, root: &Path) -> Option<String> {
    let pages = ["md", "spec"].map(|e| format!("specs/{}.{e}", package.short()));
    pages.into_iter().find(|p| root.join(p).is_file())
}

/// A bench target of `benches/Cargo.toml`.
struct BenchTarget {
    name: String,
    plain: bool,
}

fn bench_targets(manifest: &str) -> Result<Vec<BenchTarget>> {
    let table: toml::Table = manifest
        .parse()
        .map_err(|e| Error::malformed("benches/Cargo.toml", e))?;
    let targets = table
        .get("bench")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten();
    let target = |t: &toml::Value| {
        let name = t.get("name")?.as_str()?.to_owned();
        Some(BenchTarget {
            name,
            plain: t.get("harness").and_then(toml::Value::as_bool) == Some(false),
        })
    };
    Ok(targets.filter_map(target).collect())
}

/// A library stands beside a named peer, and at least one ratio is gated.
fn bench(package: &Package, root: &Path, gates: &Gates, targets: &[BenchTarget]) -> Vec<String> {
    let short = package.short();
    let mut problems = Vec::new();
    let mut say = |what: String| problems.push(format!("{}: {what}", package.room));
    match std::fs::read_to_string(root.join(format!("benches/benches/{short}.rs"))) {
        Err(_) => say(format!("no benches/benches/{short}.rs")),
        Ok(source) if !names_peer(&source) => say(format!(
            "benches/benches/{short}.rs has no line `//! Peer: …`"
        )),
        Ok(_) => {}
    }
    match targets.iter().find(|t| t.name == short) {
        None => say(format!(
            "benches/Cargo.toml has no [[bench]] with name = \"{short}\""
        )),
        Some(target) if !target.plain => say(format!(
            "[[bench]] {short} in benches/Cargo.toml needs `harness = false`"
        )),
        Some(_) => {}
    }
    if gates.get(short).is_none_or(|g| g.is_empty()) {
        say(format!("benches/gates.toml has no [{short}.<figure>]"));
    }
    problems
}

fn names_peer(source: &str) -> bool {
    let header = source
        .lines()
        .take_while(|l| l.starts_with("//!") || l.trim().is_empty());
    header
        .filter_map(|l| l.strip_prefix("//! Peer:"))
        .any(|peer| !peer.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn a_peer_is_named_in_the_header() {
        assert!(names_peer(
            "//! Speed.\n//!\n//! Peer: `tracing` 0.1\nfn main() {}"
        ));
        assert!(!names_peer("//! Speed.\nfn main() {}\n//! Peer: x"));
        assert!(!names_peer("//! Peer:   \n"));
    }

    #[test]
    fn an_empty_room_lists_everything_it_lacks() {
        let dir = tempfile::tempdir().unwrap();
        let ws = fixture::workspace(vec![fixture::package(
            "types/effects",
            "voidstate-effect",
            vec![],
        )]);
        let mut package = ws.packages[0].clone();
        package.dir = dir.path().join("crates/types/effects");
        let lib = "//! Line.\n".repeat(LIB_LINES_MAX + 1);
        shell::write_file(&package.dir.join("src/lib.rs"), &lib).unwrap();
        let mut found = room(&package, &ws, dir.path()).unwrap();
        found.extend(bench(&package, dir.path(), &Gates::new(), &[]));
        let text = found.join("\n");
        for part in [
            "`voidstate-effects`",
            "README.md",
            "specs/effect.spec",
            "121 lines",
            "benches/benches/effect.rs",
            "[[bench]]",
            "[effect.<figure>]",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(found.len(), 7);

        package.name = "voidstate-effects".to_owned();
        for (path, words) in [("README.md", "# e\n"), ("src/lib.rs", "//! e\n")] {
            shell::write_file(&package.dir.join(path), words).unwrap();
        }
        shell::write_file(&dir.path().join("specs/effects.md"), "# e\n").unwrap();
        shell::write_file(
            &dir.path().join("benches/benches/effects.rs"),
            "//! e\n//! Peer: x\n",
        )
        .unwrap();
        assert_eq!(
            room(&package, &ws, dir.path()).unwrap(),
            Vec::<String>::new()
        );
        let gates = Gates::from([("effects".to_owned(), [("a".to_owned(), 1.0)].into())]);
        let targets = bench_targets("[[bench]]\nname = \"effects\"\nharness = false").unwrap();
        assert_eq!(
            bench(&package, dir.path(), &gates, &targets),
            Vec::<String>::new()
        );
        let harnessed = bench_targets("[[bench]]\nname = \"effects\"").unwrap();
        assert_eq!(bench(&package, dir.path(), &gates, &harnessed).len(), 1);
    }
}
