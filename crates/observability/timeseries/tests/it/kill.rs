//! `kill -9` at any moment loses nothing that was acknowledged.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use voidstate_core::{StoreReader, StoreWriter};

use crate::help::{all, info, open, point};
use crate::soak;

const CHILD_DIR: &str = "VOIDSTATE_TIMESERIES_CHILD_DIR";
const CHILD_FROM: &str = "VOIDSTATE_TIMESERIES_CHILD_FROM";
const SERIES: u32 = 8;

/// What the child writes at `tick` for `series`.
fn value(tick: i64, series: u32) -> f64 {
    (tick * 31 + i64::from(series)) as f64 / 16.0
}

/// Not a test of its own: the child process appends tick after tick and prints each acknowledged one, until it is killed.
#[test]
fn child() {
    let Ok(dir) = std::env::var(CHILD_DIR) else {
        return;
    };
    let from: i64 = std::env::var(CHILD_FROM).unwrap().parse().unwrap();
    let store = open(dir.as_ref());
    let ids: Vec<_> = (0..SERIES)
        .map(|s| store.series(&info(s)).unwrap())
        .collect();
    let mut out = std::io::stdout().lock();
    for tick in from.. {
        let points: Vec<_> = ids
            .iter()
            .zip(0..)
            .map(|(id, s)| point(*id, tick, value(tick, s)))
            .collect();
        store.append(&points).unwrap();
        writeln!(out, "ack {tick}").unwrap();
        out.flush().unwrap();
    }
}

/// Five rounds; `VOIDSTATE_SOAK_SCALE` multiplies them, `VOIDSTATE_SOAK_SEED` moves the moments.
#[test]
fn kill_nine_loses_nothing_acknowledged() {
    let rounds = soak::cases(5);
    let mut random = soak::seed(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let dir = tempfile::tempdir().unwrap();
    let mut next = 0_i64;
    for round in 0..rounds {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--nocapture"])
            .env(CHILD_DIR, dir.path())
            .env(CHILD_FROM, next.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader = std::thread::spawn(move || {
            // A line that is cut off by the kill is not an acknowledgement.
            lines
                .map_while(Result::ok)
                .filter_map(|l| l.trim().strip_prefix("ack ")?.parse::<i64>().ok())
                .max()
        });
        std::thread::sleep(Duration::from_millis(100 + random % 300));
        child.kill().unwrap();
        child.wait().unwrap();
        let acked = reader.join().unwrap();
        let store = open(dir.path());
        let notes = store.status().notes;
        let harmless =
            |n: &String| n.contains("torn or damaged tail") || n.contains("header is cut off");
        assert!(notes.iter().all(harmless), "round {round}: {notes:?}");
        let least = acked.map_or(next, |tick| tick + 1);
        let mut lengths = Vec::new();
        for series in 0..SERIES {
            let got = all(&store, series);
            let expected: Vec<(i64, u64)> = (0..got.len() as i64)
                .map(|t| (t, value(t, series).to_bits()))
                .collect();
            assert!(
                got == expected,
                "round {round}, series {series}: what came back was never written"
            );
            assert!(
                got.len() as i64 >= least,
                "round {round}, series {series}: {} of {least} acknowledged",
                got.len()
            );
            lengths.push(got.len());
        }
        assert!(
            lengths.iter().all(|l| *l == lengths[0]),
            "round {round}: an append is there in parts: {lengths:?}"
        );
        next = lengths[0] as i64;
    }
    assert!(next > 0, "no child acknowledged anything");
}
