//! What a user meets first.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use voidstate_core::{
    Error as CoreError, SeriesId, StoreReader, StoreWriter, TimeRange, Timestamp,
};
use voidstate_timeseries::{APPEND_POINTS_MAX, Error, Options, SegmentStore};

use crate::help::{all, between, info, key, open, point, small};

#[test]
fn what_was_appended_is_read_before_and_after_sealing_and_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    let store = open(dir.path());
    let id = store.series(&info(1)).unwrap();
    for i in 0..1000_i64 {
        let value = f64::from(i as i32) / 8.0;
        store
            .append(&[point(id, i * 1_000_000_000, value)])
            .unwrap();
        expected.push((i * 1_000_000_000, value.to_bits()));
    }
    assert_eq!(all(&store, 1), expected);
    store.compact().unwrap();
    assert_eq!(all(&store, 1), expected);
    assert_eq!(store.status().samples, 1000);
    assert_eq!(store.status().notes, Vec::<String>::new());
    drop(store);
    let store = open(dir.path());
    assert_eq!(all(&store, 1), expected);
    assert_eq!(store.status().notes, Vec::<String>::new());
    assert_eq!(store.series(&info(1)).unwrap(), id);
    let part = store
        .range(&key(1), between(10_000_000_000, 12_000_000_000))
        .unwrap();
    assert_eq!(part.len(), 2);
    assert!(store.range(&key(2), TimeRange::ALL).unwrap().is_empty());
}

#[test]
fn an_append_that_cannot_be_read_back_is_refused_as_a_whole() {
    let store = SegmentStore::temporary(small()).unwrap();
    let id = store.series(&info(1)).unwrap();
    let unknown = store.append(&[point(id, 1, 1.0), point(SeriesId(7), 1, 1.0)]);
    assert!(matches!(unknown, Err(CoreError::Missing { .. })));
    let last = store.append(&[point(id, 1, 1.0), point(id, i64::MAX, 1.0)]);
    assert!(matches!(last, Err(CoreError::Domain { .. })));
    let many = vec![point(id, 1, 1.0); APPEND_POINTS_MAX + 1];
    assert!(matches!(
        store.append(&many),
        Err(CoreError::Store {
            no_space: false,
            ..
        })
    ));
    store.append(&[]).unwrap();
    assert_eq!(store.status().samples, 0);
    assert!(all(&store, 1).is_empty());
}

#[test]
fn windows_and_quantiles_refuse_what_is_outside_their_domain() {
    let store = SegmentStore::temporary(small()).unwrap();
    let second = Duration::from_secs(1);
    let domain = |e: CoreError| matches!(e, CoreError::Domain { .. });
    assert!(
        store
            .windows(&key(1), TimeRange::ALL, Duration::ZERO)
            .is_err_and(domain)
    );
    assert!(
        store
            .quantiles(&key(1), TimeRange::ALL, Duration::ZERO, &[0.5])
            .is_err_and(domain)
    );
    for q in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert!(
            store
                .quantiles(&key(1), TimeRange::ALL, second, &[q])
                .is_err_and(domain),
            "{q}"
        );
    }
}

#[test]
fn one_process_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    match SegmentStore::open(dir.path(), small()) {
        Err(Error::Locked { path, pid }) => {
            assert_eq!(path, dir.path());
            assert_eq!(pid, Some(std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    drop(store);
    open(dir.path());
}

#[test]
fn files_are_private_and_a_temporary_store_leaves_nothing() {
    let store = SegmentStore::temporary(small()).unwrap();
    let id = store.series(&info(1)).unwrap();
    for i in 0..200 {
        store.append(&[point(id, i, 0.5)]).unwrap();
    }
    store.compact().unwrap();
    let dir = store.path().to_owned();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let mut files = 0;
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert!(files >= 4, "{files}");
    drop(store);
    assert!(!dir.exists());
}

#[test]
fn extremes_and_nan_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.series(&info(1)).unwrap();
    let odd_nan = f64::from_bits(f64::NAN.to_bits() | 5);
    let points = [
        (i64::MIN, f64::INFINITY),
        (-1, -0.0),
        (0, f64::NEG_INFINITY),
        (1, odd_nan),
        (i64::MAX - 1, f64::MAX),
    ];
    for (time, value) in points {
        store.append(&[point(id, time, value)]).unwrap();
    }
    let mut expected = points.map(|(time, value)| (time, value.to_bits()));
    expected[3].1 = f64::NAN.to_bits();
    assert_eq!(all(&store, 1), expected);
    store.compact().unwrap();
    assert_eq!(all(&store, 1), expected);
    let ages = store
        .windows(&key(1), TimeRange::ALL, Duration::MAX)
        .unwrap();
    assert_eq!(
        ages.iter().map(|w| (w.count, w.nans)).collect::<Vec<_>>(),
        [(2, 0), (2, 1)]
    );
    assert_eq!(ages[0].start, Timestamp::MIN);
    assert_eq!((ages[1].min, ages[1].max), (f64::NEG_INFINITY, f64::MAX));
}

#[test]
fn a_lost_catalogue_never_gives_samples_to_another_series() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.series(&info(1)).unwrap();
    store.append(&[point(id, 1, 1.0)]).unwrap();
    store.compact().unwrap();
    store.append(&[point(id, 2, 2.0)]).unwrap();
    drop(store);
    std::fs::remove_file(dir.path().join("series.log")).unwrap();
    let store = open(dir.path());
    assert!(
        store.status().notes.iter().any(|n| n.contains("catalogue")),
        "{:?}",
        store.status().notes
    );
    let other = store.series(&info(2)).unwrap();
    assert_ne!(other, id);
    assert!(all(&store, 2).is_empty() && all(&store, 1).is_empty());
}

#[test]
fn a_newer_version_is_a_typed_error() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.series(&info(1)).unwrap();
    store.append(&[point(id, 1, 1.0)]).unwrap();
    store.compact().unwrap();
    drop(store);
    let names: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| !p.ends_with("lock"))
        .collect();
    assert_eq!(names.len(), 3);
    for path in names {
        let old = std::fs::read(&path).unwrap();
        let mut new = old.clone();
        new[4..6].copy_from_slice(&2_u16.to_le_bytes());
        let crc = crc32fast::hash(&new[..16]);
        new[16..20].copy_from_slice(&crc.to_le_bytes());
        std::fs::write(&path, &new).unwrap();
        match SegmentStore::open(dir.path(), Options::default()) {
            Err(Error::Version {
                found: 2,
                newest: 1,
                path: named,
            }) => assert_eq!(named, path),
            other => panic!("{}: {other:?}", path.display()),
        }
        std::fs::write(&path, &old).unwrap();
    }
    assert_eq!(all(&open(dir.path()), 1).len(), 1);
}
