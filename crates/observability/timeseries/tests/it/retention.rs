//! Retention by age and by size.

use std::time::Duration;

use voidstate_core::{StoreReader, StoreWriter, Timestamp};
use voidstate_timeseries::{Options, SegmentStore};

use crate::help::{all, info, point, small};

const SECOND: i64 = 1_000_000_000;

#[test]
fn whole_segments_go_by_age_and_nothing_younger() {
    let options = Options {
        retention_age: Duration::from_secs(500),
        ..small()
    };
    let store = SegmentStore::temporary(options).unwrap();
    let id = store.series(&info(0)).unwrap();
    for tick in 0..2000 {
        store.append(&[point(id, tick * SECOND, 1.0)]).unwrap();
        if tick % 100 == 99 {
            store.compact().unwrap();
        }
    }
    let left = all(&store, 0);
    let first = left[0].0 / SECOND;
    assert!((1000..=1500).contains(&first), "{first}");
    assert_eq!(left.len() as i64, 2000 - first);
    store.retain(Timestamp::from_secs(2000 + 400));
    let first = all(&store, 0)[0].0 / SECOND;
    assert!((1800..=1900).contains(&first), "{first}");
    assert_eq!(
        std::fs::read_dir(store.path())
            .unwrap()
            .filter(|e| e
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("segment"))
            .count(),
        2
    );
}

#[test]
fn one_stamp_from_the_far_future_evicts_nothing() {
    let store = SegmentStore::temporary(Options {
        retention_age: Duration::from_secs(500),
        ..small()
    })
    .unwrap();
    let ids: Vec<_> = (0..3).map(|s| store.series(&info(s)).unwrap()).collect();
    for tick in 0..300 {
        for id in &ids {
            store
                .append(&[point(*id, tick * SECOND, tick as f64)])
                .unwrap();
        }
    }
    store.append(&[point(ids[0], i64::MAX - 1, 1.0)]).unwrap();
    store.compact().unwrap();
    assert_eq!(all(&store, 1).len(), 300);
    assert_eq!(all(&store, 0).len(), 301);
}

#[test]
fn the_oldest_go_when_it_is_too_large() {
    let options = Options {
        retention_bytes: 1 << 20,
        ..small()
    };
    let store = SegmentStore::temporary(options).unwrap();
    let ids: Vec<_> = (0..50).map(|s| store.series(&info(s)).unwrap()).collect();
    let mut random = 1_u64;
    for tick in 0..6000_i64 {
        let points: Vec<_> = ids
            .iter()
            .map(|id| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                point(*id, tick * SECOND, f64::from_bits(random))
            })
            .collect();
        store.append(&points).unwrap();
    }
    store.compact().unwrap();
    let status = store.status();
    assert!(status.bytes <= 1 << 20, "{}", status.bytes);
    let left = all(&store, 0);
    assert!(left.len() > 100, "{}", left.len());
    assert_eq!(left.last().unwrap().0, 5999 * SECOND);
    assert_eq!(
        left[0].0 / SECOND + left.len() as i64,
        6000,
        "what is left is the newest, without a gap"
    );
}
