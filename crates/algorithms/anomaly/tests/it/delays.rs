//! Silence is not the solution: planted faults are found, and soon.

use voidstate_anomaly::{Detector, EpisodeEvent, Kind, Panel, PanelConfig};

use crate::worlds::{Fault, Stream, World};

const SECOND_NS: i64 = 1_000_000_000;
const RUNS: u64 = 20;

/// Delays of the runs in which an episode opened after the onset, sorted.
fn delays(world: World, fault: Fault, after: i64) -> Vec<i64> {
    let mut found = Vec::new();
    for seed in 0..RUNS {
        let mut panel = Panel::new(PanelConfig { series_min: 150, ..PanelConfig::default() }).unwrap();
        let mut stream = Stream::new(world, 1000 + seed);
        for second in 0..after + 60 {
            let clean = stream.next();
            let age = second - after;
            let value = if age >= 0 { fault.apply(clean, age.unsigned_abs()) } else { clean };
            let outcome = panel.observe(0, second * SECOND_NS, value).unwrap();
            if age >= 0 && matches!(outcome.event, Some(EpisodeEvent::Opened(_))) {
                found.push(age);
                break;
            }
        }
    }
    found.sort_unstable();
    found
}

/// At least 17 of 20 runs find the fault within `limit` seconds.
fn found_within(world: World, fault: Fault, after: i64, limit: i64) {
    let delays = delays(world, fault, after);
    let soon = delays.iter().filter(|d| **d <= limit).count();
    assert!(soon >= 17, "{world:?} {fault:?} after {after} s: {delays:?}");
}

#[test]
fn delay_of_a_cpu_burner() {
    found_within(World::IdleCpu, Fault::Step(1.0), 40, 10);
    found_within(World::IdleCpu, Fault::Step(0.5), 300, 10);
    found_within(World::IdleCpu, Fault::Step(1.0), 3000, 8);
}

#[test]
fn delay_of_a_500_mb_allocation() {
    found_within(World::Memory, Fault::Step(5e8), 300, 10);
    found_within(World::Memory, Fault::Ramp(5e7), 3000, 10);
}

#[test]
fn delay_of_a_disk_writer() {
    // A disk that so far only saw a few pages now and then.
    let mut panel = Panel::new(PanelConfig { series_min: 150, ..PanelConfig::default() }).unwrap();
    let mut stream = Stream::new(World::Counts, 3);
    let mut opened = None;
    for second in 0..160 {
        let value = if second < 100 { 4096.0 * stream.next() } else { 3e8 + 1e7 * stream.rng.normal() };
        let outcome = panel.observe(0, second * SECOND_NS, value).unwrap();
        if matches!(outcome.event, Some(EpisodeEvent::Opened(_))) {
            opened = opened.or(Some(second - 100));
        }
    }
    assert!(opened.is_some_and(|d| (0..=10).contains(&d)), "{opened:?}");
}

#[test]
fn delay_of_a_step_a_ramp_a_burst_and_a_spread() {
    found_within(World::Gaussian, Fault::Step(25.0), 3000, 10);
    found_within(World::Gaussian, Fault::Ramp(5.0), 3000, 12);
    found_within(World::Gaussian, Fault::Burst(40.0), 3000, 8);
    found_within(World::Gaussian, Fault::Spread(50.0, 6.0), 3000, 20);
}

#[test]
fn a_step_that_stays_is_a_drift_and_is_learned() {
    let mut detector = Detector::default();
    let mut stream = Stream::new(World::Gaussian, 5);
    let mut kinds = Vec::new();
    for t in 0..4000 {
        let value = stream.next() + if t >= 1000 { 60.0 } else { 0.0 };
        let verdict = detector.observe(t * SECOND_NS, value);
        kinds.push(verdict.kind);
        if t == 3999 {
            assert!((verdict.expected - 110.0).abs() < 5.0, "{verdict:?}");
        }
    }
    let drifts: Vec<usize> = (0..kinds.len()).filter(|i| kinds[*i] == Kind::Drift).collect();
    assert!(drifts.first().is_some_and(|t| (1000..1100).contains(t)), "{drifts:?}");
    assert!(kinds[1200..].iter().all(|k| *k == Kind::Normal || *k == Kind::Drift), "{drifts:?}");
    assert!(drifts.len() <= 3, "{drifts:?}");
}

#[test]
fn a_burst_that_passes_is_an_anomaly() {
    let mut detector = Detector::default();
    let mut stream = Stream::new(World::Gaussian, 6);
    let (mut anomalies, mut drifts) = (0, 0);
    for t in 0..3000 {
        let value = stream.next() + if (1000..1012).contains(&t) { 100.0 } else { 0.0 };
        match detector.observe(t * SECOND_NS, value).kind {
            Kind::Anomaly => anomalies += 1,
            Kind::Drift => drifts += 1,
            _ => {}
        }
    }
    assert!(anomalies >= 5 && drifts == 0, "{anomalies} {drifts}");
}

#[test]
fn a_slow_ramp_is_a_drift() {
    let mut detector = Detector::default();
    let mut stream = Stream::new(World::Gaussian, 8);
    let mut first = None;
    for t in 0..12_000_i64 {
        let value = stream.next() + if t >= 4000 { (t - 4000) as f64 * 0.005 } else { 0.0 };
        if detector.observe(t * SECOND_NS, value).kind == Kind::Drift {
            first = first.or(Some(t));
        }
    }
    assert!(first.is_some_and(|t| t > 4000), "{first:?}");
}

#[test]
fn a_period_is_found_and_used() {
    let mut detector = Detector::default();
    let mut stream = Stream::new(World::Seasonal, 2);
    for t in 0..3000 {
        detector.observe(t * SECOND_NS, stream.next());
    }
    assert_eq!(detector.period(), Some(60));
}
