//! Fault-free series must be left in peace. `VOIDSTATE_SOAK_SCALE` multiplies the simulated time.
//! A soak draws other series (`VOIDSTATE_SOAK_SEED`) and bounds the total over its rounds.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::UNIX_EPOCH;

use voidstate_anomaly::{EpisodeEvent, Panel, PanelConfig};

use crate::soak;
use crate::worlds::{Stream, World};

const SERIES: usize = 150;
const SECOND_NS: i64 = 1_000_000_000;
/// A panel that starts has seen nothing yet: what it opens in this time is counted apart.
const START_UP_S: i64 = 600;

/// Episodes in the first ten minutes and after them.
fn count(world: World, seconds: i64) -> (i64, i64) {
    let mut panel = Panel::new(PanelConfig {
        series_min: SERIES,
        ..PanelConfig::default()
    })
    .unwrap();
    let mut streams: Vec<Stream> = (0..SERIES)
        .map(|i| Stream::new(world, soak::seed(0).wrapping_add(1 + i as u64)))
        .collect();
    let (mut early, mut late) = (0, 0);
    for second in 0..seconds {
        for (series, stream) in streams.iter_mut().enumerate() {
            let outcome = panel
                .observe(series, second * SECOND_NS, stream.draw())
                .unwrap();
            if matches!(outcome.event, Some(EpisodeEvent::Opened(_))) {
                if second < START_UP_S {
                    early += 1
                } else {
                    late += 1
                }
            }
        }
    }
    (early, late)
}

/// Half an hour of 150 series per family and unit of scale: at most one episode an hour, start-up included.
fn quiet(world: World) {
    let seconds = i64::from(soak::cases(1800));
    let (early, late) = count(world, seconds);
    if soak::seed(0) != 0 {
        return within_the_rate(&format!("{world:?}"), early + late, seconds, 1.0);
    }
    let allowed = (seconds / 3600).max(1);
    assert!(
        early + late <= allowed,
        "{world:?}: {early} + {late} episodes in {seconds} s, {allowed} allowed"
    );
}

/// What a soak bounds: all its rounds together, for one round is too short to tell a rate of one an hour from chance.
///
/// The rounds of one build are kept in a ledger. At a true rate of `per_hour` a single look at the total fails with a
/// probability near 1/1000 (three standard deviations of a Poisson count); the allowance shrinks as rounds add up.
#[expect(
    clippy::disallowed_methods,
    reason = "the ledger of a soak outlives its process"
)]
fn within_the_rate(what: &str, episodes: i64, seconds: i64, per_hour: f64) {
    let built = std::env::current_exe().and_then(std::fs::metadata).unwrap();
    let built = built
        .modified()
        .unwrap()
        .duration_since(UNIX_EPOCH)
        .unwrap();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("false-episodes-{what}-{}", built.as_nanos()));
    let mut ledger: BTreeMap<u64, (i64, i64)> = match std::fs::read_to_string(&path) {
        Ok(text) => rounds(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => panic!("{}: {error}", path.display()),
    };
    ledger.insert(soak::seed(0), (episodes, seconds));
    let line =
        |(seed, (episodes, seconds)): (&u64, &(i64, i64))| format!("{seed} {episodes} {seconds}\n");
    std::fs::write(&path, ledger.iter().map(line).collect::<String>()).unwrap();
    let total: i64 = ledger.values().map(|(episodes, _)| episodes).sum();
    let hours = ledger.values().map(|(_, seconds)| seconds).sum::<i64>() as f64 / 3600.0;
    let expected = per_hour * hours;
    let allowed = expected + 3.0 * expected.sqrt();
    assert!(
        total as f64 <= allowed,
        "{what}: {total} episodes in {hours} h, {allowed:.1} allowed"
    );
}

/// Seed, episodes and seconds of each round.
fn rounds(text: &str) -> BTreeMap<u64, (i64, i64)> {
    let round = |line: &str| {
        let (seed, rest) = line.split_once(' ').unwrap();
        let (episodes, seconds) = rest.split_once(' ').unwrap();
        let counts = (episodes.parse().unwrap(), seconds.parse().unwrap());
        (seed.parse().unwrap(), counts)
    };
    text.lines().map(round).collect()
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

/// A panel all of whose series burst: rare, and the hardest family. Start-up is bounded, afterwards the budget holds.
#[test]
fn false_episodes_bursty_after_start_up() {
    let seconds = START_UP_S + i64::from(soak::cases(1800));
    let (early, late) = count(World::Bursty, seconds);
    if soak::seed(0) != 0 {
        // Twenty in ten minutes are 120 an hour.
        within_the_rate("Bursty-early", early, START_UP_S, 120.0);
        return within_the_rate("Bursty", late, seconds - START_UP_S, 1.0);
    }
    assert!(early <= 20, "{early} episodes in the first ten minutes");
    let allowed = ((seconds - START_UP_S) / 3600).max(1);
    assert!(
        late <= allowed,
        "{late} episodes after start-up, {allowed} allowed"
    );
}
