//! False episodes per hour and detection delays, by seeded simulation.
//!
//! `cargo run --release -p voidstate-anomaly --example simulate -- [false|delay] [HOURS] [FIRST_SEED]`

#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own: it takes arguments and measures"
)]
#![expect(
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program that prints tables"
)]

use std::time::Instant;

use voidstate_anomaly::{EpisodeEvent, Panel, PanelConfig};

#[path = "../tests/it/worlds.rs"]
mod worlds;
use worlds::{Fault, Stream, World};

const SERIES: usize = 150;
const SECOND_NS: i64 = 1_000_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let what = args.first().map_or("all", String::as_str);
    let hours: i64 = args.get(1).map_or(Ok(4), |h| h.parse())?;
    let seed: u64 = args.get(2).map_or(Ok(1), |s| s.parse())?;
    if what != "delay" {
        println!(
            "| family | hours | false episodes | first 10 min | per hour |\n|---|---|---|---|---|"
        );
        for world in World::ALL {
            false_episodes(world, hours, seed)?;
        }
    }
    if what != "false" {
        println!("| fault | on | runs | found | median delay | 90 % |\n|---|---|---|---|---|---|");
        for (name, world, fault) in FAULTS {
            for after in [40, 300, 3000] {
                delays(name, world, fault, after)?;
            }
        }
    }
    Ok(())
}

fn false_episodes(world: World, hours: i64, seed: u64) -> Result<(), Box<dyn std::error::Error>> {
    let mut panel = Panel::new(PanelConfig {
        series_min: SERIES,
        ..PanelConfig::default()
    })?;
    let mut streams: Vec<Stream> = (0..SERIES)
        .map(|i| Stream::new(world, seed + i as u64))
        .collect();
    let (mut episodes, mut early) = (0, 0);
    let start = Instant::now();
    for second in 0..hours * 3600 {
        for (series, stream) in streams.iter_mut().enumerate() {
            let outcome = panel.observe(series, second * SECOND_NS, stream.draw())?;
            if let Some(EpisodeEvent::Opened(episode)) = outcome.event {
                episodes += 1;
                early += i32::from(second < 600);
                if std::env::var_os("VERBOSE").is_some() {
                    println!("{second} {episode:?}");
                }
            }
        }
    }
    let rate = f64::from(episodes) / hours as f64;
    let ns = start.elapsed().as_nanos() as f64 / (hours * 3600) as f64 / SERIES as f64;
    println!("| {world:?} | {hours} | {episodes} | {early} | {rate:.2} | ({ns:.0} ns)");
    Ok(())
}

const FAULTS: [(&str, World, Fault); 11] = [
    ("CPU burner (+0.5)", World::IdleCpu, Fault::Step(0.5)),
    ("CPU burner (+1)", World::IdleCpu, Fault::Step(1.0)),
    ("500 MB allocated at once", World::Memory, Fault::Step(5e8)),
    (
        "500 MB allocated over 10 s",
        World::Memory,
        Fault::Ramp(5e7),
    ),
    ("disk writer 300 MB/s", World::Bursty, Fault::Step(3e8)),
    ("step of 5 sigma", World::Gaussian, Fault::Step(25.0)),
    ("step of 3 sigma", World::Gaussian, Fault::Step(15.0)),
    (
        "ramp of 1 sigma per sample",
        World::Gaussian,
        Fault::Ramp(5.0),
    ),
    (
        "burst of 8 sigma, 8 samples",
        World::Gaussian,
        Fault::Burst(40.0),
    ),
    ("noise times 6", World::Gaussian, Fault::Spread(50.0, 6.0)),
    ("step of 5 sigma", World::Ar1, Fault::Step(11.5)),
];

fn delays(
    name: &str,
    world: World,
    fault: Fault,
    after: i64,
) -> Result<(), Box<dyn std::error::Error>> {
    let runs = 100;
    let mut found = Vec::new();
    for seed in 0..runs {
        // The other series of the panel are quiet: what matters of them is their share of the budget.
        let mut panel = Panel::new(PanelConfig {
            series_min: SERIES,
            ..PanelConfig::default()
        })?;
        let mut stream = Stream::new(world, 1000 + seed);
        for second in 0..after + 120 {
            let clean = stream.draw();
            let age = second - after;
            let value = if age >= 0 {
                fault.apply(clean, age.unsigned_abs())
            } else {
                clean
            };
            let outcome = panel.observe(0, second * SECOND_NS, value)?;
            if age >= 0 && matches!(outcome.event, Some(EpisodeEvent::Opened(_))) {
                found.push(age);
                break;
            }
        }
    }
    found.sort_unstable();
    let at = |q: f64| {
        found
            .get((found.len() as f64 * q) as usize)
            .map_or("-".into(), |d| format!("{d} s"))
    };
    println!(
        "| {name} | {world:?} after {after} s | {runs} | {} | {} | {} |",
        found.len(),
        at(0.5),
        at(0.9)
    );
    Ok(())
}
