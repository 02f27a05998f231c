//! This very machine.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use voidstate_core::{Source as _, Timestamp};
use voidstate_host::{HostConfig, HostSource, doctor};

use crate::support::Recorder;

#[test]
fn two_polls_of_this_machine() {
    let config = HostConfig {
        interval: Duration::from_millis(300),
        top: 100,
        ..HostConfig::default()
    };
    let mut source = HostSource::new(config.clone()).unwrap();
    let mut seen = Recorder::default();
    let start = Instant::now();
    let now = |start: Instant| Timestamp::from_secs(1_700_000_000).saturating_add(start.elapsed());
    source.poll(now(start), &mut seen).unwrap();
    assert!(seen.samples.keys().all(|key| !key.contains("per_second")));
    let deadline = Instant::now() + Duration::from_millis(350);
    let mut work = 0_u64;
    while Instant::now() < deadline {
        work = std::hint::black_box(work.wrapping_mul(31).wrapping_add(7));
    }
    seen.samples.clear();
    seen.states.clear();
    source.poll(now(start), &mut seen).unwrap();

    assert!(seen.samples.len() >= 100, "{} series", seen.samples.len());
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (key, value) in &seen.samples {
        assert!(value.is_finite() && *value >= 0.0, "{key} is {value}");
        if let Some((_, core)) = key.split_once("core_percent{core=\"") {
            let core = core.split('"').next().unwrap().to_owned();
            *sums.entry(core).or_default() += value;
        }
    }
    assert!(!sums.is_empty(), "no core was seen");
    assert!(
        sums.values().all(|sum| (sum - 100.0).abs() < 1e-6),
        "{sums:?}"
    );
    for info in &seen.series {
        assert!(
            info.key.metric().as_str().starts_with("host."),
            "{}",
            info.key
        );
        let metric = info.key.metric().as_str();
        let hook = if metric == "host.tick.late_seconds" {
            "host.kernel"
        } else {
            metric.rsplit_once('.').unwrap().0
        };
        assert_eq!(info.hook.as_str(), hook, "{}", info.key);
    }

    let pid = i64::from(std::process::id());
    let burned = seen.variable(pid, "cpu_percent");
    assert!(
        burned.is_some_and(|percent| percent > 0.0),
        "this test burned: {burned:?}"
    );
    let parts = doctor(&config);
    assert!(parts.iter().any(|part| part.readable));
    for (part, reason) in &seen.degraded {
        assert!(
            parts.iter().any(|p| !p.readable || p.reason.is_some()),
            "{part} degraded ({reason}) and the doctor saw nothing"
        );
    }
}
