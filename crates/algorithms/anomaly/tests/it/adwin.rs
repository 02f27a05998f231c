use voidstate_anomaly::{Adwin, AdwinConfig, Error};

use crate::drift_streams::stream;
use crate::worlds::Rng;

/// The alarms of river 0.26.1, made by `tests/golden/river_adwin.py`.
#[test]
fn adwin_alarms_equal_rivers_on_every_stream_and_seed() {
    let mut lines = 0;
    for line in include_str!("../golden/river_adwin.txt").lines() {
        let mut words = line.split_whitespace();
        let (name, seed) = (words.next().unwrap(), words.next().unwrap().parse().unwrap());
        let expected: Vec<usize> = words.map(|w| w.parse().unwrap()).collect();
        let mut adwin = Adwin::new(AdwinConfig::default()).unwrap();
        let values = stream(name, seed).unwrap();
        let alarms: Vec<usize> =
            values.iter().enumerate().filter(|(_, v)| adwin.update(**v).unwrap()).map(|(t, _)| t).collect();
        assert_eq!(alarms, expected, "{name} {seed}");
        assert_eq!(adwin.alarms() as usize, expected.len());
        lines += 1;
    }
    assert_eq!(lines, 140);
}

#[test]
fn adwin_statistics_survive_a_large_offset() {
    let mut rng = Rng(7);
    let noise: Vec<f64> = (0..20_000).map(|_| rng.normal()).collect();
    let mean = noise.iter().sum::<f64>() / noise.len() as f64;
    let variance = noise.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / noise.len() as f64;
    let mut adwin = Adwin::with_delta(0.002).unwrap();
    let alarms = noise.iter().filter(|x| adwin.update(1e9 + **x).unwrap()).count();
    assert_eq!(alarms, 0);
    assert_eq!(adwin.width(), 20_000);
    assert!((adwin.mean() - 1e9 - mean).abs() < 1e-5, "{}", adwin.mean() - 1e9);
    // Against the two-pass variance: merged buckets keep what lies between them.
    assert!((adwin.variance() / variance - 1.0).abs() < 1e-6, "{} {variance}", adwin.variance());
    let seen = (0..2000).position(|_| adwin.update(1e9 + 1.0 + rng.normal()).unwrap());
    assert!(seen.is_some_and(|t| t < 200), "{seen:?}");
}

#[test]
fn adwin_window_memory_is_logarithmic() {
    let mut adwin = Adwin::with_delta(0.002).unwrap();
    for _ in 0..300_000 {
        adwin.update(0.5).unwrap();
    }
    assert_eq!(adwin.width(), 300_000);
    assert!(adwin.state_bytes() <= 4096, "{}", adwin.state_bytes());
}

#[test]
fn adwin_refuses_what_would_poison_it() {
    let mut adwin = Adwin::with_delta(0.002).unwrap();
    (0..100).for_each(|i| assert!(!adwin.update(f64::from(i % 3)).unwrap()));
    let before = adwin.clone();
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e101] {
        assert!(matches!(adwin.update(bad), Err(Error::Value { .. })));
    }
    assert_eq!(adwin, before);
    for delta in [0.0, 1.0, -1.0, f64::NAN] {
        assert!(Adwin::with_delta(delta).is_err());
    }
    assert!(Adwin::new(AdwinConfig { clock: 0, ..AdwinConfig::default() }).is_err());
    assert!(Adwin::new(AdwinConfig { min_window: 0, ..AdwinConfig::default() }).is_err());
    // The largest values accepted do not overflow the statistics into a NaN.
    let mut adwin = Adwin::with_delta(0.5).unwrap();
    for i in 0..1000 {
        adwin.update(if i % 2 == 0 { 1e100 } else { -1e100 }).unwrap();
    }
    assert!(adwin.mean().is_finite() && adwin.variance().is_finite());
}
