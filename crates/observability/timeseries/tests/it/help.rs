//! What the tests share.

use std::path::Path;
use std::time::Duration;

use voidstate_core::{
    HookName, MetricName, Point, SeriesId, SeriesInfo, SeriesKey, Stamped, StoreReader, TimeRange,
    Timestamp, Unit,
};
use voidstate_timeseries::{Options, SegmentStore};

/// A store whose heads are sealed after few points, so that small tests reach segments.
pub(crate) fn small() -> Options {
    Options {
        chunk_points: 16,
        head_points_min: 64,
        retention_age: Duration::MAX,
        ..Options::default()
    }
}

pub(crate) fn open(dir: &Path) -> SegmentStore {
    SegmentStore::open(dir, small()).unwrap()
}

pub(crate) fn key(number: u32) -> SeriesKey {
    SeriesKey::new(
        MetricName::new("test.value").unwrap(),
        [("n", number.to_string())],
    )
    .unwrap()
}

pub(crate) fn info(number: u32) -> SeriesInfo {
    SeriesInfo {
        key: key(number),
        hook: HookName::new("test.value").unwrap(),
        unit: Unit::Count,
        limit: None,
    }
}

pub(crate) fn point(id: SeriesId, nanos: i64, value: f64) -> Point {
    Point {
        series: id,
        time: Timestamp::from_nanos(nanos),
        value,
    }
}

pub(crate) fn between(start: i64, end: i64) -> TimeRange {
    TimeRange::new(Timestamp::from_nanos(start), Timestamp::from_nanos(end)).unwrap()
}

/// Stamps and bits of everything of one series.
pub(crate) fn all(store: &SegmentStore, number: u32) -> Vec<(i64, u64)> {
    bits(&store.range(&key(number), TimeRange::ALL).unwrap())
}

pub(crate) fn bits(samples: &[Stamped]) -> Vec<(i64, u64)> {
    samples
        .iter()
        .map(|s| (s.time.as_nanos(), s.value.to_bits()))
        .collect()
}
