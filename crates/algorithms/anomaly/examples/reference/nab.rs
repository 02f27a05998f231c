//! NAB's format: one CSV per series, windows in one JSON file; the benchmark's own score with its threshold sweep.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use voidstate_anomaly::Detector;

use crate::Failure;

/// A_FP and A_FN of the three published profiles; A_TP is 1.
const PROFILES: [(&str, f64, f64); 3] =
    [("standard", 0.11, 1.0), ("reward_low_FP", 0.22, 1.0), ("reward_low_FN", 0.11, 2.0)];

struct Row {
    stamp: String,
    value: String,
    score: f64,
}

/// A row that counts: score, window it lies in, weight it earns there or costs outside.
struct Event {
    score: f64,
    window: Option<usize>,
    weight: f64,
}

pub(crate) fn run(root: &Path, out: Option<&Path>) -> Result<(), Failure> {
    let data = if root.join("data").is_dir() { root.join("data") } else { root.to_path_buf() };
    let windows_file = root.join("combined_windows.json");
    let windows: Option<BTreeMap<String, Vec<(String, String)>>> =
        if windows_file.is_file() { Some(serde_json::from_str(&fs::read_to_string(&windows_file)?)?) } else { None };
    let mut events = Vec::new();
    let (mut rows_total, mut window_count, mut series_count) = (0, 0, 0);
    let mut nanos = 0_u128;
    for file in csv_files(&data)? {
        let key = file.strip_prefix(&data)?.to_string_lossy().replace('\\', "/");
        let started = std::time::Instant::now();
        let rows = answer(&file)?;
        nanos += started.elapsed().as_nanos();
        rows_total += rows.len();
        series_count += 1;
        if let Some(out) = out {
            write_answers(&out.join(&key), &rows)?;
        }
        if let Some(all) = &windows {
            let of_series = all.get(&key).ok_or_else(|| format!("{key}: no entry in combined_windows.json"))?;
            window_count += collect(&key, &rows, of_series, window_count, &mut events)?;
        }
    }
    if series_count == 0 {
        return Err(format!("{}: no CSV file", data.display()).into());
    }
    let seconds = nanos as f64 / 1e9;
    println!("nab: {series_count} series, {rows_total} rows, {seconds:.2} s with reading");
    if let Some(all) = &windows {
        if all.len() != series_count {
            return Err(format!("{} series have windows, {series_count} were read", all.len()).into());
        }
        events.sort_by(|a, b| b.score.total_cmp(&a.score));
        for (name, a_fp, a_fn) in PROFILES {
            let (score, threshold, hits, false_rows) = sweep(&events, window_count, a_fp, a_fn);
            println!(
                "{name:<14} {score:7.2}   threshold {threshold}  windows {hits}/{window_count}  fp rows {false_rows}"
            );
        }
    }
    Ok(())
}

fn csv_files(data: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for category in fs::read_dir(data)? {
        let category = category?.path();
        if category.is_dir() {
            for file in fs::read_dir(category)? {
                let file = file?.path();
                if file.extension().is_some_and(|e| e == "csv") {
                    files.push(file);
                }
            }
        }
    }
    files.sort();
    Ok(files)
}

fn answer(file: &Path) -> Result<Vec<Row>, Failure> {
    let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut detector = Detector::default();
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let wrong = |what: &str| format!("{}:{}: {what}: {line}", file.display(), number + 1);
        let (stamp, value) = line.split_once(',').ok_or_else(|| wrong("two columns expected"))?;
        let time_ns = time(stamp).ok_or_else(|| wrong("not a timestamp"))?;
        let number: f64 = value.trim().parse().map_err(|_| wrong("not a number"))?;
        let score = detector.observe(time_ns, number).score;
        if !score.is_finite() {
            return Err(wrong("score is not finite").into());
        }
        rows.push(Row { stamp: stamp.to_owned(), value: value.to_owned(), score });
    }
    if rows.is_empty() { Err(format!("{}: no rows", file.display()).into()) } else { Ok(rows) }
}

fn write_answers(path: &Path, rows: &[Row]) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = std::io::BufWriter::new(fs::File::create(path)?);
    writeln!(file, "timestamp,value,anomaly_score")?;
    for row in rows {
        writeln!(file, "{},{},{}", row.stamp, row.value, row.score)?;
    }
    file.flush()?;
    Ok(())
}

/// `YYYY-MM-DD HH:MM:SS[.f]` as nanoseconds since 1970, proleptic Gregorian, without zone.
fn time(stamp: &str) -> Option<i64> {
    let (date, clock) = stamp.trim().split_once([' ', 'T'])?;
    let mut date = date.split('-').map(|p| p.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut clock = clock.split('.').next()?.split(':').map(|p| p.parse::<i64>().ok());
    let (hour, minute) = (clock.next()??, clock.next()??);
    let second = clock.next().unwrap_or(Some(0))?;
    // Days from a March-based year, so that leap days come last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 719_469;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000_000)
}

fn plain(stamp: &str) -> String {
    stamp.trim().replace('T', " ").split('.').next().unwrap_or_default().to_owned()
}

/// NAB's scaled sigmoid.
fn sigmoid(position: f64) -> f64 {
    if position > 3.0 { -1.0 } else { 2.0 / (1.0 + (5.0 * position).exp()) - 1.0 }
}

fn collect(
    key: &str,
    rows: &[Row],
    windows: &[(String, String)],
    first_window: usize,
    events: &mut Vec<Event>,
) -> Result<usize, Failure> {
    let stamps: Vec<String> = rows.iter().map(|r| plain(&r.stamp)).collect();
    let mut spans = Vec::new();
    let mut from = 0;
    for (left, right) in windows {
        let at = |stamp: &str, from: usize| {
            let stamp = plain(stamp);
            stamps.iter().skip(from).position(|s| *s == stamp).map(|i| i + from)
        };
        let a = at(left, from).ok_or_else(|| format!("{key}: window start {left} is not a row"))?;
        let b = at(right, a).ok_or_else(|| format!("{key}: window end {right} is not a row"))?;
        spans.push((a, b));
        from = b + 1;
    }
    let probation = (rows.len() * 15 / 100).min(750);
    for (i, row) in rows.iter().enumerate().skip(probation) {
        let inside = spans.iter().position(|(a, b)| (*a..=*b).contains(&i));
        let before = spans.iter().rev().find(|(_, b)| *b < i);
        let weight = match (inside.and_then(|k| spans.get(k)), before) {
            (Some((a, b)), _) => sigmoid(-((b - i + 1) as f64) / (b - a + 1) as f64) / sigmoid(-1.0),
            (None, Some((a, b))) => sigmoid((i - b) as f64 / (b - a) as f64),
            (None, None) => -1.0,
        };
        events.push(Event { score: row.score, window: inside.map(|k| k + first_window), weight });
    }
    Ok(spans.len())
}

/// Best normalised score over all thresholds, with threshold, windows hit and false rows. Events by falling score.
fn sweep(events: &[Event], windows: usize, a_fp: f64, a_fn: f64) -> (f64, f64, usize, usize) {
    let null = -a_fn * windows as f64;
    let mut earned: Vec<Option<f64>> = vec![None; windows];
    let (mut total, mut hits, mut false_rows) = (null, 0, 0);
    let mut best = (total, f64::INFINITY, 0, 0);
    for (i, event) in events.iter().enumerate() {
        match event.window.and_then(|k| earned.get_mut(k)) {
            Some(slot) => {
                let old = slot.unwrap_or(-a_fn);
                hits += usize::from(slot.is_none());
                if event.weight > old {
                    total += event.weight - old;
                }
                *slot = Some(event.weight.max(old));
            }
            None => {
                total += a_fp * event.weight;
                false_rows += 1;
            }
        }
        let tied = events.get(i + 1).is_some_and(|next| next.score >= event.score);
        if !tied && total > best.0 {
            best = (total, event.score, hits, false_rows);
        }
    }
    let normal = 100.0 * (best.0 - null) / (windows as f64 - null);
    (normal, best.1, best.2, best.3)
}
