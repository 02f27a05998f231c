//! What is said when something happens.

use voidstate_core::{Evidence, FindingKind, Stage};

use crate::context::{Host, noise};

fn first_opened(host: &Host) -> &voidstate_core::Finding {
    host.kept
        .findings
        .iter()
        .find(|f| f.stage == Stage::Opened)
        .expect("nothing was found")
}

fn culprit(finding: &voidstate_core::Finding) -> Option<&str> {
    finding.evidence.iter().find_map(|e| match e {
        Evidence::Process { comm, .. } => Some(comm.as_str()),
        _ => None,
    })
}

#[test]
fn a_processor_burner_is_named_with_its_process_within_ten_seconds() {
    let mut host = Host::new();
    host.calm(120);
    assert!(host.kept.findings.is_empty(), "{:#?}", host.kept.findings);
    let start = host.second + 1;
    for _ in 0..10 {
        let n = noise(host.second);
        host.tick(
            [52.0 + n, 99.0, 1e9 + 1e5 * n, 2e4 + 1e3 * n],
            99.0,
            10 << 20,
            0.0,
        );
    }
    let finding = first_opened(&host);
    assert_eq!(finding.kind, FindingKind::Anomaly);
    assert!(finding.series[0].metric().as_str().starts_with("host.cpu"));
    assert_eq!(culprit(finding), Some("burn\u{1b}"));
    assert!(
        finding.sentence.contains("unusually high")
            && finding.sentence.contains("`burn?` (pid 4242)")
    );
    assert!(
        finding.refutation.contains("`burn?` (pid 4242)"),
        "{}",
        finding.refutation
    );
    assert!((finding.start.as_secs_f64() - start as f64).abs() <= 3.0);
    // Both series of the family are one incident.
    assert_eq!(
        host.kept
            .findings
            .iter()
            .filter(|f| f.stage == Stage::Opened)
            .count(),
        1
    );
    assert_eq!(host.kept.findings.last().unwrap().series.len(), 2);
}

#[test]
fn an_allocation_is_named_with_its_process() {
    let mut host = Host::new();
    host.calm(120);
    for _ in 0..10 {
        let n = noise(host.second);
        host.tick(
            [5.0 + n, 5.0 + 1.5 * n, 1.5e9 + 1e5 * n, 2e4 + 1e3 * n],
            2.0,
            510 << 20,
            0.0,
        );
    }
    let finding = first_opened(&host);
    assert_eq!(
        finding.series[0].metric().as_str(),
        "host.memory.used_bytes"
    );
    assert_eq!(culprit(finding), Some("burn\u{1b}"));
    assert!(
        finding.sentence.contains("510 MiB resident memory"),
        "{}",
        finding.sentence
    );
}

#[test]
fn a_disk_writer_is_named_with_device_and_process() {
    let mut host = Host::new();
    host.calm(120);
    for _ in 0..10 {
        let n = noise(host.second);
        host.tick(
            [5.0 + n, 5.0 + 1.5 * n, 1e9 + 1e5 * n, 3e8 + 1e6 * n],
            3.0,
            10 << 20,
            3e8,
        );
    }
    let finding = first_opened(&host);
    assert_eq!(finding.series[0].metric().as_str(), "host.disk.write_bytes");
    assert_eq!(culprit(finding), Some("burn\u{1b}"));
    assert!(
        finding
            .evidence
            .iter()
            .any(|e| matches!(e, Evidence::Device { name, .. } if name == "vda"))
    );
}

#[test]
fn what_passes_closes_as_an_anomaly_and_what_stays_as_drift() {
    let mut host = Host::new();
    host.calm(200);
    for _ in 0..6 {
        let n = noise(host.second);
        host.tick(
            [97.0 + n, 98.0 + n, 1e9 + 1e5 * n, 2e4 + 1e3 * n],
            99.0,
            10 << 20,
            0.0,
        );
    }
    host.calm(120);
    let closed = host
        .kept
        .findings
        .iter()
        .find(|f| f.stage == Stage::Closed)
        .expect("it closes");
    assert_eq!(
        closed.kind,
        FindingKind::Anomaly,
        "{:#?}",
        host.kept.findings
    );
    assert!(
        closed.end.is_some() && closed.sentence.contains("back to usual"),
        "{}",
        closed.sentence
    );

    let mut host = Host::new();
    host.calm(200);
    for _ in 0..600 {
        let n = noise(host.second);
        host.tick(
            [60.0 + n, 61.0 + n, 1e9 + 1e5 * n, 2e4 + 1e3 * n],
            55.0,
            10 << 20,
            0.0,
        );
    }
    let closed = host
        .kept
        .findings
        .iter()
        .find(|f| f.stage == Stage::Closed)
        .expect("it settles");
    assert_eq!(closed.kind, FindingKind::Drift, "{}", closed.sentence);
    assert!(
        closed.sentence.contains("settled at a new level"),
        "{}",
        closed.sentence
    );
}

#[test]
fn metrics_tell_how_much_is_learned() {
    let mut host = Host::new();
    host.calm(5);
    host.tool.tick(&mut host.kept).unwrap();
    let learned = |host: &Host| {
        host.kept
            .metrics
            .iter()
            .rev()
            .find(|m| m.0 == "learning_percent")
            .unwrap()
            .1
    };
    assert!((1.0..100.0).contains(&learned(&host)));
    host.calm(60);
    host.tool.tick(&mut host.kept).unwrap();
    assert!((learned(&host) - 100.0).abs() < 1e-9);
    assert!(
        (host
            .kept
            .metrics
            .iter()
            .rev()
            .find(|m| m.0 == "series")
            .unwrap()
            .1
            - 4.0)
            .abs()
            < 1e-9
    );
}

#[test]
fn a_departure_too_small_to_care_about_is_not_told() {
    let mut host = Host::new();
    for _ in 0..120 {
        let n = 0.01 * noise(host.second);
        host.tick([0.1 + n, 0.1 + n, 1e9, 2e4], 1.0, 10 << 20, 0.0);
    }
    for _ in 0..20 {
        let n = 0.01 * noise(host.second);
        host.tick([1.1 + n, 1.1 + n, 1e9, 2e4], 1.0, 10 << 20, 0.0);
    }
    assert!(host.kept.findings.is_empty(), "{:#?}", host.kept.findings);
    for _ in 0..10 {
        host.tick([60.0, 60.0, 1e9, 2e4], 55.0, 10 << 20, 0.0);
    }
    assert!(!host.kept.findings.is_empty());
}

#[test]
fn what_grows_much_while_it_goes_on_is_told_again() {
    let mut host = Host::new();
    host.calm(120);
    for (seconds, used, rss) in [(8, 1.2e9, 210_i64 << 20), (4, 2.0e9, 1010 << 20)] {
        for _ in 0..seconds {
            let n = noise(host.second);
            host.tick(
                [5.0 + n, 5.0 + 1.5 * n, used + 1e5 * n, 2e4 + 1e3 * n],
                2.0,
                rss,
                0.0,
            );
        }
    }
    let grew = |e: &Evidence| matches!(e, Evidence::Fact { name, .. } if name == "grew");
    let told = host
        .kept
        .findings
        .iter()
        .find(|f| f.stage == Stage::Updated && f.evidence.iter().any(grew));
    let told = &told.expect("it is told again").sentence;
    assert!(told.contains("0.99 GiB resident memory"), "{told}");
}
