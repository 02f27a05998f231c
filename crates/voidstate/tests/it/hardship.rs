//! `voidstate` when the world does not cooperate, and when a program is attached to.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use voidstate_core::{Selector, StoreReader};
use voidstate_embed::{Observer, hook, sample};
use voidstate_timeseries::{Options, SegmentStore};

use crate::program::{output, voidstate};

#[test]
fn no_room_left_is_said_and_watching_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    // Files may grow to 32 KiB; the signal that says so is ignored, so that writing fails as on a full disk.
    let script =
        "trap '' XFSZ; ulimit -f 64; exec \"$0\" watch --for 8s --interval 100ms --store \"$1\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_voidstate")])
        .arg(dir.path())
        .env("NO_COLOR", "1");
    let (code, stdout, stderr) = output(&mut command);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let last = stdout.lines().last().unwrap();
    assert!(
        last.contains("watching without storing") && last.contains("not stored"),
        "{stdout}"
    );
}

#[test]
fn an_attached_program_is_seen_beside_the_host() {
    let dir = tempfile::tempdir().unwrap();
    let observer = Observer::builder()
        .program("attached")
        .socket(dir.path().join("socket"))
        .start()
        .unwrap();
    let place = dir.path().join("store");
    let socket = observer.path().to_str().unwrap().to_owned();
    let mut child = voidstate(&[
        "watch",
        "--for",
        "4s",
        "--attach",
        &socket,
        "--store",
        place.to_str().unwrap(),
    ])
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    while child.try_wait().unwrap().is_none() {
        hook!("program.request", route = "/x");
        sample!("program.queue_len", 17, queue = "mail");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    let store = SegmentStore::open(&place, Options::default()).unwrap();
    for wanted in [
        r#"program.queue_len{queue="mail"}"#,
        "host.cpu.busy_percent",
    ] {
        let selector: Selector = wanted.parse().unwrap();
        assert_eq!(store.list(&selector).unwrap().len(), 1, "{wanted}");
    }
}

#[test]
fn a_second_ctrl_c_ends_it_at_once() {
    let mut child = voidstate(&["analyze", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The pipe stays open: there is nothing to finish, so the first signal alone does not end it here.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"a\n1\n").unwrap();
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(700));
        assert!(
            Command::new("kill")
                .args(["-INT", &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
