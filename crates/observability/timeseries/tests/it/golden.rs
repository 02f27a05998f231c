//! The format of version 1, byte by byte: `VOIDSTATE_BLESS=1` writes the files anew.

use std::path::{Path, PathBuf};

use voidstate_core::{StoreReader, StoreWriter, TimeRange};

use crate::findings::finding;
use crate::help::{all, info, open, point};

const FILES: [&str; 4] = [
    "series.log",
    "segment-0000000001.vsts",
    "wal-0000000002.log",
    "findings-0000000001.log",
];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1")
}

/// Regular, late, irregular and repeated stamps; constant, decimal, odd and random numbers.
fn samples() -> Vec<(u32, i64, f64)> {
    let mut samples = Vec::new();
    for tick in 0..40_i64 {
        let late = if tick == 11 { 340_000_000 } else { 0 };
        let time = 1_760_000_000_000_000_000 + tick * 1_000_000_000 + late;
        samples.push((0, time, 12.0));
        samples.push((1, time, (tick * 37 % 11) as f64 / 8.0));
        samples.push((
            2,
            time + (tick * 7919) % 613,
            if tick % 9 == 0 {
                f64::NAN
            } else {
                -1e-300 * tick as f64
            },
        ));
        if tick % 13 == 0 {
            samples.push((3, i64::MIN, f64::NEG_INFINITY));
            samples.push((3, tick, f64::INFINITY));
        }
    }
    samples
}

fn write(dir: &Path) {
    let store = open(dir);
    let ids: Vec<_> = (0..4).map(|s| store.series(&info(s)).unwrap()).collect();
    let points: Vec<_> = samples()
        .iter()
        .map(|(s, t, v)| point(ids[*s as usize], *t, *v))
        .collect();
    let (sealed, logged) = points.split_at(points.len() - 10);
    store.append(sealed).unwrap();
    store.compact().unwrap();
    store.append(logged).unwrap();
    store
        .append_finding(&finding("golden", 1, 5, Some(9), "a sentence"))
        .unwrap();
}

#[test]
fn the_bytes_of_version_1_never_change() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path());
    for name in FILES {
        let now = std::fs::read(dir.path().join(name)).unwrap();
        let path = golden().join(name);
        if std::env::var_os("VOIDSTATE_BLESS").is_some() {
            std::fs::create_dir_all(golden()).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        assert!(
            std::fs::read(&path).unwrap() == now,
            "{name} is written differently; the format needs a new version"
        );
    }
}

#[test]
fn files_of_version_1_are_read() {
    let dir = tempfile::tempdir().unwrap();
    for name in FILES {
        std::fs::copy(golden().join(name), dir.path().join(name)).unwrap();
    }
    let store = open(dir.path());
    assert_eq!(store.status().notes, Vec::<String>::new());
    for series in 0..4 {
        let mut expected = std::collections::BTreeMap::new();
        for (_, time, value) in samples().iter().filter(|(s, _, _)| *s == series) {
            expected.insert(*time, value.to_bits());
        }
        assert_eq!(
            all(&store, series),
            expected.into_iter().collect::<Vec<_>>()
        );
    }
    assert_eq!(
        store.findings(TimeRange::ALL).unwrap(),
        [finding("golden", 1, 5, Some(9), "a sentence")]
    );
    assert_eq!(store.verify().unwrap().faults, Vec::<String>::new());
}
