//! Damage of any byte of any file: no panic, nothing that was never written, and a report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use voidstate_core::{StoreReader, StoreWriter, TimeRange};
use voidstate_timeseries::SegmentStore;

use crate::findings::finding;
use crate::help::{all, info, open, point, small};
use crate::soak;

const SERIES: u32 = 3;
const LIKE_RECORDS: &[&[u8]] = &[
    b"VSR1",
    b"VS\x00\x01",
    b"VSTS\x01\x00",
    &[0; 9],
    &[255; 5],
    b"SERI",
    b"VSSF",
];
type Written = BTreeMap<u32, Vec<(i64, u64)>>;

/// A store with segments, a log in use, findings and a catalogue.
fn fill(dir: &Path) -> Written {
    let store = open(dir);
    let ids: Vec<_> = (0..SERIES)
        .map(|s| store.series(&info(s)).unwrap())
        .collect();
    let mut written = Written::new();
    for tick in 0..100_i64 {
        let mut points = Vec::new();
        for (id, series) in ids.iter().zip(0..) {
            // Series 2 is constant, series 1 irregular.
            let time = if series == 1 {
                tick * 1000 + (tick * 7919) % 613
            } else {
                tick * 1000
            };
            let value = if series == 2 {
                4.0
            } else {
                ((tick * tick) % 97) as f64 / 7.0
            };
            points.push(point(*id, time, value));
            written
                .entry(series)
                .or_default()
                .push((time, value.to_bits()));
        }
        store.append(&points).unwrap();
        if tick == 40 || tick == 80 {
            store.compact().unwrap();
        }
        if tick % 30 == 0 {
            store
                .append_finding(&finding("detector", tick as u64, tick, Some(tick + 5), "x"))
                .unwrap();
        }
    }
    written
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| !p.ends_with("lock"))
        .collect();
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// Opens a damaged store; gives how many samples came back and whether something was told.
fn check(dir: &Path, written: &Written) -> (usize, bool) {
    let store = match SegmentStore::open(dir, small()) {
        Ok(store) => store,
        Err(error) => panic!("a damaged store is opened, not refused: {error}"),
    };
    let mut came_back = 0;
    for (series, samples) in written {
        let got = all(&store, *series);
        came_back += got.len();
        let mut expected = samples.iter();
        for sample in &got {
            assert!(
                expected.any(|e| e == sample),
                "{sample:?} of series {series} was never written"
            );
        }
    }
    for found in store.findings(TimeRange::ALL).unwrap() {
        assert_eq!(found.sentence, "x");
    }
    let _ = store.verify().unwrap();
    let told = !store.status().notes.is_empty();
    // It goes on being a store, and what is appended now is there after the next opening.
    let id = store.series(&info(9)).unwrap();
    store.append(&[point(id, 5, 5.0)]).unwrap();
    drop(store);
    let store = open(dir);
    assert_eq!(all(&store, 9), [(5, 5.0_f64.to_bits())]);
    (came_back, told)
}

fn runner(cases: u32, seed: u8) -> TestRunner {
    let config = ProptestConfig {
        cases: soak::cases(cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new_with_rng(
        config,
        TestRng::from_seed(RngAlgorithm::ChaCha, &soak::bytes([seed; 32])),
    )
}

#[test]
fn a_changed_byte_is_reported_and_never_served() {
    let sound = tempfile::tempdir().unwrap();
    let written = fill(sound.path());
    let count = files(sound.path()).len();
    let strategy = (0..count, any::<prop::sample::Index>(), 1..=255_u8);
    runner(200, 1)
        .run(&strategy, |(file, at, mask)| {
            let dir = tempfile::tempdir().unwrap();
            copy(sound.path(), dir.path());
            let path = &files(dir.path())[file];
            let mut bytes = std::fs::read(path).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
            std::fs::write(path, bytes).unwrap();
            let (_, told) = check(dir.path(), &written);
            prop_assert!(
                told,
                "byte {} of {} was changed and nothing told",
                at,
                path.display()
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_cut_file_keeps_what_is_before_the_cut() {
    let sound = tempfile::tempdir().unwrap();
    let written = fill(sound.path());
    let total: usize = written.values().map(Vec::len).sum();
    let count = files(sound.path()).len();
    runner(150, 2)
        .run(&(0..count, any::<prop::sample::Index>()), |(file, at)| {
            let dir = tempfile::tempdir().unwrap();
            copy(sound.path(), dir.path());
            let path = &files(dir.path())[file];
            let bytes = std::fs::read(path).unwrap();
            let at = at.index(bytes.len());
            std::fs::write(path, &bytes[..at]).unwrap();
            let (came_back, told) = check(dir.path(), &written);
            // A log that ends between two records looks as if the rest had never been appended.
            let is_segment = path.extension().is_some_and(|e| e == "vsts");
            prop_assert!(told || !is_segment);
            prop_assert!(told || at >= 20, "cut at {} of {}", at, path.display());
            let own = if is_segment { total } else { 0 };
            prop_assert!(
                came_back + own + 60 >= total || path.ends_with("series.log"),
                "{} of {}",
                came_back,
                total
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn garbage_in_place_of_any_file_does_not_panic() {
    let sound = tempfile::tempdir().unwrap();
    let written = fill(sound.path());
    let count = files(sound.path()).len();
    let garbage = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..600),
        // Looks like records.
        prop::collection::vec(prop::sample::select(LIKE_RECORDS), 0..60)
            .prop_map(|parts| parts.concat()),
    ];
    runner(100, 3)
        .run(
            &(0..count, garbage, any::<bool>()),
            |(file, garbage, append)| {
                let dir = tempfile::tempdir().unwrap();
                copy(sound.path(), dir.path());
                let path = &files(dir.path())[file];
                let mut bytes = if append {
                    std::fs::read(path).unwrap()
                } else {
                    Vec::new()
                };
                let changed = !append || !garbage.is_empty();
                bytes.extend(garbage);
                std::fs::write(path, bytes).unwrap();
                let (_, told) = check(dir.path(), &written);
                prop_assert!(told || !changed);
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn every_torn_tail_of_the_log_is_cut_and_told() {
    let sound = tempfile::tempdir().unwrap();
    let store = open(sound.path());
    let id = store.series(&info(0)).unwrap();
    let mut ends = Vec::new();
    let wal = sound.path().join("wal-0000000001.log");
    for tick in 0..6 {
        store.append(&[point(id, tick, 1.5)]).unwrap();
        ends.push(std::fs::metadata(&wal).unwrap().len());
    }
    drop(store);
    let whole = std::fs::read(&wal).unwrap();
    for cut in 20..whole.len() as u64 {
        let dir = tempfile::tempdir().unwrap();
        copy(sound.path(), dir.path());
        std::fs::write(
            dir.path().join("wal-0000000001.log"),
            &whole[..cut as usize],
        )
        .unwrap();
        let store = open(dir.path());
        let sound_records = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(all(&store, 0).len(), sound_records, "cut at {cut}");
        let notes = store.status().notes;
        let torn = cut != 20 && !ends.contains(&cut);
        assert_eq!(
            notes.iter().filter(|n| n.contains("torn")).count(),
            usize::from(torn),
            "cut at {cut}: {notes:?}"
        );
    }
}

#[test]
fn damage_in_the_middle_of_a_log_costs_one_record() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.series(&info(0)).unwrap();
    let wal = dir.path().join("wal-0000000001.log");
    let mut ends = Vec::new();
    for tick in 0..50 {
        store.append(&[point(id, tick, tick as f64)]).unwrap();
        ends.push(std::fs::metadata(&wal).unwrap().len() as usize);
    }
    drop(store);
    let mut bytes = std::fs::read(&wal).unwrap();
    bytes[ends[19] + 3] ^= 0xff;
    std::fs::write(&wal, bytes).unwrap();
    let store = open(dir.path());
    let got: Vec<i64> = all(&store, 0).into_iter().map(|(t, _)| t).collect();
    assert_eq!(got, (0..50).filter(|t| *t != 20).collect::<Vec<_>>());
    assert!(
        store
            .status()
            .notes
            .iter()
            .any(|n| n.contains("damaged bytes"))
    );
    let faults = store.verify().unwrap().faults;
    assert!(
        faults.iter().any(|f| f.contains("damaged bytes")),
        "{faults:?}"
    );
}

#[test]
fn verify_reads_everything() {
    let dir = tempfile::tempdir().unwrap();
    let written = fill(dir.path());
    let store = open(dir.path());
    let report = store.verify().unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    assert!(
        report.chunks >= 6 && report.files >= 5 && report.records > 20,
        "{report:?}"
    );
    store.compact().unwrap();
    let report = store.verify().unwrap();
    let total: usize = written.values().map(Vec::len).sum();
    assert_eq!((report.samples as usize, report.faults.len()), (total, 0));
    // A byte changed under an open store.
    let path = files(dir.path())
        .into_iter()
        .find(|p| p.extension().is_some_and(|e| e == "vsts"))
        .unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(!store.verify().unwrap().faults.is_empty());
}

/// A process that died between writing a segment and removing its log leaves both.
#[test]
fn a_segment_and_its_log_are_not_both_taken() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.series(&info(0)).unwrap();
    for tick in 0..50 {
        store.append(&[point(id, tick, tick as f64)]).unwrap();
    }
    let (wal, segment) = (
        dir.path().join("wal-0000000001.log"),
        dir.path().join("segment-0000000001.vsts"),
    );
    let log = std::fs::read(&wal).unwrap();
    store.compact().unwrap();
    let expected = all(&store, 0);
    drop(store);
    std::fs::write(&wal, &log).unwrap();
    std::fs::write(dir.path().join("segment-0000000009.unfinished"), b"half").unwrap();
    let store = open(dir.path());
    assert_eq!(
        (all(&store, 0), store.status().samples),
        (expected.clone(), 50)
    );
    assert!(!wal.exists() && !dir.path().join("segment-0000000009.unfinished").exists());
    drop(store);
    // A damaged segment whose log is there is made again.
    std::fs::write(&wal, &log).unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let end = bytes.len() - 1;
    bytes[end] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let store = open(dir.path());
    assert_eq!(all(&store, 0), expected);
    store.compact().unwrap();
    assert_eq!((all(&store, 0), store.status().samples), (expected, 50));
    assert_eq!(store.verify().unwrap().faults, Vec::<String>::new());
    assert!(
        store
            .status()
            .notes
            .iter()
            .any(|n| n.contains("written again"))
    );
}
