//! `voidstate tools check`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::program::{output, voidstate};

fn check(args: &[&str]) -> (i32, String, String) {
    output(voidstate(&["tools", "check"]).args(args))
}

fn assert_four_parts(stderr: &str) {
    for part in ["error: ", "\n  where: ", "\n  why:   ", "\n  try:   "] {
        assert!(stderr.contains(part), "{part:?} is missing in {stderr}");
    }
}

#[test]
fn the_laws_hold_for_the_anomaly_tool_and_memory_is_measured() {
    let (code, stdout, stderr) = check(&["anomaly", "--cases", "3"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    for part in ["resumes_as_if_uninterrupted", "cpu_max_us", "crowd_bytes"] {
        assert!(stdout.contains(part), "{part} is not in {stdout}");
    }
    for part in ["BROKEN", "not checked", "never spoke"] {
        assert!(!stdout.contains(part), "{part} is in {stdout}");
    }
    assert_eq!(stderr, "");
}

#[test]
fn the_laws_hold_for_the_tool_that_is_a_program_of_effects() {
    let (code, stdout, stderr) = check(&["self_cost", "--cases", "3"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(!stdout.contains("BROKEN"), "{stdout}");
    let (code, stdout, _) = output(&mut voidstate(&["tools"]));
    assert_eq!(code, 0, "{stdout}");
    for part in [
        "self_cost",
        "read_state write_state emit_metric log clock io",
        "ReadFile proc.*.stat",
    ] {
        assert!(stdout.contains(part), "{part} is not in {stdout}");
    }
}

#[test]
fn what_cannot_be_checked_is_told_in_four_parts() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (wasm, other) = (file("tool.wasm", "\0asm"), file("tool.toml", ""));
    let (empty, wrong) = (file("a.spec", ""), file("b.spec", "tool {"));
    let strange = file("c.spec", "tool nobody { effects log }");
    for (subject, exit, words) in [
        (
            "anomoly",
            2,
            "did you mean `voidstate tools check anomaly`?",
        ),
        ("zzz", 2, "`voidstate tools` lists"),
        (wasm.as_str(), 2, "no sandbox"),
        (other.as_str(), 3, "does not end in .spec"),
        ("/does/not/exist.spec", 3, "cannot be read"),
        (empty.as_str(), 3, "it specifies no tool"),
        (wrong.as_str(), 3, "b.spec"),
        (strange.as_str(), 3, "it specifies nobody"),
    ] {
        let (code, stdout, stderr) = check(&[subject]);
        assert_eq!((code, stdout.as_str()), (exit, ""), "{subject}: {stderr}");
        assert_four_parts(&stderr);
        assert!(stderr.contains(words), "{subject}: {stderr}");
    }
    assert_eq!(check(&["anomaly", "--cases", "0"]).0, 2);
    assert_eq!(check(&["anomaly", "--seed", "x"]).0, 2);
}

#[test]
fn a_specification_is_read_and_its_effects_compared() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("anomaly.spec");
    let of = |effects: &str| {
        std::fs::write(&path, format!("tool anomaly {{ effects {effects} }}\n")).unwrap();
        check(&[path.to_str().unwrap(), "--cases", "1"])
    };
    let (code, stdout, stderr) = of("emit_finding, emit_metric");
    assert_eq!(code, 0, "{stdout}{stderr}");
    let (code, stdout, _) = of("emit_finding, clock");
    assert_eq!(code, 1, "{stdout}");
    for part in [
        "effect clock is in the specification",
        "effect emit_metric is declared by the tool",
    ] {
        assert!(stdout.contains(part), "{part} is not in {stdout}");
    }
}

#[test]
fn recordings_are_shown_first_and_bad_ones_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let rows: Vec<String> = (0..200_u64)
        .map(|n| format!("{},{}\n", 1_700_000_000 + n, 50 + n * 7 % 5))
        .collect();
    let steps = "{\"tick\":1}\n{\"fire\":{\"hook\":\"host.cpu\",\"signal\":{\"sample\":{\"series\":{\"metric\":\"m\"},\"time\":1,\"value\":\"NaN\"}}}}\n";
    let good = [
        file("table.csv", &format!("time,load\n{}", rows.concat())),
        file("steps.jsonl", steps),
    ];
    for good in good {
        let (code, stdout, stderr) = check(&["anomaly", "--cases", "1", "--signals", &good]);
        assert_eq!(code, 0, "{stdout}{stderr}");
    }
    let bad = [
        file("bad.jsonl", "{\"tick\":1}\n{\"tock\":1}\n"),
        file("empty.csv", ""),
        "/does/not/exist".to_owned(),
        "/dev/null".to_owned(),
    ];
    for bad in bad {
        let (code, stdout, stderr) = check(&["anomaly", "--signals", &bad]);
        assert_eq!((code, stdout.as_str()), (3, ""), "{bad}: {stderr}");
        assert_four_parts(&stderr);
    }
}

#[test]
fn rows_of_a_recording_that_are_left_out_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("gaps.csv");
    let rows: Vec<String> = (0..60_u64)
        .map(|n| match n {
            30 | 40 => "at noon,50\n".to_owned(),
            n => format!("{},{}\n", 1_700_000_000 + n, 50 + n * 7 % 5),
        })
        .collect();
    std::fs::write(&path, format!("time,load\n{}", rows.concat())).unwrap();
    let path = path.to_str().unwrap();
    let (code, stdout, stderr) = check(&["anomaly", "--cases", "1", "--signals", path]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stderr.contains("2 rows left out: "), "{stderr}");
}

#[test]
fn the_shape_of_its_json_is_stable() {
    let (code, stdout, stderr) = check(&["anomaly", "--cases", "1", "--json"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let mut value: Value = serde_json::from_str(&stdout).unwrap();
    without_measures(&mut value);
    let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tools-check.v1.json");
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&golden).unwrap());
}

/// What depends on the machine or on what the tool finds is set to zero.
fn without_measures(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if ["cpu", "value", "signals", "findings"].contains(&key.as_str()) {
                    assert!(value.is_number(), "{key} is {value}");
                    *value = 0.into();
                } else if key == "version" {
                    *value = "".into();
                } else {
                    without_measures(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(without_measures),
        _ => {}
    }
}

#[test]
fn an_interrupt_ends_it_and_what_was_checked_is_told() {
    let child = voidstate(&["tools", "check", "anomaly", "--cases", "100000", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0));
    let value: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(value["holds"], false);
    assert_eq!(value["reports"][0]["cut_short"], true);
    assert!(String::from_utf8_lossy(&done.stderr).contains("stopped before the end"));
}
