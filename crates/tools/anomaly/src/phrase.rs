//! Words for series and numbers.

use voidstate_core::{SeriesInfo, SeriesKey, Unit};

/// What a series is, in words a person would use; `name` and labels where nothing better is known.
pub(crate) fn subject(info: &SeriesInfo) -> String {
    let key = &info.key;
    let label = |name: &str| key.label(name).unwrap_or("?");
    let metric = key.metric().as_str();
    let Some((_, words)) = PHRASES.iter().find(|(name, _)| *name == metric) else {
        return plain(key);
    };
    let mut out = String::with_capacity(words.len() + 16);
    let mut rest = *words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(label(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A key as text; of a file's column, the column's own name.
fn plain(key: &SeriesKey) -> String {
    let column = key.label("column").unwrap_or(key.metric().as_str());
    let mut labels = key
        .labels()
        .filter(|(name, _)| *name != "column" && *name != "file")
        .peekable();
    if labels.peek().is_none() {
        return format!("`{column}`");
    }
    let labels: Vec<String> = labels
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    format!("`{column}` ({})", labels.join(", "))
}

/// A number with its unit, with about three significant digits.
pub(crate) fn quantity(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Percent => format!("{} %", short(value)),
        Unit::Bytes => scaled(value, "B"),
        Unit::BytesPerSecond => scaled(value, "B/s"),
        Unit::PerSecond => format!("{}/s", short(value)),
        Unit::Seconds => format!("{} s", short(value)),
        _ => short(value),
    }
}

/// `low – high` with the unit once.
pub(crate) fn band(low: f64, high: f64, unit: Unit) -> String {
    // A share or a size below nothing is no news to anybody.
    let low = if unit == Unit::None {
        low
    } else {
        low.max(0.0)
    };
    let (low_text, high_text) = (quantity(low, unit), quantity(high, unit));
    if low_text == high_text {
        return low_text;
    }
    let shared = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
    match (shared(&low_text), shared(&high_text)) {
        (Some(a), Some(b)) if a == b => {
            format!(
                "{} to {high_text}",
                low_text.split(' ').next().unwrap_or_default()
            )
        }
        _ => format!("{low_text} to {high_text}"),
    }
}

fn scaled(value: f64, unit: &str) -> String {
    let steps = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let mut value = value;
    let mut step = 0;
    while value.abs() >= 1000.0 && step + 1 < steps.len() {
        value /= 1024.0;
        step += 1;
    }
    format!(
        "{} {}{unit}",
        short(value),
        steps.get(step).copied().unwrap_or_default()
    )
}

fn short(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() || size >= 1e7 {
        format!("{value:.3e}")
    } else if size >= 100.0 || size < 5e-7 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        trimmed(format!("{value:.1}"))
    } else if size >= 0.01 {
        trimmed(format!("{value:.2}"))
    } else {
        format!("{value:.2e}")
    }
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How rare something is that chance brings about `per_hour` times an hour.
pub(crate) fn rarity(per_hour: f64) -> String {
    let hours = 1.0 / per_hour.max(1e-12);
    let (number, unit) = match hours {
        h if h < 1.0 => (h * 60.0, "minutes"),
        h if h < 48.0 => (h, "hours"),
        h if h < 24.0 * 90.0 => (h / 24.0, "days"),
        h if h < 24.0 * 365.0 * 1000.0 => (h / (24.0 * 365.0), "years"),
        _ => return "by chance less than once in 1,000 years".to_owned(),
    };
    format!("by chance about once in {} {unit}", short(number.max(1.0)))
}

/// How long something lasted, in the largest fitting unit.
pub(crate) fn lasted(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "a moment".to_owned(),
        s if s < 120.0 => format!("{} s", short(s)),
        s if s < 7200.0 => format!("{} min", short(s / 60.0)),
        s if s < 172_800.0 => format!("{} h", short(s / 3600.0)),
        s => format!("{} days", short(s / 86_400.0)),
    }
}

/// How much a series tells a person: its place in the table of phrases, unknown ones last.
pub(crate) fn rank(key: &SeriesKey) -> usize {
    let metric = key.metric().as_str();
    PHRASES
        .iter()
        .position(|(name, _)| *name == metric)
        .unwrap_or(PHRASES.len())
}

/// Metric and the words for it, the most telling first; `{label}` stands for the label's value.
const PHRASES: &[(&str, &str)] = &[];

#[cfg(test)]
mod tests {
    use super::*;
    use voidstate_core::{HookName, MetricName};

    #[test]
    fn numbers_are_short() {
        assert_eq!(quantity(98.234, Unit::Percent), "98.2 %");
        assert_eq!(quantity(0.0, Unit::Percent), "0 %");
        assert_eq!(quantity(314_572_800.0, Unit::BytesPerSecond), "300 MiB/s");
        assert_eq!(quantity(512.0, Unit::Bytes), "512 B");
        assert_eq!(quantity(1.5e12, Unit::PerSecond), "1.500e12/s");
        assert_eq!(quantity(f64::INFINITY, Unit::None), "inf");
        assert_eq!(band(-3.0, 7.0, Unit::Percent), "0 to 7 %");
        assert_eq!(band(2.0, 2.0, Unit::Count), "2");
        assert_eq!(rarity(1.0 / 72.0), "by chance about once in 3 days");
        assert_eq!(rarity(0.0), "by chance less than once in 1,000 years");
        assert_eq!(rarity(1.0), "by chance about once in 1 hours");
    }

    #[test]
    fn an_unknown_series_keeps_its_name() {
        let key = SeriesKey::new(
            MetricName::new("latency").unwrap(),
            [("file", "a.csv"), ("host", "h1")],
        )
        .unwrap();
        let hook = HookName::new("file.row").unwrap();
        let info = SeriesInfo {
            key,
            hook,
            unit: Unit::None,
            limit: None,
        };
        assert_eq!(subject(&info), "`latency` (host h1)");
    }
}
