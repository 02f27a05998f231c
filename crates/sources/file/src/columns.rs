//! What the columns of a sample hold.

use std::collections::HashSet;

use crate::number::{boolean, is_missing, parse, trim};
use crate::time::{self, Zone};
use crate::{NumberStyle, TimeKind, TimeUnit};

/// Share of the non-missing cells of a column that must be of its kind.
const SHARE_MIN: f64 = 0.9;
/// Most distinct texts of a label column in the sample.
const LABELS_MAX: usize = 256;

/// What a column holds, times apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Nothing,
    Number,
    Boolean,
    Label,
    FreeText,
}

type Rows<'a> = &'a [Vec<Vec<u8>>];

fn cells(rows: Rows<'_>, column: usize) -> impl Iterator<Item = &[u8]> + Clone {
    rows.iter()
        .map(move |row| row.get(column).map_or([].as_slice(), |cell| trim(cell)))
        .filter(|cell| !is_missing(cell))
}

fn mostly<'a>(cells: impl Iterator<Item = &'a [u8]>, is: impl Fn(&[u8]) -> bool) -> bool {
    let (mut yes, mut all) = (0_u32, 0_u32);
    for cell in cells {
        all += 1;
        yes += u32::from(is(cell));
    }
    yes > 0 && f64::from(yes) >= SHARE_MIN * f64::from(all)
}

/// What the cells of one column hold.
pub(crate) fn holds(rows: Rows<'_>, column: usize, style: NumberStyle) -> Holds {
    let all = cells(rows, column);
    if mostly(all.clone(), |cell| parse(cell, style).is_some()) {
        return Holds::Number;
    }
    if mostly(all.clone(), |cell| boolean(cell).is_some()) {
        return Holds::Boolean;
    }
    let (mut count, mut distinct) = (0, HashSet::new());
    for cell in all {
        count += 1;
        distinct.insert(cell);
    }
    match distinct.len() {
        0 => Holds::Nothing,
        1 => Holds::Label,
        // A label comes back: on average at least twice in the sample.
        n if n <= LABELS_MAX && n * 2 <= count => Holds::Label,
        _ => Holds::FreeText,
    }
}

/// How the numbers of a file are written, and what is in doubt.
pub(crate) fn number_style(rows: Rows<'_>, width: usize) -> (NumberStyle, Option<String>) {
    let (mut decimal, mut thousands, mut doubtful) = (0, 0, None);
    for column in 0..width {
        let all = cells(rows, column);
        if mostly(all.clone(), |cell| {
            parse(cell, NumberStyle::Point).is_some()
        }) {
            continue;
        }
        let is_decimal = mostly(all.clone(), |cell| {
            parse(cell, NumberStyle::DecimalComma).is_some()
        });
        let is_thousands = mostly(all.clone(), |cell| {
            parse(cell, NumberStyle::ThousandsComma).is_some()
        });
        match (is_decimal, is_thousands) {
            (true, false) => decimal += 1,
            (false, true) => thousands += 1,
            (true, true) => doubtful = all.clone().find(|cell| cell.contains(&b',')),
            (false, false) => {}
        }
    }
    match (decimal, thousands, doubtful) {
        (1.., 0, _) => (NumberStyle::DecimalComma, None),
        (0, 1.., _) => (NumberStyle::ThousandsComma, None),
        (0, 0, Some(cell)) => {
            let cell = String::from_utf8_lossy(cell);
            let note = format!(
                "{cell:?} may mean thousands or decimals, so such columns are not read; say which commas are meant"
            );
            (NumberStyle::Point, Some(note))
        }
        (1.., 1.., _) => {
            let note = "some columns have decimal commas and others thousands commas; only columns without are read";
            (NumberStyle::Point, Some(note.to_owned()))
        }
        (0, 0, None) => (NumberStyle::Point, None),
        (i32::MIN..0, _, _) | (_, i32::MIN..0, _) => (NumberStyle::Point, None),
    }
}

/// Names of time columns, with the unit that a suffix gives.
fn time_name(name: &str) -> Option<TimeUnit> {
    const NAMES: [&str; 22] = [
        "time",
        "timestamp",
        "ts",
        "t",
        "date",
        "datetime",
        "date_time",
        "day",
        "epoch",
        "unix",
        "unixtime",
        "unix_time",
        "when",
        "created_at",
        "observed_at",
        "recorded_at",
        "clock",
        "utc",
        "time_utc",
        "local_time",
        "elapsed",
        "start_time",
    ];
    let lower = name
        .trim()
        .trim_start_matches(['@', '_', '#'])
        .trim()
        .to_ascii_lowercase();
    let last = lower.rsplit('.').next().unwrap_or_default();
    const SUFFIXES: [(&str, TimeUnit); 9] = [
        ("_ms", TimeUnit::Millis),
        ("_us", TimeUnit::Micros),
        ("_ns", TimeUnit::Nanos),
        ("_s", TimeUnit::Seconds),
        ("_sec", TimeUnit::Seconds),
        (" (ms)", TimeUnit::Millis),
        (" (us)", TimeUnit::Micros),
        (" (ns)", TimeUnit::Nanos),
        (" (s)", TimeUnit::Seconds),
    ];
    let (stem, unit) = SUFFIXES
        .iter()
        .find_map(|(suffix, unit)| Some((last.strip_suffix(suffix)?, *unit)))
        .unwrap_or((last, TimeUnit::Seconds));
    (NAMES.contains(&stem) || stem.ends_with("timestamp")).then_some(unit)
}

/// Whether a name is one that time columns bear.
pub(crate) fn is_time_name(name: &str) -> bool {
    time_name(name).is_some()
}

/// How the times of a column are written, if it holds times. `name` is its header; `chosen` when the caller named it.
pub(crate) fn time_kind(
    rows: Rows<'_>,
    column: usize,
    name: Option<&str>,
    chosen: bool,
    zone: &Zone,
) -> Option<TimeKind> {
    let all = cells(rows, column);
    if mostly(all.clone(), |cell| time::iso(cell, zone).is_some()) {
        let zoned = mostly(all, |cell| {
            time::iso(cell, zone).is_some_and(|(_, zoned)| zoned)
        });
        return Some(if zoned {
            TimeKind::IsoZoned
        } else {
            TimeKind::IsoLocal
        });
    }
    let is = |kind: &TimeKind| mostly(all.clone(), |cell| time::parse(cell, kind, zone).is_some());
    if is(&TimeKind::Rfc2822) {
        return Some(TimeKind::Rfc2822);
    }
    let named = name
        .and_then(time_name)
        .or(chosen.then_some(TimeUnit::Seconds));
    let orderly = is_orderly(all.clone());
    // A number is a time by its name, or without a header as the first column when it only grows.
    if named.is_none() && !(name.is_none() && column == 0 && orderly) {
        return None;
    }
    let epochs = TimeUnit::ALL.map(TimeKind::Epoch);
    if let Some(kind) = epochs.into_iter().find(|kind| is(kind)) {
        return Some(kind);
    }
    let unit = named?;
    if is(&TimeKind::CompactDate) {
        return Some(TimeKind::CompactDate);
    }
    let elapsed = TimeKind::Elapsed(unit);
    (orderly && is(&elapsed)).then_some(elapsed)
}

/// Whether numbers never fall and rise at least once.
fn is_orderly<'a>(cells: impl Iterator<Item = &'a [u8]>) -> bool {
    let (mut last, mut rises) = (None, false);
    for cell in cells {
        let Some(now) = parse(cell, NumberStyle::Point) else {
            return false;
        };
        if let Some(before) = last {
            if now < before {
                return false;
            }
            rises |= now > before;
        }
        last = Some(now);
    }
    rises
}

/// Whether the first of at least two rows names the columns.
pub(crate) fn has_header(rows: Rows<'_>, width: usize, zone: &Zone) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return false;
    };
    let (style, _) = number_style(rest, width);
    let (mut for_header, mut against) = (0, 0);
    let is_data = |cell: &[u8]| {
        parse(cell, style).is_some()
            || boolean(cell).is_some()
            || time::iso(cell, zone).is_some()
            || time::parse(cell, &TimeKind::Rfc2822, zone).is_some()
    };
    if rest.is_empty() {
        return !first.iter().any(|cell| is_data(trim(cell)));
    }
    for column in 0..width {
        let cell = first.get(column).map_or([].as_slice(), |cell| trim(cell));
        let timed = time_kind(rest, column, None, false, zone).is_some();
        let numbers = matches!(holds(rest, column, style), Holds::Number | Holds::Boolean);
        if is_missing(cell) || !(timed || numbers) {
            continue;
        }
        if !is_data(cell) {
            for_header += 1;
        } else if timed && time::iso(cell, zone).is_some() {
            against += width;
        } else {
            against += 1;
        }
    }
    // A header of numbers such as `time,1,2,3` is told by the one column whose name is no datum.
    for_header > 0
        && (against == 0
            || (against < width
                && first
                    .iter()
                    .any(|cell| is_time_name(&String::from_utf8_lossy(cell)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<Vec<u8>>> {
        let line = |line: &str| {
            line.split('|')
                .map(|cell| cell.as_bytes().to_vec())
                .collect()
        };
        text.lines().map(line).collect()
    }

    fn utc() -> Zone {
        Zone::new(None).unwrap()
    }

    #[test]
    fn headers_are_told_from_data() {
        for with in [
            "t|v\n1|2\n2|3",
            "time|1|2\n2014-01-01|5|6\n2014-01-02|5|6",
            "a\n1",
            "a|b",
        ] {
            let rows = rows(with);
            assert!(has_header(&rows, rows[0].len(), &utc()), "{with}");
        }
        for without in [
            "1|2\n2|3",
            "2014-01-01|x\n2014-01-02|5\n2014-01-03|6",
            "1",
            "nan|1\n2|3",
        ] {
            let rows = rows(without);
            assert!(!has_header(&rows, rows[0].len(), &utc()), "{without}");
        }
    }

    #[test]
    fn a_counter_is_no_time() {
        let rows = rows("1500000000\n1500000001\n1500000002");
        assert_eq!(
            time_kind(&rows, 0, Some("bytes_total"), false, &utc()),
            None
        );
        assert_eq!(
            time_kind(&rows, 0, Some("response_time"), false, &utc()),
            None
        );
        let seconds = Some(TimeKind::Epoch(TimeUnit::Seconds));
        assert_eq!(time_kind(&rows, 0, Some("ts"), false, &utc()), seconds);
        assert_eq!(time_kind(&rows, 0, None, false, &utc()), seconds);
        assert_eq!(
            time_kind(&rows, 0, Some("bytes_total"), true, &utc()),
            seconds
        );
    }

    #[test]
    fn compact_dates_are_no_elapsed_seconds() {
        let rows = rows("20140101\n20140102");
        assert_eq!(
            time_kind(&rows, 0, Some("date"), false, &utc()),
            Some(TimeKind::CompactDate)
        );
    }

    #[test]
    fn commas_are_told_apart_or_refused() {
        let style = |text| number_style(&rows(text), 1);
        assert_eq!(style("1,5\n2,25").0, NumberStyle::DecimalComma);
        assert_eq!(style("1,234.5\n2,250").0, NumberStyle::ThousandsComma);
        let (style, note) = style("1,234\n2,250");
        assert_eq!(style, NumberStyle::Point);
        assert!(note.is_some());
    }

    #[test]
    fn labels_come_back_and_free_text_does_not() {
        assert_eq!(
            holds(&rows("a\nb\na\nb"), 0, NumberStyle::Point),
            Holds::Label
        );
        assert_eq!(
            holds(&rows("a\nb\nc\nd"), 0, NumberStyle::Point),
            Holds::FreeText
        );
        assert_eq!(
            holds(&rows("\nNA\n"), 0, NumberStyle::Point),
            Holds::Nothing
        );
        assert_eq!(
            holds(&rows("true\nFalse"), 0, NumberStyle::Point),
            Holds::Boolean
        );
    }
}
