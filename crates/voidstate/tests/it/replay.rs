//! `voidstate watch --record` and `voidstate replay`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::program::{output, voidstate};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Replays, and checks that it prints byte for byte what was recorded.
fn replayed(file: &Path) -> (String, String) {
    let (code, now, verdict) = output(&mut voidstate(&["replay", text(file), "--json"]));
    assert_eq!(code, 0, "{verdict}");
    assert!(
        verdict.contains("identical to the recorded findings"),
        "{verdict}"
    );
    let (code, then, _) = output(&mut voidstate(&[
        "replay",
        text(file),
        "--json",
        "--recorded",
    ]));
    assert_eq!(code, 0);
    assert_eq!(now, then, "the bytes differ");
    (now, verdict)
}

/// Numbers that keep a core busy, so that there is something to see.
fn load() -> std::process::Child {
    Command::new("sh")
        .args([
            "-c",
            "i=0; while :; do i=$((i+1)); if [ $((i % 300000)) = 0 ]; then sleep 0.7; fi; done",
        ])
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_watch_under_load_replays_to_the_byte_without_source_store_and_clock() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("watch.rec");
    let mut load = load();
    let (code, told, stderr) = output(&mut voidstate(&[
        "watch",
        "--json",
        "--for",
        "10s",
        "--interval",
        "100ms",
        "--store",
        text(&dir.path().join("store")),
        "--record",
        text(&file),
    ]));
    load.kill().unwrap();
    load.wait().unwrap();
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stderr.contains("recorded ") && stderr.contains("bytes"),
        "{stderr}"
    );
    std::fs::remove_dir_all(dir.path().join("store")).unwrap();
    let (now, verdict) = replayed(&file);
    assert!(verdict.contains("signals"), "{verdict}");
    // What was printed while watching is what was recorded, in the order of arrival.
    let sorted = |text: &str| {
        let findings = text.lines().filter(|line| line.starts_with("{\"finding\""));
        let mut lines: Vec<String> = findings.map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&now), sorted(&told));
    // Also where there is nothing but the file: no directories of the system, no home, no variables.
    let (code, alone, stderr) = output(
        Command::new(env!("CARGO_BIN_EXE_voidstate"))
            .args(["replay", "watch.rec", "--json"])
            .env_clear()
            .current_dir(dir.path()),
    );
    assert_eq!((code, alone.as_str()), (0, now.as_str()), "{stderr}");
}

#[test]
fn a_program_that_is_killed_leaves_what_can_be_replayed() {
    for (number, millis) in [300_u64, 1100, 1900].into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("killed.rec");
        let mut child = voidstate(&[
            "watch",
            "--json",
            "--interval",
            "100ms",
            "--store",
            text(&dir.path().join("store")),
            "--record",
            text(&file),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
        let until = std::time::Instant::now() + Duration::from_secs(20);
        while !file.exists() && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
        let (_, verdict) = replayed(&file);
        assert!(
            verdict.contains("cut off after byte"),
            "{number}: {verdict}"
        );
        if millis > 1000 {
            assert!(!verdict.contains("over 0 signals"), "{verdict}");
        }
    }
}

#[test]
fn a_full_disk_ends_the_recording_with_a_mark_and_watching_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("full.rec");
    // Files may grow to 32 KiB; the signal that says so is ignored, so that writing fails as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" watch --for 6s --interval 100ms --store \"$1\" --record \"$2\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_voidstate")])
        .arg(dir.path().join("store"))
        .arg(&file)
        .env("NO_COLOR", "1");
    let (code, stdout, stderr) = output(&mut command);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(
        stdout
            .lines()
            .last()
            .unwrap()
            .contains("the recording ended early"),
        "{stdout}"
    );
    assert!(stderr.contains("the recording ended early"), "{stderr}");
    assert_eq!(
        stdout.matches("The recording ended early").count(),
        1,
        "{stdout}"
    );
    let (_, verdict) = replayed(&file);
    assert!(
        verdict.contains("the recording ends early") && verdict.contains("cannot be written"),
        "{verdict}"
    );
}

#[test]
fn an_analysis_can_be_recorded_and_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let (csv, file) = (
        dir.path().join("numbers.csv"),
        dir.path().join("numbers.rec"),
    );
    let mut rows = String::from("timestamp,value\n");
    for row in 0..600 {
        let value = if (400..420).contains(&row) {
            900
        } else {
            50 + row * 7 % 5
        };
        rows.push_str(&format!(
            "2024-01-01T{:02}:{:02}:00Z,{value}\n",
            row / 60,
            row % 60
        ));
    }
    std::fs::write(&csv, rows).unwrap();
    let (code, _, stderr) = output(&mut voidstate(&[
        "analyze",
        text(&csv),
        "--record",
        text(&file),
    ]));
    assert_eq!(code, 0, "{stderr}");
    let (now, _) = replayed(&file);
    assert!(now.lines().count() >= 2, "{now}");
    let (code, people, _) = output(&mut voidstate(&[
        "replay",
        text(&file),
        "--tool",
        "anomaly",
    ]));
    assert!(code == 0 && people.contains("since"), "{people}");
    let (code, none, _) = output(&mut voidstate(&[
        "replay",
        text(&file),
        "--tool",
        "self_cost",
    ]));
    assert_eq!((code, none.as_str()), (0, ""));
    // A slip of the pen is not taken for a tool that found nothing.
    for mode in [&["--recorded"][..], &[]] {
        let mistaken = ["replay", text(&file), "--tool", "anomly"];
        let (code, none, told) = output(voidstate(&mistaken).args(mode));
        assert_eq!((code, none.as_str()), (2, ""), "{told}");
        assert!(told.contains("anomaly, engine, self_cost"), "{told}");
    }
    let (code, _, verdict) = output(&mut voidstate(&["replay", text(&file), "--until", "100"]));
    assert!(
        code == 0 && verdict.contains("over 100 signals"),
        "{verdict}"
    );
    // Never overwritten.
    let before = std::fs::read(&file).unwrap();
    let (code, _, stderr) = output(&mut voidstate(&[
        "analyze",
        text(&csv),
        "--record",
        text(&file),
    ]));
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("not there yet"), "{stderr}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn recordings_that_cannot_be_used_are_told_in_four_parts() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("other.rec");
    std::fs::File::create(&file)
        .unwrap()
        .write_all(b"time,value\n1,2\n3,4\n5,6\n")
        .unwrap();
    let short = dir.path().join("short.rec");
    std::fs::write(&short, "hello\n").unwrap();
    let (_, _, stderr) = output(&mut voidstate(&["replay", text(&short)]));
    assert!(stderr.contains("not a voidstate record"), "{stderr}");
    for path in [file, short, dir.path().join("missing.rec")] {
        let (code, stdout, stderr) = output(&mut voidstate(&["replay", text(&path)]));
        assert_eq!((code, stdout.as_str()), (3, ""), "{stderr}");
        for part in ["error: ", "\n  where: ", "\n  why:   ", "\n  try:   "] {
            assert!(stderr.contains(part), "{part:?} is missing in {stderr}");
        }
    }
    let (code, _, _) = output(&mut voidstate(&["replay", "x", "--tool", "NOT A TOOL"]));
    assert_eq!(code, 2);
}
