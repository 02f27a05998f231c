//! What `new` makes passes the checks that every crate must pass.

use std::path::Path;
use std::process::Command;

use crate::scratch::{copy_of_the_repository, xtask};

/// `cargo ARGS…` there, reusing what the outer build compiled.
fn cargo(root: &Path, args: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .args(args.split(' '));
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "cargo {args}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_new_crate_and_a_new_tool_pass_every_check() {
    let root = copy_of_the_repository("new");
    for args in [
        ["new", "widget", "--layer", "types"],
        ["new", "gauge-2", "--layer", "tools"],
    ] {
        let answer = xtask(&root, &args);
        assert!(answer.ok, "{}", answer.text);
    }
    let again = xtask(&root, &["new", "widget", "--layer", "types"]);
    assert!(
        !again.ok && again.text.contains("is there already"),
        "{}",
        again.text
    );

    // Other crates of the copy may be in the making; what is said of the new ones counts.
    for words in [&["layers"] as &[&str], &["rooms"], &["spec", "--texts"]] {
        let answer = xtask(&root, words);
        let verb = words.join(" ");
        for name in ["widget", "gauge"] {
            assert!(!answer.text.contains(name), "{verb}: {}", answer.text);
        }
        assert!(
            answer.ok || answer.text.contains("found"),
            "{verb}: {}",
            answer.text
        );
    }
    let packages = "-p voidstate-widget -p voidstate-tool-gauge-2";
    cargo(&root, &format!("fmt {packages} --check"));
    cargo(
        &root,
        &format!(
            "clippy {packages} --all-targets --all-features --profile ci --locked -- -D warnings"
        ),
    );
    cargo(&root, &format!("test {packages} --profile ci --locked"));
    cargo(
        &root,
        "fmt --manifest-path benches/Cargo.toml -p voidstate-benches --check",
    );
}
