//! Exit codes, errors in four parts, help.

use std::path::Path;
use std::process::{Command, Output};

pub(crate) fn voidstate(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voidstate"));
    command
        .args(args)
        .env_remove("XDG_STATE_HOME")
        .env("HOME", std::env::temp_dir())
        .env("NO_COLOR", "1");
    command
}

pub(crate) fn output(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

fn assert_four_parts(stderr: &str) {
    for part in ["error: ", "\n  where: ", "\n  why:   ", "\n  try:   "] {
        assert!(stderr.contains(part), "{part:?} is missing in {stderr}");
    }
}

#[test]
fn usage_errors_exit_with_2_and_name_the_nearest() {
    let (code, _, stderr) = output(&mut voidstate(&["watch", "--intervall", "2s"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("--interval"), "{stderr}");
    assert_eq!(output(&mut voidstate(&["watch", "--interval", "1us"])).0, 2);
    assert_eq!(output(&mut voidstate(&["analyze"])).0, 2);
}

#[test]
fn inputs_that_cannot_be_used_exit_with_3() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("empty.csv");
    std::fs::write(&empty, "").unwrap();
    let text = dir.path().join("text.csv");
    std::fs::write(&text, "a,b\nx,y\n").unwrap();
    for path in [Path::new("/does/not/exist.csv"), dir.path(), &empty, &text] {
        let (code, stdout, stderr) = output(&mut voidstate(&["analyze", path.to_str().unwrap()]));
        assert_eq!((code, stdout.as_str()), (3, ""), "{}", path.display());
        assert_four_parts(&stderr);
        assert!(stderr.contains(path.to_str().unwrap()));
    }
}

#[test]
fn a_host_that_cannot_be_read_exits_with_4() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_str().unwrap();
    let (code, _, stderr) = output(&mut voidstate(&[
        "watch",
        "--proc-root",
        root,
        "--for",
        "1s",
    ]));
    assert_eq!(code, 4, "{stderr}");
    assert_four_parts(&stderr);
    let (code, stdout, _) = output(&mut voidstate(&[
        "doctor",
        "--proc-root",
        root,
        "--sys-root",
        root,
    ]));
    assert_eq!(code, 4);
    assert!(
        stdout.lines().any(|line| line.starts_with("no  host.cpu")),
        "{stdout}"
    );
}

#[test]
fn help_teaches_in_three_examples() {
    let (code, stdout, _) = output(&mut voidstate(&["--help"]));
    assert_eq!(code, 0);
    assert_eq!(
        stdout
            .lines()
            .filter(|line| line.starts_with("  voidstate "))
            .count(),
        3,
        "{stdout}"
    );
}

#[test]
fn tools_tell_effects_and_state() {
    let (code, stdout, _) = output(&mut voidstate(&["tools"]));
    assert_eq!(code, 0);
    assert!(
        stdout.contains("anomaly")
            && stdout.contains("attached")
            && stdout.contains("emit_finding"),
        "{stdout}"
    );
    let (_, json, _) = output(&mut voidstate(&["tools", "--json"]));
    let tools: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(tools[0]["id"], "anomaly");
    assert_eq!(tools[0]["lifecycle"], "attached");
}

#[test]
fn doctor_writes_json_that_can_be_read() {
    let (code, stdout, _) = output(&mut voidstate(&["doctor", "--json"]));
    assert_eq!(code, 0);
    let parts: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert!(
        parts
            .as_array()
            .unwrap()
            .iter()
            .any(|part| part["part"] == "host.cpu" && part["readable"] == true)
    );
}
