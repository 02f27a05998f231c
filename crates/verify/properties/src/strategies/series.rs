//! Series and points.

use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::select;
use voidstate_core::{
    LABEL_VALUE_BYTES_MAX, LABELS_MAX, Point, SeriesId, SeriesInfo, SeriesKey, Unit,
};

use super::{Sizes, finite, hook_name, label_name, metric_name, number, text, timestamp};

/// Every unit. Shrinks towards `None`.
pub fn unit() -> impl Strategy<Value = Unit> + Clone {
    select(vec![
        Unit::None,
        Unit::Percent,
        Unit::Bytes,
        Unit::BytesPerSecond,
        Unit::PerSecond,
        Unit::Seconds,
        Unit::Count,
    ])
}

/// Series with hostile values of labels. Shrinks towards a metric without labels.
pub fn series_key(sizes: Sizes) -> impl Strategy<Value = SeriesKey> + Clone {
    // A character takes at most four bytes.
    let chars_max = sizes.text_chars_max.min(LABEL_VALUE_BYTES_MAX / 4);
    let labels = btree_map(
        label_name(),
        text(chars_max),
        0..=sizes.labels_max.min(LABELS_MAX),
    );
    (metric_name(), labels).prop_filter_map("core refuses the series", |(metric, labels)| {
        SeriesKey::new(metric, labels).ok()
    })
}

/// What is known of series; limits are finite.
pub fn series_info(sizes: Sizes) -> impl Strategy<Value = SeriesInfo> + Clone {
    let limit = prop::option::of(finite());
    (series_key(sizes), hook_name(), unit(), limit).prop_map(|(key, hook, unit, limit)| {
        SeriesInfo {
            key,
            hook,
            unit,
            limit,
        }
    })
}

/// Points of the series numbered below `series`, at least of series 0.
pub fn point(series: u32) -> impl Strategy<Value = Point> + Clone {
    (0..series.max(1), timestamp(), number()).prop_map(|(series, time, value)| Point {
        series: SeriesId(series),
        time,
        value,
    })
}
