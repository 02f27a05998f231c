//! Fault-free series must be left in peace. `VOIDSTATE_SOAK_SCALE` multiplies the simulated time.

use voidstate_anomaly::{EpisodeEvent, Panel, PanelConfig};

use crate::worlds::{Stream, World};

const SERIES: usize = 150;
const SECOND_NS: i64 = 1_000_000_000;
/// A panel that starts has seen nothing yet: what it opens in this time is counted apart.
const START_UP_S: i64 = 600;

fn scale() -> i64 {
    std::env::var("VOIDSTATE_SOAK_SCALE").ok().and_then(|v| v.parse().ok()).unwrap_or(1).max(1)
}

/// Episodes in the first ten minutes and after them.
fn count(world: World, seconds: i64) -> (i64, i64) {
    let mut panel = Panel::new(PanelConfig { series_min: SERIES, ..PanelConfig::default() }).unwrap();
    let mut streams: Vec<Stream> = (0..SERIES).map(|i| Stream::new(world, 1 + i as u64)).collect();
    let (mut early, mut late) = (0, 0);
    for second in 0..seconds {
        for (series, stream) in streams.iter_mut().enumerate() {
            let outcome = panel.observe(series, second * SECOND_NS, stream.next()).unwrap();
            if matches!(outcome.event, Some(EpisodeEvent::Opened(_))) {
                if second < START_UP_S { early += 1 } else { late += 1 }
            }
        }
    }
    (early, late)
}

/// Half an hour of 150 series per family and unit of scale: at most one episode an hour, start-up included.
fn quiet(world: World) {
    let seconds = 1800 * scale();
    let (early, late) = count(world, seconds);
    let allowed = (seconds / 3600).max(1);
    assert!(early + late <= allowed, "{world:?}: {early} + {late} episodes in {seconds} s, {allowed} allowed");
}

#[test]
fn false_episodes_gaussian() {
    quiet(World::Gaussian);
}

#[test]
fn false_episodes_laplace() {
    quiet(World::Laplace);
}

#[test]
fn false_episodes_student() {
    quiet(World::Student);
}

#[test]
fn false_episodes_autoregressive() {
    quiet(World::Ar1);
}

#[test]
fn false_episodes_zero_inflated_counts() {
    quiet(World::Counts);
}

#[test]
fn false_episodes_seasonal() {
    quiet(World::Seasonal);
}

#[test]
fn false_episodes_memory_walk() {
    quiet(World::Memory);
}

#[test]
fn false_episodes_toggling_gauge() {
    quiet(World::Toggle);
}

#[test]
fn false_episodes_idle_cpu() {
    quiet(World::IdleCpu);
}
