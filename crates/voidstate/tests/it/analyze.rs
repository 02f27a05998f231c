//! `voidstate analyze` on files made here.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use crate::program::{output, voidstate};

/// A deterministic number in [-1, 1) that looks random.
fn noise(n: u64) -> f64 {
    let mut x = n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 32;
    (x >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// Rows a minute apart; between `from` and `to` the latency is far off.
pub(crate) fn csv(rows: u64, from: u64, to: u64) -> String {
    let mut text = "time,latency_ms,load\n".to_owned();
    for n in 0..rows {
        let off = if (from..to).contains(&n) { 400.0 } else { 0.0 };
        let (latency, load) = (
            50.0 + 5.0 * noise(n) + off,
            1.0 + 0.1 * noise(n + 1_000_000),
        );
        let time = 1_700_000_000 + n * 60;
        writeln!(text, "{time},{latency},{load}").unwrap();
    }
    text
}

#[test]
fn an_episode_is_told_with_its_time_and_fails_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("service.csv");
    std::fs::write(&path, csv(3000, 2000, 2008)).unwrap();
    let path = path.to_str().unwrap();
    let (code, stdout, stderr) = output(&mut voidstate(&["analyze", path]));
    assert_eq!(code, 0, "{stderr}");
    // 1,700,000,000 s + 2000 min.
    assert!(stdout.contains("2023-11-16 07:33:20"), "{stdout}");
    assert!(
        stdout.contains("`latency_ms`") && stdout.contains("1 anomaly episode"),
        "{stdout}"
    );
    assert!(!stdout.contains("`load`"), "{stdout}");
    assert_eq!(
        output(&mut voidstate(&["analyze", "--fail-on", "anomaly", path])).0,
        1
    );

    let quiet = dir.path().join("quiet.csv");
    std::fs::write(&quiet, csv(3000, 0, 0)).unwrap();
    let quiet = quiet.to_str().unwrap();
    assert_eq!(
        output(&mut voidstate(&["analyze", "--fail-on", "drift", quiet])).0,
        0
    );
    // One unusable file does not hide the other, and is what the exit code tells.
    let (code, stdout, _) = output(&mut voidstate(&["analyze", "/does/not/exist", path]));
    assert_eq!(code, 3);
    assert!(stdout.contains("1 anomaly episode"));
}

#[test]
fn results_are_the_same_every_time_and_valid_json() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("service.csv");
    std::fs::write(&path, csv(2500, 2000, 2010)).unwrap();
    let path = path.to_str().unwrap();
    let run = || output(&mut voidstate(&["analyze", "--json", path])).1;
    let findings = |text: &str| -> Vec<serde_json::Value> {
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line.get("finding").is_some()).collect()
    };
    let (first, second) = (findings(&run()), findings(&run()));
    assert!(!first.is_empty());
    assert_eq!(first, second);
    let finding: voidstate_core::Finding =
        serde_json::from_value(first[0]["finding"]["finding"].clone()).unwrap();
    assert_eq!(finding.tool.as_str(), "anomaly");
}

#[test]
fn scores_have_a_line_per_row_with_the_timestamp_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("two.csv");
    let mut text = "when,a,b\n".to_owned();
    for n in 0..100_u32 {
        let b = if n == 50 {
            String::new()
        } else {
            n.to_string()
        };
        writeln!(
            text,
            "2024-01-01 00:{:02}:{:02},{},{b}",
            n / 60,
            n % 60,
            n % 7
        )
        .unwrap();
    }
    std::fs::write(&path, &text).unwrap();
    let out = dir.path().join("scores");
    let args = [
        "analyze",
        path.to_str().unwrap(),
        "--scores-out",
        out.to_str().unwrap(),
    ];
    let (code, _, stderr) = output(&mut voidstate(&args));
    assert_eq!(code, 0, "{stderr}");
    for column in ["a", "b"] {
        let scores = std::fs::read_to_string(out.join(format!("two.{column}.csv"))).unwrap();
        let mut lines = scores.lines();
        assert_eq!(lines.next(), Some("timestamp,value,anomaly_score"));
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), 100);
        for (row, line) in rows.iter().zip(text.lines().skip(1)) {
            assert_eq!(row[0], line.split(',').next().unwrap());
            let score: f64 = row[2].parse().unwrap();
            assert!((0.0..=1.0).contains(&score));
        }
    }
}

#[test]
fn standard_input_and_bad_rows() {
    let text = csv(500, 0, 0) + "not,a,row\n1700030000,oops,1\n";
    let mut child = voidstate(&["analyze", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let done = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(done.stdout).unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(
        stdout.contains("could not be used") && stdout.contains("502"),
        "{stdout}"
    );
}

#[test]
fn scores_never_replace_the_input_or_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.csv");
    let mut text = "time,latency_ms\n".to_owned();
    for n in 0..50_u64 {
        writeln!(text, "{},{}", 1_700_000_000 + n, noise(n)).unwrap();
    }
    std::fs::write(&path, &text).unwrap();
    let here = dir.path().to_str().unwrap();
    let args = ["analyze", path.to_str().unwrap(), "--scores-out", here];
    let (code, _, stderr) = output(&mut voidstate(&args));
    assert_eq!(
        (code, std::fs::read_to_string(&path).unwrap()),
        (2, text.clone()),
        "{stderr}"
    );
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let twin = other.join("x.csv");
    std::fs::write(&twin, &text).unwrap();
    let out = dir.path().join("out");
    let args = [
        path.to_str().unwrap(),
        twin.to_str().unwrap(),
        "--scores-out",
        out.to_str().unwrap(),
    ];
    assert_eq!(output(voidstate(&["analyze"]).args(args)).0, 2);
    assert!(!out.exists());
}

#[test]
fn a_pipe_with_a_name_is_read_whole() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("rows");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || std::fs::write(pipe, csv(20_000, 0, 0)))
    };
    let (code, stdout, stderr) = output(&mut voidstate(&["analyze", pipe.to_str().unwrap()]));
    writer.join().unwrap().unwrap();
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("40000 samples in 2 series"), "{stdout}");
}

#[test]
fn a_file_that_breaks_off_is_told_and_exits_with_3() {
    let dir = tempfile::tempdir().unwrap();
    let plain = dir.path().join("x.csv");
    std::fs::write(&plain, csv(20_000, 0, 0)).unwrap();
    assert!(
        std::process::Command::new("gzip")
            .arg(&plain)
            .status()
            .unwrap()
            .success()
    );
    let packed = dir.path().join("x.csv.gz");
    let bytes = std::fs::read(&packed).unwrap();
    std::fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
    let (code, stdout, stderr) = output(&mut voidstate(&["analyze", packed.to_str().unwrap()]));
    assert_eq!(code, 3, "{stdout}");
    assert!(stderr.contains("could not be read to its end"), "{stderr}");
    assert!(stdout.contains("samples in 2 series"), "{stdout}");
}
