//! Whether a departure is large enough for a person to care.
//!
//! A detector is right to notice that a share went from 0.07 to 1 per cent; nobody wants to be called for it. The floors
//! hold for the host's own series, whose units mean the same everywhere; numbers of programs and files have none.

use voidstate_anomaly::{Direction, Episode};
use voidstate_core::{HookCategory, SeriesInfo, Unit};

/// Per cent of a whole.
const PERCENT_MIN: f64 = 3.0;
/// Bytes held.
const BYTES_MIN: f64 = 16e6;
/// Bytes moved per second.
const BYTES_PER_SECOND_MIN: f64 = 500e3;
/// Things counted: processes, threads, open files, waiting tasks.
const COUNT_MIN: f64 = 3.0;
/// Of rates: also this many times the upper edge of the usual band.
const RATE_FACTOR_MIN: f64 = 1.5;

/// What waits, stalls, fails or is lost: that there is less of it is good news and no episode.
const ONLY_RISES: [&str; 12] = [
    "dirty_bytes",
    "writeback_bytes",
    "queue_length",
    "in_flight",
    "run_queue",
    "blocked",
    "uninterruptible",
    "zombies",
    "stalled_percent",
    "avg10_percent",
    "late_seconds",
    "refaults_per_second",
];

fn is_good_news(info: &SeriesInfo, episode: &Episode) -> bool {
    let name = info
        .key
        .metric()
        .as_str()
        .rsplit('.')
        .next()
        .unwrap_or_default();
    let troubles = [
        "errors",
        "drops",
        "discards",
        "retransmits",
        "resets",
        "overflows",
        "timeouts",
        "failed",
    ];
    let only_rises = ONLY_RISES.contains(&name) || troubles.iter().any(|word| name.contains(word));
    only_rises && episode.direction == Direction::Down
}

/// Whether the peak of `episode` lies far enough outside the usual band of its series.
pub(crate) fn matters(info: &SeriesInfo, episode: &Episode) -> bool {
    if info.hook.category() != HookCategory::Host {
        return true;
    }
    if is_good_news(info, episode) {
        return false;
    }
    let value = episode.peak.value;
    let away = (value - episode.high)
        .max(episode.low - value)
        .max((value - episode.expected).abs() / 2.0);
    match info.unit {
        Unit::Percent => away >= PERCENT_MIN,
        Unit::Bytes => away >= BYTES_MIN,
        Unit::BytesPerSecond => away >= BYTES_PER_SECOND_MIN,
        Unit::Count => away >= COUNT_MIN,
        Unit::PerSecond => {
            away >= 1.0
                && (value >= episode.high * RATE_FACTOR_MIN
                    || value * RATE_FACTOR_MIN <= episode.low)
        }
        _ => true,
    }
}
