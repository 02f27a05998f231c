//! Peer: fjall and redb (a row per point), pco and Gorilla (codecs alone).
//!
//! The segment store beside fjall and redb (a row per point) and beside two codecs alone (pco, Gorilla).
//!
//! 1000 series of four kinds in equal parts (3-decimal gauge, integer counter, near-constant, full-mantissa random walk),
//! one batch of 1000 points per tick at 1 Hz. Every store acknowledges a tick when the operating system has it; redb makes
//! every hundredth tick durable and the rest visible, which is the nearest it offers. `--quick` runs fewer rounds.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use fjall::{KeyspaceCreateOptions, PersistMode};
use redb::{Durability, ReadableDatabase, TableDefinition};
use voidstate_benches::{
    Pair, Plan, median, pair, plan, process_cpu_time, report_fact, report_pair, report_ratio,
    single,
};
use voidstate_core::{
    HookName, MetricName, Point, SeriesId, SeriesInfo, SeriesKey, StoreReader, StoreWriter,
    TimeRange, Timestamp, Unit,
};
use voidstate_timeseries::{Options, SegmentStore};

const CRATE: &str = "timeseries";
const SERIES: usize = 1000;
const SECOND: i64 = 1_000_000_000;
const START: i64 = 1_760_000_000;
const KINDS: [&str; 4] = ["gauge", "counter", "constant", "walk"];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let quick = std::env::args().any(|a| a == "--quick");
    let ticks = 1024;
    let rounds = if quick { 3 } else { 5 };
    let data = Data::new(ticks);
    println!("timeseries: {SERIES} series x {ticks} ticks");
    memory(&data)?;
    sizes(&data)?;
    ingest(&data, rounds)?;
    reads(&data)?;
    reopen(&data)?;
    Ok(())
}

/// The points, by series.
struct Data {
    ticks: usize,
    values: Vec<Vec<f64>>,
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Uniform in [0, 1).
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl Data {
    fn new(ticks: usize) -> Self {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let values = (0..SERIES)
            .map(|series| column(series % 4, ticks, &mut random))
            .collect();
        Self { ticks, values }
    }

    fn points(&self) -> u64 {
        (SERIES * self.ticks) as u64
    }

    fn tick(&self, tick: usize, ids: &[SeriesId], jitter_ns: i64, out: &mut Vec<Point>) {
        let time = Timestamp::from_nanos((START + tick as i64) * SECOND + jitter_ns);
        out.clear();
        out.extend(ids.iter().zip(&self.values).map(|(id, values)| Point {
            series: *id,
            time,
            value: values[tick],
        }));
    }
}

fn column(kind: usize, ticks: usize, random: &mut Random) -> Vec<f64> {
    let mut level = random.unit() * 100.0;
    (0..ticks)
        .map(|_| match kind {
            0 => {
                level = (level + random.unit() - 0.5).clamp(0.0, 100.0);
                (level * 1000.0).round() / 1000.0
            }
            1 => {
                level = level.floor() + (random.unit() * 8.0).floor();
                level
            }
            2 => {
                if random.next() % 500 == 0 {
                    level = (random.unit() * 100.0).floor();
                }
                level.floor()
            }
            _ => {
                level += random.unit() - 0.5;
                level
            }
        })
        .collect()
}

fn info(series: usize) -> Result<SeriesInfo, Failure> {
    Ok(SeriesInfo {
        key: key(series)?,
        hook: HookName::new("host.bench")?,
        unit: Unit::None,
        limit: None,
    })
}

fn key(series: usize) -> Result<SeriesKey, Failure> {
    Ok(SeriesKey::new(
        MetricName::new("host.bench.value")?,
        [("n", series.to_string())],
    )?)
}

fn fill(data: &Data, dir: &Path, jitter_ns: i64) -> Result<SegmentStore, Failure> {
    let options = Options {
        retention_bytes: u64::MAX,
        ..Options::default()
    };
    let store = SegmentStore::open(dir, options)?;
    let ids = (0..SERIES)
        .map(|s| Ok(store.series(&info(s)?)?))
        .collect::<Result<Vec<_>, Failure>>()?;
    let mut random = Random(7);
    let mut batch = Vec::new();
    for tick in 0..data.ticks {
        let late = if jitter_ns > 0 {
            (random.next() % jitter_ns as u64) as i64
        } else {
            0
        };
        data.tick(tick, &ids, late, &mut batch);
        store.append(&batch)?;
    }
    Ok(store)
}

fn memory(data: &Data) -> Result<(), Failure> {
    let before = resident_mb()?;
    let dir = tempfile::tempdir()?;
    let store = fill(data, dir.path(), 0)?;
    let open = resident_mb()?;
    store.compact()?;
    report_fact(
        CRATE,
        "memory_of_a_full_head",
        open - before,
        "MB above the data",
    );
    report_fact(
        CRATE,
        "memory_after_sealing",
        resident_mb()? - before,
        "MB above the data",
    );
    Ok(())
}

fn resident_mb() -> Result<f64, Failure> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: f64 = statm.split(' ').nth(1).ok_or("statm")?.parse()?;
    Ok(pages * 4096.0 / 1e6)
}

fn sizes(data: &Data) -> Result<(), Failure> {
    let dir = tempfile::tempdir()?;
    fill(data, dir.path(), 0)?.compact()?;
    let ours = disk_bytes(dir.path())? / data.points() as f64;
    report_fact(CRATE, "bytes_per_point", ours, "B, whole directory");
    let late = tempfile::tempdir()?;
    fill(data, late.path(), 5_000_000)?.compact()?;
    report_fact(
        CRATE,
        "bytes_per_point_with_late_ticks",
        disk_bytes(late.path())? / data.points() as f64,
        "B",
    );
    let mut totals = [0.0; 2];
    for (kind, name) in KINDS.iter().enumerate() {
        let columns = data.values.iter().skip(kind).step_by(4);
        let (mut packed, mut xored, mut points) = (0, 0, 0);
        for values in columns {
            for chunk in values.chunks(1000) {
                packed +=
                    pco::standalone::simple_compress(chunk, &pco::ChunkConfig::default())?.len();
                xored += gorilla_bits(chunk).div_ceil(8);
                points += chunk.len();
            }
        }
        println!(
            "  {name}: pco {:.2} B, Gorilla {:.2} B",
            packed as f64 / points as f64,
            xored as f64 / points as f64
        );
        totals[0] += packed as f64;
        totals[1] += xored as f64;
        one_kind(data, kind, name)?;
    }
    let [packed, xored] = totals.map(|bytes| bytes / data.points() as f64);
    println!("  bytes per point: ours {ours:.3}, pco values only {packed:.3}, Gorilla {xored:.3}");
    report_ratio(CRATE, "bytes_vs_pco_values_only", ours / packed);
    report_ratio(CRATE, "bytes_vs_gorilla", ours / xored);
    Ok(())
}

/// A store with the series of one kind only.
fn one_kind(data: &Data, kind: usize, name: &str) -> Result<(), Failure> {
    let dir = tempfile::tempdir()?;
    let store = SegmentStore::open(dir.path(), Options::default())?;
    let members: Vec<usize> = (kind..SERIES).step_by(4).collect();
    let ids = members
        .iter()
        .map(|s| Ok(store.series(&info(*s)?)?))
        .collect::<Result<Vec<_>, Failure>>()?;
    for tick in 0..data.ticks {
        let time = Timestamp::from_secs(START + tick as i64);
        let batch: Vec<Point> = ids
            .iter()
            .zip(&members)
            .map(|(id, s)| Point {
                series: *id,
                time,
                value: data.values[*s][tick],
            })
            .collect();
        store.append(&batch)?;
    }
    store.compact()?;
    report_fact(
        CRATE,
        &format!("bytes_per_point_{name}"),
        disk_bytes(dir.path())? / (members.len() * data.ticks) as f64,
        "B",
    );
    Ok(())
}

/// Size of a chunk in the value format of Pelkonen et al. (VLDB 2015, section 4.1.2) with delta-of-delta stamps at a fixed
/// step (one bit each).
fn gorilla_bits(values: &[f64]) -> usize {
    let (mut bits, mut before, mut window) = (64 + 64, values[0].to_bits(), None);
    for value in &values[1..] {
        let xor = value.to_bits() ^ before;
        before = value.to_bits();
        bits += 1;
        if xor == 0 {
            bits += 1;
            continue;
        }
        let (lead, trail) = (xor.leading_zeros().min(31), xor.trailing_zeros());
        match window {
            Some((l, t)) if lead >= l && trail >= t => bits += 2 + (64 - l - t) as usize,
            _ => {
                bits += 2 + 5 + 6 + (64 - lead - trail) as usize;
                window = Some((lead, trail));
            }
        }
    }
    bits
}

/// Bytes that the files take on the disk, holes not counted.
fn disk_bytes(dir: &Path) -> Result<f64, Failure> {
    let mut total = 0;
    for entry in std::fs::read_dir(dir)? {
        let meta = entry?.metadata()?;
        total += if meta.is_dir() { 0 } else { meta.len() };
    }
    Ok(total as f64)
}

fn row_key(series: usize, tick: usize) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&(series as u32).to_be_bytes());
    key[4..].copy_from_slice(&((START + tick as i64) * SECOND).to_be_bytes());
    key
}

fn fill_fjall(data: &Data, dir: &Path) -> Result<(fjall::Database, fjall::Keyspace), Failure> {
    let db = fjall::Database::builder(dir).open()?;
    let rows = db.keyspace("rows", KeyspaceCreateOptions::default)?;
    for tick in 0..data.ticks {
        let mut batch = db.batch().durability(Some(PersistMode::Buffer));
        for (series, values) in data.values.iter().enumerate() {
            batch.insert(&rows, row_key(series, tick), values[tick].to_le_bytes());
        }
        batch.commit()?;
    }
    Ok((db, rows))
}

const ROWS: TableDefinition<'_, (u32, i64), f64> = TableDefinition::new("rows");

fn fill_redb(data: &Data, path: &Path) -> Result<redb::Database, Failure> {
    let db = redb::Database::create(path)?;
    for tick in 0..data.ticks {
        let mut txn = db.begin_write()?;
        let durable = tick % 100 == 99 || tick + 1 == data.ticks;
        txn.set_durability(if durable {
            Durability::Immediate
        } else {
            Durability::None
        })?;
        {
            let mut rows = txn.open_table(ROWS)?;
            let time = (START + tick as i64) * SECOND;
            for (series, values) in data.values.iter().enumerate() {
                rows.insert((series as u32, time), values[tick])?;
            }
        }
        txn.commit()?;
    }
    Ok(db)
}

/// CPU nanoseconds of the whole process (background threads included) per point; the minimum of the rounds, and the median
/// of their ratios.
fn ingest(data: &Data, rounds: usize) -> Result<(), Failure> {
    let (mut ours, mut fjall, mut redb) = (Vec::new(), Vec::new(), Vec::new());
    let per_point = |cpu: Duration| cpu.as_secs_f64() * 1e9 / data.points() as f64;
    for round in 0..rounds {
        let dir = tempfile::tempdir()?;
        let start = process_cpu_time();
        let store = fill(data, dir.path(), 0)?;
        store.compact()?;
        drop(store);
        ours.push(per_point(process_cpu_time() - start));
        let dir = tempfile::tempdir()?;
        let start = process_cpu_time();
        drop(fill_fjall(data, dir.path())?);
        fjall.push(per_point(process_cpu_time() - start));
        if round < rounds / 2 {
            let dir = tempfile::tempdir()?;
            let start = process_cpu_time();
            drop(fill_redb(data, &dir.path().join("db"))?);
            redb.push(per_point(process_cpu_time() - start));
        }
    }
    report(&mut ours, &mut fjall, "ingest_cpu_vs_fjall", "fjall");
    report(&mut ours, &mut redb, "ingest_cpu_vs_redb", "redb");
    let dir = tempfile::tempdir()?;
    let start = process_cpu_time();
    let store = fill(data, dir.path(), 0)?;
    report_fact(
        CRATE,
        "ingest_before_sealing",
        per_point(process_cpu_time() - start),
        "ns per point",
    );
    drop(store);
    slowest_append(data)
}

fn report(ours: &mut [f64], peer: &mut [f64], name: &str, peer_name: &str) {
    let mut ratios: Vec<f64> = ours.iter().zip(peer.iter()).map(|(a, b)| a / b).collect();
    let least = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
    report_pair(
        CRATE,
        name,
        peer_name,
        Pair {
            ours_ns: least(ours),
            peer_ns: least(peer),
            ratio: median(&mut ratios),
        },
    );
}

/// Wall time of the slowest of many appends at a pace of 100 ticks a second, while heads are sealed behind them.
fn slowest_append(data: &Data) -> Result<(), Failure> {
    let dir = tempfile::tempdir()?;
    let options = Options {
        chunk_points: 64,
        ..Options::default()
    };
    let store = SegmentStore::open(dir.path(), options)?;
    let ids = (0..SERIES)
        .map(|s| Ok(store.series(&info(s)?)?))
        .collect::<Result<Vec<_>, Failure>>()?;
    let mut batch = Vec::new();
    let mut took = Vec::new();
    for tick in 0..data.ticks.min(400) {
        data.tick(tick, &ids, 0, &mut batch);
        let start = std::time::Instant::now();
        store.append(&batch)?;
        took.push(start.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(10));
    }
    took.sort_by(f64::total_cmp);
    report_fact(
        CRATE,
        "append_median",
        took[took.len() / 2],
        "ms per tick of 1000, wall",
    );
    report_fact(
        CRATE,
        "append_slowest",
        took[took.len() - 1],
        "ms, wall, six seals behind it",
    );
    Ok(())
}

fn reads(data: &Data) -> Result<(), Failure> {
    let (dir_a, dir_b, dir_c) = (
        tempfile::tempdir()?,
        tempfile::tempdir()?,
        tempfile::tempdir()?,
    );
    let store = fill(data, dir_a.path(), 0)?;
    store.compact()?;
    let (_fjall_db, fjall) = fill_fjall(data, dir_b.path())?;
    let redb = fill_redb(data, &dir_c.path().join("db"))?;
    let txn = redb.begin_read()?;
    let rows = txn.open_table(ROWS)?;
    let points = data.ticks.min(1000);
    let end = (START + points as i64) * SECOND;
    let range = TimeRange::new(
        Timestamp::from_nanos(START * SECOND),
        Timestamp::from_nanos(end),
    )?;
    let keys = (0..SERIES).map(key).collect::<Result<Vec<_>, Failure>>()?;
    let usual = plan(Plan {
        windows: 40,
        rounds: 5,
        window: Duration::from_micros(200),
    });
    println!("  one series, {points} points:");
    let (mut a, mut b) = (0, 0);
    let ours = |at: &mut usize| {
        *at = (*at + 37) % SERIES;
        let samples = store.range(&keys[*at], range).unwrap_or_default();
        assert_eq!(samples.len(), points);
        black_box(samples);
    };
    let scanned = pair(
        usual,
        || ours(&mut a),
        || {
            b = (b + 37) % SERIES;
            let scan = rows.range((b as u32, START * SECOND)..(b as u32, end));
            let samples: Vec<(i64, f64)> = scan
                .into_iter()
                .flatten()
                .flatten()
                .map(|(k, v)| (k.value().1, v.value()))
                .collect();
            assert_eq!(samples.len(), points);
            black_box(samples);
        },
    );
    report_pair(CRATE, "scan_vs_redb", "redb", scanned);
    let scanned = pair(
        usual,
        || ours(&mut a),
        || {
            b = (b + 37) % SERIES;
            let samples: Vec<(i64, f64)> = fjall
                .range(row_key(b, 0)..row_key(b, points))
                .filter_map(|row| row.into_inner().ok())
                .filter_map(|(k, v)| {
                    Some((
                        i64::from_be_bytes(k.get(4..)?.try_into().ok()?),
                        f64::from_le_bytes(v.as_ref().try_into().ok()?),
                    ))
                })
                .collect();
            assert_eq!(samples.len(), points);
            black_box(samples);
        },
    );
    report_pair(CRATE, "scan_vs_fjall", "fjall", scanned);
    let mut c = 0;
    let windowed = pair(
        usual,
        || {
            c = (c + 37) % SERIES;
            black_box(
                store
                    .windows(&keys[c], range, Duration::from_secs(60))
                    .unwrap_or_default(),
            );
        },
        || {
            b = (b + 37) % SERIES;
            let mut windows: Vec<(i64, u64, f64, f64, f64)> = Vec::new();
            for row in rows
                .range((b as u32, START * SECOND)..(b as u32, end))
                .into_iter()
                .flatten()
                .flatten()
            {
                let (time, value) = (row.0.value().1.div_euclid(60 * SECOND), row.1.value());
                match windows.last_mut() {
                    Some(w) if w.0 == time => {
                        *w = (time, w.1 + 1, w.2.min(value), w.3.max(value), w.4 + value)
                    }
                    _ => windows.push((time, 1, value, value, value)),
                }
            }
            black_box(windows);
        },
    );
    report_pair(CRATE, "windows_60s_vs_redb", "redb", windowed);
    report_fact(
        CRATE,
        "windows_60s",
        points as f64 / windowed.ours_ns * 1e3,
        "million points per CPU second",
    );
    let day = single(usual, || {
        c = (c + 37) % SERIES;
        black_box(
            store
                .windows(&keys[c], TimeRange::ALL, Duration::from_secs(86_400 * 365))
                .unwrap_or_default(),
        );
    });
    report_fact(
        CRATE,
        "windows_wider_than_chunks",
        data.ticks as f64 / day * 1e3,
        "million points per CPU second",
    );
    Ok(())
}

/// Opening a store that was closed, and reading one series.
fn reopen(data: &Data) -> Result<(), Failure> {
    let (dir_a, dir_b, dir_c) = (
        tempfile::tempdir()?,
        tempfile::tempdir()?,
        tempfile::tempdir()?,
    );
    let store = fill(data, dir_a.path(), 0)?;
    store.compact()?;
    drop(store);
    drop(fill(data, dir_c.path(), 0)?);
    let first = key(0)?;
    let ours = |dir: &Path| -> Result<f64, Failure> {
        let start = process_cpu_time();
        let store = SegmentStore::open(
            dir,
            Options {
                retention_bytes: u64::MAX,
                ..Options::default()
            },
        )?;
        assert_eq!(store.range(&first, TimeRange::ALL)?.len(), data.ticks);
        let took = process_cpu_time() - start;
        drop(store);
        Ok(took.as_secs_f64() * 1e9)
    };
    let (mut sealed, mut log, mut fjall) = (Vec::new(), Vec::new(), Vec::new());
    // One after the other, not in turns: what the peer's threads still do after it was closed is not ours.
    for _ in 0..5 {
        sealed.push(ours(dir_a.path())?);
        log.push(ours(dir_c.path())?);
    }
    drop(fill_fjall(data, dir_b.path())?);
    for _ in 0..5 {
        let start = process_cpu_time();
        let db = fjall::Database::builder(dir_b.path()).open()?;
        let rows = db.keyspace("rows", KeyspaceCreateOptions::default)?;
        assert_eq!(
            rows.range(row_key(0, 0)..row_key(0, data.ticks)).count(),
            data.ticks
        );
        fjall.push((process_cpu_time() - start).as_secs_f64() * 1e9);
        drop((rows, db));
    }
    report(
        &mut sealed,
        &mut fjall.clone(),
        "reopen_sealed_vs_fjall",
        "fjall",
    );
    report(&mut log, &mut fjall, "reopen_from_log_vs_fjall", "fjall");
    Ok(())
}
