//! Findings: the latest stage of every episode.

use voidstate_core::{
    AttributeValue, Confidence, Evidence, Finding, FindingKind, Severity, Stage, StoreReader,
    StoreWriter, TimeRange, Timestamp, ToolId, Unit,
};
use voidstate_timeseries::{Options, SegmentStore};

use crate::help::{between, key, open, small};

pub(crate) fn finding(
    tool: &str,
    episode: u64,
    start: i64,
    end: Option<i64>,
    sentence: &str,
) -> Finding {
    Finding {
        tool: ToolId::new(tool).unwrap(),
        episode,
        kind: FindingKind::Anomaly,
        severity: Severity::Warning,
        stage: if end.is_some() {
            Stage::Closed
        } else {
            Stage::Opened
        },
        start: Timestamp::from_nanos(start),
        end: end.map(Timestamp::from_nanos),
        series: vec![key(1)],
        sentence: sentence.to_owned(),
        evidence: vec![
            Evidence::Value {
                series: key(1),
                time: Timestamp::from_nanos(start),
                value: f64::INFINITY,
                unit: Unit::Percent,
            },
            Evidence::Fact {
                name: "n".to_owned(),
                value: AttributeValue::from(3.5),
            },
        ],
        confidence: Confidence::new(0.5).unwrap(),
        refutation: "nothing".to_owned(),
    }
}

#[test]
fn the_latest_stage_of_an_episode_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let said = [
        finding("b", 1, 100, None, "opens"),
        finding("a", 1, 50, Some(60), "other tool"),
        finding("b", 2, 10, None, "goes on"),
        finding("b", 1, 100, Some(200), "closes"),
    ];
    for finding in &said {
        store.append_finding(finding).unwrap();
    }
    let expected = [said[2].clone(), said[1].clone(), said[3].clone()];
    assert_eq!(store.findings(TimeRange::ALL).unwrap(), expected);
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.findings(TimeRange::ALL).unwrap(), expected);
    assert_eq!(store.findings(between(55, 56)).unwrap(), expected[..2]);
    assert_eq!(
        store.findings(between(200, 201)).unwrap(),
        [expected[0].clone(), expected[2].clone()]
    );
    assert_eq!(store.findings(between(201, 999)).unwrap(), expected[..1]);
    assert!(store.findings(between(0, 10)).unwrap().is_empty());
    assert!(store.findings(between(150, 150)).unwrap().is_empty());
}

#[test]
fn old_logs_of_findings_go_and_open_episodes_do_not_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        retention_age: std::time::Duration::from_secs(10),
        ..small()
    };
    let store = SegmentStore::open(dir.path(), options.clone()).unwrap();
    let long = "x".repeat(100_000);
    for episode in 0..40 {
        let at = episode * 1_000_000_000;
        store
            .append_finding(&finding("a", episode as u64, at, None, &long))
            .unwrap();
        store
            .append_finding(&finding("a", episode as u64, at, Some(at + 1), &long))
            .unwrap();
    }
    let before = store.status().bytes;
    store.retain(Timestamp::from_secs(40));
    let left = store.findings(TimeRange::ALL).unwrap();
    assert!(
        store.status().bytes < before && left.len() < 40,
        "{}",
        left.len()
    );
    assert!(
        left.len() >= 10,
        "what is younger than the age stays: {}",
        left.len()
    );
    drop(store);
    let store = SegmentStore::open(dir.path(), options).unwrap();
    let after = store.findings(TimeRange::ALL).unwrap();
    assert_eq!(after, left);
    assert!(after.iter().all(|f| f.end.is_some()));
}
