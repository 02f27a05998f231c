//! Points in time and ranges.

use proptest::prelude::*;
use voidstate_core::{TimeRange, Timestamp};

/// Any instant: around the epoch, in this century, anywhere, the ends of the range. Shrinks towards the epoch.
pub fn timestamp() -> impl Strategy<Value = Timestamp> + Clone {
    prop_oneof![
        3 => (-1000..=1000_i64).prop_map(Timestamp::from_nanos),
        3 => (0..4_000_000_000_i64).prop_map(Timestamp::from_secs),
        1 => any::<i64>().prop_map(Timestamp::from_nanos),
        1 => prop::sample::select(vec![Timestamp::MIN, Timestamp::MAX]),
    ]
}

/// Any range, empty ones and all of time among them. Shrinks towards the empty range at the epoch.
pub fn time_range() -> impl Strategy<Value = TimeRange> + Clone {
    let ends = (timestamp(), timestamp(), any::<bool>()).prop_map(|(a, b, is_empty)| {
        let (start, end) = if is_empty {
            (a, a)
        } else {
            (a.min(b), a.max(b))
        };
        // The order of the ends leaves no room for an error.
        TimeRange::new(start, end).unwrap_or(TimeRange::ALL)
    });
    prop_oneof![8 => ends, 1 => Just(TimeRange::ALL)]
}
