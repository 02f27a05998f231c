//! Peer: csv (StringRecord and the standard number parser), serde_json.
//!
//! The file source beside the `csv` crate: CSV of a timestamp and four numbers, and the same compressed or as JSON lines.

use std::hint::black_box;
use std::io::Cursor;
use std::time::Duration;

use voidstate_benches::{Plan, pair, plan, report_fact, report_pair, single};
use voidstate_file::{Options, Reader};

const ROWS: usize = 200_000;
const SLOW: Plan = Plan {
    windows: 3,
    rounds: 5,
    window: Duration::from_millis(1),
};

fn row(i: usize) -> (String, [f64; 4]) {
    let time = format!(
        "2014-04-{:02} {:02}:{:02}:{:02}",
        1 + i / 86_400,
        i / 3600 % 24,
        i / 60 % 60,
        i % 60
    );
    let x = i as f64;
    (
        time,
        [
            x.sin() * 100.0,
            (x * 0.37).cos(),
            i as f64 * 0.25,
            (i * 7919 % 1000) as f64,
        ],
    )
}

fn csv_text() -> Vec<u8> {
    let mut text = String::from("timestamp,a,b,c,d\n");
    for i in 0..ROWS {
        let (time, [a, b, c, d]) = row(i);
        text.push_str(&format!("{time},{a:.6},{b:.9},{c},{d}\n"));
    }
    text.into_bytes()
}

fn json_text() -> Vec<u8> {
    let mut text = String::new();
    for i in 0..ROWS {
        let (time, [a, b, c, d]) = row(i);
        text.push_str(&format!(
            "{{\"timestamp\":\"{time}\",\"a\":{a:.6},\"b\":{b:.9},\"c\":{c},\"d\":{d}}}\n"
        ));
    }
    text.into_bytes()
}

/// Opens (finding the layout), reads every row with its time, and sums.
fn ours(bytes: &[u8]) -> f64 {
    let stream = Cursor::new(bytes.to_vec());
    let mut reader =
        Reader::from_stream(stream, "bench", &Options::default()).expect("a usable file");
    let mut sum = 0.0;
    while let Some(row) = reader.next_row().expect("an undamaged file") {
        for value in row.values {
            sum += value;
        }
    }
    assert_eq!(reader.stats().rows, ROWS as u64);
    sum
}

/// What one writes by hand: `StringRecord`s and `parse::<f64>`, the time left as text.
fn csv_crate(bytes: &[u8]) -> f64 {
    let mut reader = csv::Reader::from_reader(Cursor::new(bytes.to_vec()));
    let mut record = csv::StringRecord::new();
    let mut sum = 0.0;
    while reader.read_record(&mut record).expect("well-formed rows") {
        for field in record.iter().skip(1) {
            sum += field.parse::<f64>().expect("a number");
        }
    }
    sum
}

/// What one writes by hand: a `serde_json::Value` per line, the time left as text.
fn json_value(bytes: &[u8]) -> f64 {
    let mut sum = 0.0;
    for line in bytes.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
        let value: serde_json::Value = serde_json::from_slice(line).expect("an object");
        for name in ["a", "b", "c", "d"] {
            sum += value
                .get(name)
                .and_then(serde_json::Value::as_f64)
                .expect("a number");
        }
    }
    sum
}

fn main() {
    let plan = plan(SLOW);
    let csv = csv_text();
    // The same numbers in the same order: the sums are the same bits.
    assert_eq!(ours(&csv).to_bits(), csv_crate(&csv).to_bits());
    let rows = pair(
        plan,
        || {
            black_box(ours(black_box(&csv)));
        },
        || {
            black_box(csv_crate(black_box(&csv)));
        },
    );
    report_pair("file", "csv_rows", "csv StringRecord + parse", rows);
    report_fact(
        "file",
        "csv_rows",
        csv.len() as f64 / rows.ours_ns * 1e3,
        "MB per CPU second",
    );
    report_fact(
        "file",
        "csv_rows_peer",
        csv.len() as f64 / rows.peer_ns * 1e3,
        "MB per CPU second",
    );

    // The cost of finding the layout, paid once per file.
    let open_ns = single(plan, || {
        let stream = Cursor::new(csv.clone());
        black_box(
            Reader::from_stream(stream, "bench", &Options::default()).expect("a usable file"),
        );
    });
    report_fact("file", "open", open_ns / 1e6, "ms");

    let json = json_text();
    assert!((ours(&json) / json_value(&json) - 1.0).abs() < 1e-12);
    let rows = pair(
        plan,
        || {
            black_box(ours(black_box(&json)));
        },
        || {
            black_box(json_value(black_box(&json)));
        },
    );
    report_pair("file", "json_rows", "serde_json::Value", rows);
    report_fact(
        "file",
        "json_rows",
        json.len() as f64 / rows.ours_ns * 1e3,
        "MB per CPU second",
    );

    let gzip = {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&csv).expect("memory");
        encoder.finish().expect("memory")
    };
    let zstd = ruzstd::encoding::compress_to_vec(
        csv.as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    for (name, bytes) in [("gzip_rows", gzip), ("zstd_rows", zstd)] {
        let ns = single(plan, || {
            black_box(ours(black_box(&bytes)));
        });
        report_fact(
            "file",
            name,
            csv.len() as f64 / ns * 1e3,
            "MB of text per CPU second",
        );
    }
}
