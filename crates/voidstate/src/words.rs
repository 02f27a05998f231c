//! Times and sizes as a person reads them.

use jiff::tz::TimeZone;
use voidstate_core::Timestamp;

/// Time of day where the user is.
pub(crate) fn clock(time: Timestamp, zone: &TimeZone) -> String {
    zoned(time, zone, "%H:%M:%S")
}

/// Time of day where the user is, with the date when it is another day there at `now`.
pub(crate) fn moment(time: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let day = |time| zoned(time, zone, "%Y-%m-%d");
    if day(time) == day(now) {
        clock(time, zone)
    } else {
        date(time, zone)
    }
}

/// Date and time where the user is.
pub(crate) fn date(time: Timestamp, zone: &TimeZone) -> String {
    zoned(time, zone, "%Y-%m-%d %H:%M:%S")
}

fn zoned(time: Timestamp, zone: &TimeZone, format: &str) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(time.as_nanos())) {
        Ok(time) => time
            .to_zoned_datetime(zone.clone())
            .strftime(format)
            .to_string(),
        Err(_) => time.to_string(),
    }
}

/// Bytes with a unit, for example `38 MB`.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", (bytes + 500_000) / 1_000_000)
}

/// `1 episode`, `2 episodes`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match (number, noun.split_once(" or ")) {
        (1, _) => format!("1 {noun}"),
        (_, Some((one, other))) => format!("{number} {one}s or {other}s"),
        (_, None) => format!("{number} {noun}s"),
    }
}

/// Seconds as a person says them.
pub(crate) fn span(seconds: f64) -> String {
    let (number, unit) = match seconds {
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s if s < 120.0 => (s, "s"),
        s if s < 7200.0 => (s / 60.0, "min"),
        s if s < 172_800.0 => (s / 3600.0, "h"),
        s => (s / 86_400.0, "days"),
    };
    let text = format!("{number:.1}");
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}
