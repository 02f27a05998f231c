//! `voidstate watch` on this host, briefly.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use voidstate_core::{Selector, StoreReader, TimeRange};
use voidstate_timeseries::{Options, SegmentStore};

use crate::program::{output, voidstate};

#[test]
fn a_short_watch_ends_well_with_a_summary_and_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("store");
    let (code, stdout, stderr) = output(&mut voidstate(&[
        "watch",
        "--for",
        "4s",
        "--interval",
        "500ms",
        "--store",
        place.to_str().unwrap(),
    ]));
    assert_eq!(code, 0, "{stderr}");
    let last = stdout.lines().last().unwrap();
    assert!(
        last.contains("series") && last.contains("of a core") && last.contains("0 dropped"),
        "{stdout}"
    );
    let store = SegmentStore::open(&place, Options::default()).unwrap();
    let series = store.list(&Selector::all().unwrap()).unwrap();
    assert!(series.len() >= 60, "{} series", series.len());
    let busy: Selector = "host.cpu.busy_percent".parse().unwrap();
    let key = store.list(&busy).unwrap().remove(0).key;
    let samples = store.range(&key, TimeRange::ALL).unwrap();
    assert!(samples.len() >= 3, "{} samples", samples.len());
    for (metric, least) in [
        ("tool.self_cost.core_share", 0.0),
        ("tool.self_cost.resident_bytes", 1e6),
    ] {
        let own: Selector = metric.parse().unwrap();
        let key = store.list(&own).unwrap().remove(0).key;
        let samples = store.range(&key, TimeRange::ALL).unwrap();
        assert!(!samples.is_empty(), "{metric}");
        for sample in samples {
            assert!(
                sample.value >= least && sample.value < 1e12,
                "{metric} is {}",
                sample.value
            );
        }
    }
    use std::os::unix::fs::PermissionsExt;
    for entry in std::fs::read_dir(&place).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{}",
            entry.path().display()
        );
    }
}

#[test]
fn json_lines_can_be_read_and_ctrl_c_finishes() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = voidstate(&[
        "watch",
        "--json",
        "--interval",
        "200ms",
        "--store",
        dir.path().to_str().unwrap(),
    ])
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut greeting = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut greeting).unwrap();
    assert!(
        greeting.contains("voidstate watches this host"),
        "{greeting}"
    );
    std::thread::sleep(Duration::from_millis(1500));
    let kill = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0));
    let stdout = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<serde_json::Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = &lines.last().unwrap()["summary"];
    assert!(summary["series"].as_u64().unwrap() >= 60, "{stdout}");
    assert_eq!(summary["dropped"], 0);
}

#[test]
fn a_second_instance_says_so_and_uses_a_temporary_store() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().to_str().unwrap().to_owned();
    let held = SegmentStore::open(&place, Options::default()).unwrap();
    let (code, stdout, stderr) =
        output(&mut voidstate(&["watch", "--for", "1s", "--store", &place]));
    drop(held);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stderr.contains("in use") && stderr.contains("temporary store"),
        "{stderr}"
    );
    assert!(stdout.contains("series"));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = voidstate(&[
        "watch",
        "--json",
        "--for",
        "15s",
        "--store",
        dir.path().to_str().unwrap(),
    ])
    .stdout(Stdio::piped())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    let start = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(
        start.elapsed() < Duration::from_secs(14),
        "it went on to the end"
    );
}
